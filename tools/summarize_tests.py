#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what failed and what was skipped in a ctest run, then one line `N passed, N failed[, N skipped]`.

usage: summarize_tests.py RESULTS.xml OUTPUT.txt
"""

import sys
import xml.etree.ElementTree as ElementTree


def main() -> int:
    results, output = sys.argv[1:3]
    try:
        cases = ElementTree.parse(results).getroot().findall("testcase")
    except (OSError, ElementTree.ParseError) as error:
        print(open(output, encoding="utf-8", errors="replace").read())
        print(f"summarize_tests: no usable results: {error}", file=sys.stderr)
        return 1

    failed = [case for case in cases if case.get("status") == "fail"]
    skipped = [case for case in cases if case.get("status") in ("notrun", "disabled")]
    for case in failed:
        print(f"FAILED {case.get('name')}")
        print((case.findtext("system-out") or "").rstrip()[-6000:])
    for case in skipped:
        print(f"SKIPPED {case.get('name')}: {skip_reason(case)}")

    passed = len(cases) - len(failed) - len(skipped)
    line = f"{passed} passed, {len(failed)} failed"
    if skipped:
        line += f", {len(skipped)} skipped"
    print(line)
    return 0


def skip_reason(case: ElementTree.Element) -> str:
    """The line of a test's output that says why it was skipped."""
    lines = (case.findtext("system-out") or "").splitlines()
    reasons = [line.strip() for line in lines if "skip" in line.lower()]
    return reasons[-1] if reasons else "no reason given"


if __name__ == "__main__":
    sys.exit(main())
