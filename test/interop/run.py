#!/usr/bin/env python3
"""The program `tandem` with the programs of others: sipp, baresip, Kamailio; and under kill -9, signals,
garbage and full disks.

    run.py PATH-TO-TANDEM [--list] [--keep] [--jobs N] [CASE...]

Each function of cases/*.py is a case: its first line says what holds. Every case has its own data
directory and its own loopback addresses, so they run side by side. The last line is `N passed, N failed`.
"""

import argparse
import concurrent.futures
import importlib
import inspect
import os
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from stage import Failed, Stage  # noqa: E402


def find_cases():
    """By name, the long ones first so that none is waited for at the end."""
    cases = {}
    for file in sorted(os.listdir(os.path.join(HERE, "cases"))):
        if not file.endswith(".py"):
            continue
        module = importlib.import_module("cases." + file[:-3])
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == module.__name__ and function.__doc__ \
                    and list(inspect.signature(function).parameters) == ["stage"]:
                cases[name] = function
    return dict(sorted(cases.items(), key=lambda case: -getattr(case[1], "seconds", 0)))


def run(name, function, options):
    """The line to print, and whether the case holds."""
    begun = time.monotonic()
    stage = None
    fault, folder = "", ""
    try:
        stage = Stage(os.path.abspath(options.tandem))
        folder = stage.folder
        function(stage)
    except Failed as failed:
        fault = str(failed)
    except Exception:  # a case that breaks has failed, and the others go on
        fault = traceback.format_exc()
    finally:
        if stage:
            stage.close(keep=options.keep)
    took = f"{time.monotonic() - begun:.1f} s"
    if fault:
        where = f"\n     kept in {folder}" if options.keep else ""
        return False, f"FAIL {name} ({took}): {fault.strip()}{where}"
    return True, f"ok   {name} ({took}): {inspect.getdoc(function).splitlines()[0]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tandem", help="the program")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="only these")
    parser.add_argument("--list", action="store_true", help="print the names of the cases")
    parser.add_argument("--keep", action="store_true", help="keep the folders of the cases")
    parser.add_argument("--jobs", type=int, default=4, help="so many side by side")
    options = parser.parse_intermixed_args()
    cases = find_cases()
    if options.list:
        for name, function in cases.items():
            print(f"{name}: {inspect.getdoc(function).splitlines()[0]}")
        return 0
    if unknown := [name for name in options.cases if name not in cases]:
        parser.error(f"there is no case {', '.join(unknown)}; --list names them")
    chosen = {name: cases[name] for name in options.cases} or cases

    passed, failed = 0, []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runs = {pool.submit(run, name, function, options): name for name, function in chosen.items()}
        for done in concurrent.futures.as_completed(runs):
            holds, line = done.result()
            print(line, flush=True)
            passed += holds
            failed += [] if holds else [runs[done]]
    for name in sorted(failed):
        print(f"failed: {name}")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
