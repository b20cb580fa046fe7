#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that docs/environment.md lists exactly the environment variables PLACEWRIGHT_* that programs and scripts read.

usage: check_environment.py [REPOSITORY]      exit status 1 and one line per violation when there are any

A variable is read where its name is a string of its own in C++ or Python, or is expanded in a shell script. CMake's variables and
the macros that CMake defines have the same prefix but are no strings.
"""

import pathlib
import re
import sys

import source_text

STRING = re.compile(r'"(PLACEWRIGHT_[A-Z_]+)"')
EXPANSION = re.compile(r"\$\{?(PLACEWRIGHT_[A-Z_]+)")
ROW = re.compile(r"^\| `(PLACEWRIGHT_[A-Z_]+)` \|", re.MULTILINE)
FOLDERS = ("src/", "virtual_gpu/", "timing/", "include/", "apps/", "scripts/", "bench/", "tests/e2e/", "tests/llm/")
# Strings that are not variables, each with its reason.
OTHER_STRINGS = {"PLACEWRIGHT_CHECK": "a macro's name, which codegen must not take"}
DOCUMENT = "docs/environment.md"


def variables_read(root: pathlib.Path) -> dict[str, str]:
    """Each variable, with the first file that reads it."""
    found: dict[str, str] = {}
    for file in source_text.tracked_files(root):
        if not file.startswith(FOLDERS):
            continue
        if file.endswith((*source_text.CPP, ".py")):
            pattern = STRING
        elif file.endswith(".sh"):
            pattern = EXPANSION
        else:
            continue
        for name in pattern.findall(source_text.read(root / file)):
            if name not in OTHER_STRINGS:
                found.setdefault(name, file)
    return found


def check(root: pathlib.Path) -> list[str]:
    """One line per violation."""
    read = variables_read(root)
    listed = set(ROW.findall((root / DOCUMENT).read_text(encoding="utf-8")))
    problems = [f"{read[name]}: reads {name}, which {DOCUMENT} does not list" for name in sorted(set(read) - listed)]
    problems += [f"{DOCUMENT}: lists {name}, which nothing reads" for name in sorted(listed - set(read))]
    if not read:
        problems.append(f"{root}: no variables found")
    return problems


def main() -> int:
    problems = check(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
