#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints how many lines of a room its tests execute.

usage: coverage.py [--build FOLDER] [--least PERCENT] ROOM

ROOM is a folder of the repository, such as src/decide. FOLDER (build/cov) was configured with -DCMAKE_CXX_FLAGS=--coverage, and the
tests that count have been run there. A line counts once, however many programs contain it. Exit status 1 if less than PERCENT (0)
of all lines was executed.
"""

import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def gcov_reports(build: pathlib.Path):
    """What gcov knows of each object file that was run."""
    for counts in sorted(build.rglob("*.gcda")):
        found = subprocess.run(["gcov", "--json-format", "--stdout", str(counts)], cwd=build, capture_output=True, text=True,
                               check=False)
        if found.returncode != 0:
            raise SystemExit(f"coverage: gcov fails for {counts}: {found.stderr.strip()}")
        yield json.loads(found.stdout)


def merge(reports, root: pathlib.Path, room: str) -> dict[str, dict[int, int]]:
    """File of the room -> line -> how often it was executed."""
    lines: dict[str, dict[int, int]] = {}
    for report in reports:
        for entry in report["files"]:
            path = (pathlib.Path(report["current_working_directory"]) / entry["file"]).resolve()
            if not path.is_relative_to(root / room):
                continue
            counts = lines.setdefault(str(path.relative_to(root)), {})
            for line in entry["lines"]:
                number = line["line_number"]
                counts[number] = counts.get(number, 0) + line["count"]
    return lines


def ranges(numbers: list[int]) -> str:
    """`3-5, 9` for 3, 4, 5 and 9."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and parts[-1][1] + 1 == number:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def percent(counts: dict[int, int]) -> float:
    return 100 * sum(1 for count in counts.values() if count > 0) / len(counts) if counts else 100.0


def table(lines: dict[str, dict[int, int]]) -> list[str]:
    """A row per file, the least covered first, then the sum."""
    rows = []
    for name, counts in sorted(lines.items(), key=lambda item: (percent(item[1]), item[0])):
        if not counts:
            continue
        missed = ranges([number for number, count in counts.items() if count == 0])
        rows.append(f"{percent(counts):5.1f} % of {len(counts):4} lines  {name}" + (f": not {missed}" if missed else ""))
    return rows + [f"{percent(together(lines)):5.1f} % of {len(together(lines)):4} lines  in all"]


def together(lines: dict[str, dict[int, int]]) -> dict:
    return {(name, number): count for name, counts in lines.items() for number, count in counts.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "cov", metavar="FOLDER")
    parser.add_argument("--least", type=float, default=0, metavar="PERCENT")
    parser.add_argument("room", metavar="ROOM")
    arguments = parser.parse_args()
    lines = merge(gcov_reports(arguments.build.resolve()), ROOT, arguments.room)
    if not lines:
        print(f"coverage: no program of {arguments.build} that contains {arguments.room} was run", file=sys.stderr)
        return 1
    print("\n".join(table(lines)))
    return 0 if percent(together(lines)) >= arguments.least else 1


if __name__ == "__main__":
    sys.exit(main())
