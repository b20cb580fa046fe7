#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows how far a ctest run is, from its output on standard input: one line for each failure, one for each half minute."""

import re
import sys
import time

DONE = re.compile(r"^ *(\d+)/(\d+) Test +#\d+: (\S+) \.*(.*)$")
INTERVAL_S = 30


def main() -> int:
    last = time.monotonic()
    for line in sys.stdin:
        match = DONE.match(line.rstrip())
        if not match:
            continue
        number, total, name, outcome = match.groups()
        if "Failed" in outcome or "Timeout" in outcome or "Exception" in outcome:
            print(f"test: {number}/{total} {name}: {outcome.strip('* ')}", flush=True)
        elif time.monotonic() - last >= INTERVAL_S:
            last = time.monotonic()
            print(f"test: {number}/{total}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
