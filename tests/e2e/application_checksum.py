# SPDX-License-Identifier: Apache-2.0
"""Runs an application once on its smallest input. Its own verification must pass, and it must print
one checksum: the one that --expect names, if it does. Arguments: placewright, the application, then
arguments of both, split by `--`."""

import re
import sys

from harness import run_again_after_race


def main() -> int:
    placewright, application, *rest = sys.argv[1:]
    split = rest.index("--")
    options, arguments = rest[:split], rest[split + 1:]
    expected = None
    if "--expect" in options:
        at = options.index("--expect")
        expected = options[at + 1]
        del options[at:at + 2]
    command = [placewright, "run", *options, "--", application, "-input", "test", "-verify",
               *arguments]
    print(" ".join(command), flush=True)
    run = run_again_after_race(command, timeout=240)
    print(run.stdout, run.stderr, sep="\n")
    # One line however many processes: several would mean separate copies of the program.
    sums = re.findall(r"CHECKSUM = (\w+)", run.stdout)
    times = re.findall(r"ELAPSED TIME = ([0-9.]+) s", run.stdout)
    if run.returncode != 0 or "VERIFICATION = passed" not in run.stdout:
        print(f"FAILED: exit status {run.returncode}, or no verification")
        return 1
    if len(sums) != 1 or len(times) != 1 or (expected and sums != [expected]):
        print(f"FAILED: checksums {sums}, expected one {expected or ''}; times {times}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
