"""Keeps results in docs/benchmarks.md: a row for each, and the newest page in full."""

import time

COLUMNS = ("us/call", "/ relay", "/ Kamailio", "growth", "KiB/call", "parse ns", "storm max ms",
           "instructions")
HEAD = """# Benchmarks

Made by `scripts/bench.sh --record`. What is measured, and how: [benchmarking](operating/benchmarking.md).
*us/call* is min / median / max of the rounds with 64 calls in set-up; compare ratios, not
microseconds, between rows: machines differ, and so does what else they do.

"""
PAGE = "\n## Newest page\n\n```\n"


def row_of(page, head, arguments):
    command = "scripts/bench.sh " + " ".join(arguments)
    cells = [head["commit"], time.strftime("%Y-%m-%d", time.gmtime()), head["machine"],
             *(page.history.get(c, "") for c in COLUMNS), f"`{command.strip()}`"]
    return "| " + " | ".join(cells) + " |"


def rows_in(path):
    try:
        with open(path) as file:
            lines = file.read().split(PAGE)[0].splitlines()
    except OSError:
        return []
    return [line for line in lines if line.startswith("| ")][2:]


def record(path, page, head, arguments):
    titles = ("commit", "date", "machine", *COLUMNS, "command")
    rows = rows_in(path) + [row_of(page, head, arguments)]
    table = ["| " + " | ".join(titles) + " |", "| " + " | ".join("---" for _ in titles) + " |", *rows]
    with open(path, "w") as file:
        file.write(HEAD + "\n".join(table) + "\n" + PAGE + page.text().rstrip() + "\n```\n")
