#!/usr/bin/env python3
"""Measures the switch beside a bare relay and Kamailio and prints one page (scripts/bench.sh).

All traffic stays on 127.0.10.0/24. CPU time is counted, not the time of the clock, so that other work on
the machine disturbs little; what counts are the ratios of servers measured in turn."""

import argparse
import dataclasses
import fcntl
import os
import sys
import tempfile
import time

import history
import phases
import registration
from keepalive import keepalive
from page import Page, commit, machine
from processes import stop_all
from refresh import refresh
from routing import routing
from tools import Tools, Windows

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PHASES = ("parsing", "comparison", "growth", "held", "keepalive", "registration", "refresh",
          "routing", "instructions")


@dataclasses.dataclass
class Scale:
    rounds: int = 5
    calls: int = 15_000
    calls_of_kamailio: int = 5_000
    levels: tuple = (1_000, 10_000, 100_000)
    rate: int = 2_000            # calls per second that go up
    group: int = 1_000
    settle: float = 34.0         # 64*T1, and a little
    seconds_to_end: int = 200    # of the held calls, from the first
    storm_seconds: int = 15
    storm_calls: int = 3_000
    storm_rate: int = 250
    parse_seconds: float = 0.5
    contacts: int = 200_000
    keep_alive_period: int = 30
    instruction_calls: tuple = (200, 1_200)
    timed_calls: int = 100_000   # with session timers
    session: int = 600
    refresh_seconds: float = 62.0  # an interval, and a little: each leg is refreshed in it
    registered: int = 50_000     # phones
    contacts_each: int = 10
    registrations: int = 10_000  # of a window
    prefixes: int = 10_000_000
    changes: int = 10
    change_seconds: int = 20


SMOKE = Scale(rounds=1, calls=300, calls_of_kamailio=200, levels=(20, 60, 200), rate=100, group=50,
              settle=0.2, seconds_to_end=12, storm_seconds=4, storm_calls=200, storm_rate=100,
              parse_seconds=0.01, contacts=1_000, keep_alive_period=10, instruction_calls=(20, 60),
              timed_calls=100, session=90, refresh_seconds=10.0,
              registered=50, contacts_each=5, registrations=20,
              prefixes=20_000, changes=2, change_seconds=2)


def read_arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench.sh", description=__doc__)
    parser.add_argument("--build", required=True, help="build directory with the programs")
    parser.add_argument("--smoke", action="store_true",
                        help="a few calls of everything: that it works, no judgement on time")
    parser.add_argument("--record", action="store_true", help="add the result to docs/benchmarks.md")
    parser.add_argument("--rounds", type=int, help="rounds of each comparison (5)")
    parser.add_argument("--only", nargs="+", choices=PHASES, help="these parts")
    return parser.parse_args()


def given(arguments):
    """The arguments without the build directory, which scripts/bench.sh adds."""
    at = arguments.index("--build") if "--build" in arguments else len(arguments)
    return arguments[:at] + arguments[at + 2:]


def measure(arguments, scale, work):
    begin = time.monotonic()

    def say(text):
        print(f"[{int(time.monotonic() - begin) // 60:02}:{int(time.monotonic() - begin) % 60:02}] {text}",
              file=sys.stderr, flush=True)

    wanted = arguments.only or [p for p in PHASES if p != "instructions"]
    tools = Tools(arguments.build, work)
    windows, page = Windows(tools), Page(ROOT)
    levels = {}
    if "parsing" in wanted:
        say("parsing")
        parsed = phases.parsing(tools, scale)
    if "comparison" in wanted:
        say("calls through relay, tandem and Kamailio in turn")
        page.comparison(phases.comparison(tools, windows, work, scale))
    if "growth" in wanted:
        say("calls beside few that are up")
        levels = phases.small_growth(tools, windows, work, scale)
    if "held" in wanted:
        found = phases.held(tools, windows, work, scale, say)
        page.memory(found["memory"])
        if found["growth"]:
            levels[scale.levels[-1]] = found["growth"]
    if "keepalive" in wanted:
        say(f"keep-alive of {scale.contacts:,} contacts")
        kept = keepalive(tools, work, scale)
    if len(levels) > 1:
        page.growth(levels)
    if "parsing" in wanted:
        page.parsing(parsed)
    if "held" in wanted:
        page.storm(found["storm"])
    if "keepalive" in wanted:
        page.keepalive(kept)
    if "registration" in wanted:
        page.registration(registration.measure(tools, work, scale, say), scale)
    if "refresh" in wanted:
        page.refresh(refresh(tools, work, scale, say))
    if "routing" in wanted:
        page.routing(routing(tools, windows, work, scale, say))
    if "instructions" in wanted:
        say("instructions")
        page.instructions(phases.instructions(tools, work, scale))
    page.discarded(windows)
    return page


def main():
    arguments = read_arguments()
    scale = SMOKE if arguments.smoke else Scale()
    if arguments.rounds:
        scale.rounds = arguments.rounds
    with (open(os.path.join(tempfile.gettempdir(), "tandem-bench.lock"), "w") as turn,
          tempfile.TemporaryDirectory(prefix="tandem-bench-") as work):
        fcntl.flock(turn, fcntl.LOCK_EX)  # one after the other: they use the same addresses
        try:
            page = measure(arguments, scale, work)
        finally:
            stop_all()
    text = page.text()
    if arguments.smoke:
        if page.broken:
            print(text)
            return 1
        print("bench smoke: every part ran, every message and every record was there")
        return 0
    print(text, end="")
    out = os.path.join(arguments.build, "bench.txt")
    with open(out, "w") as file:
        file.write(text)
    print(f"\nThis page is in {os.path.relpath(out, ROOT)}.")
    if arguments.record:
        head = {"commit": commit(ROOT), "machine": machine()}
        history.record(os.path.join(ROOT, "docs", "benchmarks.md"), page, head, given(sys.argv[1:]))
    return 0 if page.missed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
