#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs golden cases: a file whose first line says `# RUN: check %s`, and beside it the expected output.

    golden.py --program build/dev/bin/placewright [--update] tests/golden/check/*.mapping

`%s` is the case's path relative to tests/golden, the folder in which the command runs; `< %s` makes it standard input. The expected file holds the exit
status, stdout and stderr. A case is named `fail_...` exactly when its command fails. Exit status 1 if a case differs.
"""
import argparse
import difflib
import os
import pathlib
import shlex
import subprocess
import sys

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden"
MARKER = "# RUN: "
TIMEOUT_S = 120


def command_of(case, program):
    with open(case, encoding="utf-8", errors="surrogateescape") as file:
        first = file.readline().rstrip("\n")
    if not first.startswith(MARKER):
        sys.exit(f"{case}: the first line must begin with `{MARKER}`")
    line = first[len(MARKER):]
    command = line.removesuffix("< %s")
    name = str(case.relative_to(GOLDEN))
    return [program, *(word.replace("%s", name) for word in shlex.split(command))], command != line


def run(case, program):
    command, reads_case = command_of(case, program)
    with open(case if reads_case else os.devnull, "rb") as stdin:
        result = subprocess.run(command, cwd=GOLDEN, stdin=stdin, capture_output=True, timeout=TIMEOUT_S, check=False)
    streams = [stream.decode(errors="surrogateescape") for stream in (result.stdout, result.stderr)]
    return result.returncode, f"exit {result.returncode}\n--- stdout\n{streams[0]}--- stderr\n{streams[1]}"


def check(case, program, update):
    status, actual = run(case, program)
    if status not in (0, 1, 2):
        print(f"{case}: the program ended with status {status}")
        return False
    if case.name.startswith("fail_") != (status != 0):
        print(f"{case}: a case is named fail_... exactly when its command fails, and this one ended with {status}")
        return False
    path = case.with_suffix(".expected")
    if update:
        path.write_text(actual, encoding="utf-8", errors="surrogateescape")
        return True
    if not path.exists():
        print(f"{path} is missing; write it with the target update-golden and read it")
        return False
    expected = path.read_text(encoding="utf-8", errors="surrogateescape")
    if actual == expected:
        return True
    sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), actual.splitlines(True), str(path), "found"))
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--update", action="store_true", help="write the expected files")
    parser.add_argument("cases", nargs="+", type=lambda path: pathlib.Path(path).resolve())
    arguments = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")
    failed = [case for case in arguments.cases if not check(case, arguments.program, arguments.update)]
    for case in failed:
        print(f"golden: {case.relative_to(GOLDEN)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
