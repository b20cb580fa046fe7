#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that every `#include "room/..."` in src/ is allowed by the table of rooms.

usage: check_layers.py [REPOSITORY]      exit status 1 and one line per violation when there are any
"""

import pathlib
import re
import sys

# A room may include itself and the rooms named here (ARCHITECTURE.md has the same table with reasons).
BASE = {"support"}
MACHINE = BASE | {"machine"}
LANG = MACHINE | {"lang"}
POLICY = LANG | {"policy"}
WORKLOAD = POLICY | {"workload"}
ALLOWED = {
    "support": set(),
    "llm": BASE,
    "machine": BASE,
    "lang": MACHINE,
    "policy": LANG,
    "codegen": POLICY,
    "workload": POLICY,
    "profile": WORKLOAD,
    "launch": WORKLOAD | {"profile"},
    "explain": WORKLOAD | {"launch", "profile"},
    "infer": WORKLOAD,
    "tune": WORKLOAD | {"explain", "launch", "profile"},
    "agent": WORKLOAD | {"explain", "launch", "llm", "profile", "tune"},
    "experiments": WORKLOAD | {"agent", "codegen", "explain", "infer", "launch", "llm", "profile", "tune"},
    "legion": WORKLOAD,
    "cli": WORKLOAD | {"agent", "codegen", "explain", "infer", "launch", "llm", "profile", "experiments", "tune"},
}
LEGION_HEADER = re.compile(r'#include\s+[<"](legion|realm|mappers)[./]')
LEGION_ROOMS = {"legion"}
INCLUDE = re.compile(r'^\s*#include\s+"([a-z_]+)/')


def check_file(path: pathlib.Path, name: str, room: str) -> list[str]:
    """Violations in one source file of a room."""
    problems = []
    lines = path.read_text(encoding="utf-8").splitlines()
    allowed = ALLOWED[room] | {room}
    for number, line in enumerate(lines, start=1):
        match = INCLUDE.match(line)
        if match and match.group(1) in ALLOWED and match.group(1) not in allowed:
            problems.append(f"{name}:{number}: room {room} may not include {match.group(1)}")
        if LEGION_HEADER.search(line) and room not in LEGION_ROOMS:
            problems.append(f"{name}:{number}: only src/legion may include Legion")
    return problems


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    problems = []
    checked = 0
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in (".h", ".cpp"):
            continue
        relative = path.relative_to(root / "src")
        room = relative.parts[0]
        name = str(path.relative_to(root))
        if room not in ALLOWED:
            problems.append(f"{name}: unknown room {room}")
            continue
        problems += check_file(path, name, room)
        checked += 1
    if checked == 0:
        problems.append(f"{root}: no source files found")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
