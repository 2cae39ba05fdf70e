#!/usr/bin/env python3
"""Counts the tests of one run of ctest: each case of a GoogleTest program and of a Python test, and each
other test as one.

    results.py CTEST-JUNIT.xml GTEST-XML-DIRECTORY
Prints the names of what failed, each after "failed: ", and at last `N passed, N failed`.
"""

import os
import re
import sys
import xml.etree.ElementTree as ElementTree


def gtest_cases(path):
    """(name, failed) of each case; none when the program died before it could write the file."""
    try:
        suites = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError):
        return []
    return [(f"{case.get('classname')}.{case.get('name')}", case.find("failure") is not None)
            for case in suites.iter("testcase") if case.get("status") == "run"]


def python_cases(output):
    """How many tests unittest ran, and the names of those that failed."""
    ran = re.search(r"^Ran (\d+) tests? in", output, re.MULTILINE)
    failed = re.findall(r"^(?:FAIL|ERROR): (\S+)", output, re.MULTILINE)
    return (int(ran[1]) if ran else 0, sorted(set(failed)))


def count(junit, cases_directory):
    passed, failures = 0, []
    for test in ElementTree.parse(junit).getroot().iter("testcase"):
        name, good = test.get("name"), test.get("status") == "run"
        cases = gtest_cases(os.path.join(cases_directory, name + ".xml"))
        ran, failed = python_cases(test.findtext("system-out") or "")
        bad = [case for case, failing in cases if failing] + [f"{name}: {case}" for case in failed]
        if not good and not bad:
            bad = [name]  # it crashed, hung, leaked or could not start
        passed += len(cases) - sum(failing for _, failing in cases) if cases else (
            ran - len(failed) if ran else int(good))
        failures += bad
    return passed, failures


def main(junit, cases_directory):
    passed, failures = count(junit, cases_directory)
    for name in failures:
        print(f"failed: {name}")
    print(f"{passed} passed, {len(failures)} failed")


if __name__ == "__main__":
    main(*sys.argv[1:])
