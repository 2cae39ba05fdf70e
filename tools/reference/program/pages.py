#!/usr/bin/env python3
"""Writes docs/reference/cli.md and openapi.json: asks the programs.

    pages.py [--check] TANDEM TANDEM-OPENAPI DIRECTORY

With --check it compares instead, names the stale pages and exits with 1.
"""

import json
import os
import subprocess
import sys

HEAD = """# Commands of `tandem`

Made from the program itself; do not edit. `--data`, `--api` and `--json` hold for every command and may
stand before or after its name. A command finds the switch by its data directory (`--data`,
`TANDEM_DATA`) or by its address (`--api`, `TANDEM_API`); the token is read from the data directory, or
from `TANDEM_TOKEN`. `apply`, `export`, `gateway`, `param` and `cdr` also work when no switch runs.
Exit status: 0 done, 1 failed (the sentence is on the error stream), 2 wrong usage.
"""


def ask(*command):
    environment = {"PATH": os.environ["PATH"], "HOME": "/root", "COLUMNS": "100"}
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60,
                          env=environment).stdout


def verbs(help_text):
    """The names under "Subcommands:"."""
    names, inside = [], False
    for line in help_text.splitlines():
        if line == "Subcommands:":
            inside = True
        elif inside and line.startswith("  ") and not line.startswith("   "):
            names.append(line.split()[0])
    return names


def section(tandem, path):
    text = "\n".join(line.rstrip() for line in ask(tandem, *path, "--help").splitlines())
    title = " ".join(["tandem", *path])
    level = "#" * min(len(path) + 2, 3) if path else "##"
    page = f"\n{level} {title}\n\n```\n{text.rstrip()}\n```\n"
    return page + "".join(section(tandem, [*path, name]) for name in verbs(text))


def pages(tandem, openapi):
    document = json.loads(ask(openapi))
    return {
        "cli.md": HEAD + section(tandem, []),
        "openapi.json": json.dumps(document, indent=1, ensure_ascii=False) + "\n",
    }


def main(arguments):
    check = arguments[:1] == ["--check"]
    tandem, openapi, directory = arguments[1:] if check else arguments
    stale = 0
    for name, text in pages(os.path.abspath(tandem), os.path.abspath(openapi)).items():
        path = os.path.join(directory, name)
        if check:
            with open(path, encoding="utf-8") as file:
                if file.read() != text:
                    print(f"{path} is stale: run tools/reference/program/pages.py")
                    stale = 1
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
