#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether each point of the measured rates in machine files follows from the others of its curve.

usage: bench/gpu/curves.py MACHINE_FILE...

Every inner point is predicted from its two neighbours as the model does it, on a straight line in logarithmic axes, and may be
off by 10 %. A curve with fewer than three points is unverified: an assumption about all other footprints. The two ends of a
curve are never verified. Exit status 1 if a point is further off.
"""

import math
import pathlib
import sys
import tomllib

MOST_ERROR = 0.10
PATTERNS = ("stream_read", "stream_write", "irregular", "atomic")
UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "B": 1}


def size(text: str) -> int:
    unit = next(unit for unit in UNITS if text.endswith(unit))
    return int(text.removesuffix(unit)) * UNITS[unit]


def predicted(before: tuple[float, float], at: float, after: tuple[float, float]) -> float:
    """The rate at a footprint between two points."""
    part = math.log(at / before[0]) / math.log(after[0] / before[0])
    return before[1] * (after[1] / before[1]) ** part


def errors(points: list[tuple[float, float]]) -> list[float]:
    """By inner point: how far the prediction is off, relative to what was measured."""
    return [predicted(before, at[0], after) / at[1] - 1 for before, at, after in zip(points, points[1:], points[2:])]


def verdicts(machine: dict) -> list[tuple[str, str, bool]]:
    """Curve, what is known of it, and whether it is as it should be."""
    found = []
    for processor, memories in machine.get("access", {}).items():
        for memory, curves in memories.items():
            for pattern in (pattern for pattern in PATTERNS if pattern in curves):
                points = sorted((size(point["footprint"]), point["value"]) for point in curves[pattern]["points"])
                name = f"{processor}.{memory}.{pattern}"
                if len(points) < 3:
                    found.append((name, f"unverified: {len(points)} footprint{'s' * (len(points) > 1)}", True))
                    continue
                worst = max(errors(points), key=abs)
                found.append((name, f"{len(points) - 2} points, the worst {100 * worst:+.1f} %", abs(worst) <= MOST_ERROR))
    return found


def main(paths: list[str]) -> int:
    if not paths or paths[0].startswith("-"):
        print(__doc__)
        return 2
    is_well = True
    for path in paths:
        for name, text, good in verdicts(tomllib.loads(pathlib.Path(path).read_text(encoding="utf-8"))):
            print(f"{path}: {name}: {text}{'' if good else ', more than 10 %'}")
            is_well &= good
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
