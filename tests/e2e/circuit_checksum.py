"""Runs circuit once and compares its checksum with the one that every mapping, process count and
processor kind must give. Arguments: placewright, circuit, then arguments of both, split by `--`."""

import re
import sys

from harness import run_again_after_race

# Of `-input test`; the sequential program (-verify) finds the same.
EXPECTED = "e1fbaea3891e6c28"


def main() -> int:
    placewright, circuit, *rest = sys.argv[1:]
    split = rest.index("--")
    command = [placewright, "run", *rest[:split], "--", circuit, "-input", "test", "-verify",
               *rest[split + 1:]]
    print(" ".join(command), flush=True)
    run = run_again_after_race(command, timeout=240)
    print(run.stdout, run.stderr, sep="\n")
    # One line however many processes: several would mean separate copies of the program.
    sums = re.findall(r"CHECKSUM = (\w+)", run.stdout)
    times = re.findall(r"ELAPSED TIME = ([0-9.]+) s", run.stdout)
    if run.returncode != 0 or "VERIFICATION = passed" not in run.stdout:
        print(f"FAILED: exit status {run.returncode}, or no verification")
        return 1
    if sums != [EXPECTED] or len(times) != 1:
        print(f"FAILED: checksums {sums}, expected one {EXPECTED}; times {times}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
