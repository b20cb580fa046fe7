#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds files, functions and commit subjects to the limits that CONTRIBUTING.md names.

usage: check_limits.py [--root REPOSITORY] [--commits BASE]

A header has at most 150 lines, a source 400, a function of src/, apps/, virtual_gpu/ and timing/ 60 from its first line to its
closing brace. The subject of a commit after BASE has at most 60 characters. tools/limits.toml names the exceptions with reasons;
one that is no longer needed is a mistake too. Exit status 1 if there are mistakes.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tomllib

import source_text

HEADER_LINES = 150
SOURCE_LINES = 400
FUNCTION_LINES = 60
SUBJECT_CHARACTERS = 60
FUNCTION_FOLDERS = ("src/", "apps/", "virtual_gpu/", "timing/")

SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum)\b|^extern\s*$")
# What may stand between a function's parameters and its body.
TAIL = re.compile(r"\)\s*(?:(?:(?:const|noexcept|override|final|mutable|try)\b|&&?)\s*)*(?:->[^;{}]*)?$")
INITIALIZERS = re.compile(r"\)\s*(?:noexcept\s*)?:(?!:)")
NAME = re.compile(r"((?:[\w:~]|<[\w:, ]*>)*?(?:operator\s*(?:\(\)|[^\s\w(]+|[\w: ]+)|~?\w+))\s*\(")


def without_preprocessor(bare: str) -> str:
    """Blanks the preprocessor's lines."""
    return re.sub(r"(?m)^[ \t]*#(?:\\\n|[^\n])*", lambda match: re.sub(r"[^\n]", " ", match[0]), bare)


def closing(text: str, opening: int) -> int:
    """Offset of the brace that closes the one at `opening`, or the end of the text."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(text, opening):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.start()
    return len(text) - 1


def without_templates(head: str) -> str:
    """A declaration without `template <...>` and `[[...]]`."""
    head = re.sub(r"\[\[.*?\]\]", "", head, flags=re.DOTALL)
    while match := re.match(r"\s*template\s*<", head):
        depth, end = 1, match.end()
        while end < len(head) and depth > 0:
            depth += {"<": 1, ">": -1}.get(head[end], 0)
            end += 1
        head = head[end:]
    return head.strip()


def kind_of(head: str) -> str:
    """What a brace after this declaration opens: a scope, a function, or something inside of the declaration."""
    head = without_templates(head)
    if head.count("(") > head.count(")") or re.search(r"(?:=|\breturn|,)$", head):
        return "part"
    if INITIALIZERS.search(head) and re.search(r"[\w>]$", head) and not TAIL.search(head):
        return "part"
    if SCOPE.search(head) and "(" not in re.sub(r"\b(?:alignas|__attribute__)\s*\(+[^)]*\)+", "", head):
        return "scope"
    if TAIL.search(head) or (INITIALIZERS.search(head) and head.endswith(("}", ")"))):
        return "function"
    return "scope" if not head or re.fullmatch(r"extern", head) else "part"


def functions(text: str) -> list[tuple[str, int, int]]:
    """(name, first line, number of lines) of the functions outside of functions."""
    bare = without_preprocessor(source_text.bare_cpp(text))
    found = []
    begin = at = 0
    while match := re.compile(r"[{};]|\b(?:public|private|protected)\s*:").search(bare, at):
        at = match.end()
        head = bare[begin:match.start()]
        if match[0] != "{":
            if head.count("(") <= head.count(")") or match[0] == "}":
                begin = at
            continue
        kind = kind_of(head)
        if kind == "scope":
            begin = at
            continue
        at = closing(bare, match.start()) + 1
        if kind == "function":
            first = begin + len(head) - len(head.lstrip())
            name = NAME.search(without_templates(head))
            lines = bare.count("\n", first, at) + 1
            found.append((re.sub(r"\s+", " ", name[1]).strip() if name else "?", source_text.line_of(bare, first), lines))
            begin = at
    return found


def long_parts(name: str, text: str) -> dict[str, tuple[int, str]]:
    """What of one file is over its limit: `path` or `path:function` -> (line, message)."""
    found = {}
    lines = len(text.splitlines())
    limit = HEADER_LINES if name.endswith(source_text.CPP_HEADERS) else SOURCE_LINES
    if lines > limit:
        found[name] = (limit + 1, f"{lines} lines, more than {limit}")
    if name.startswith(FUNCTION_FOLDERS):
        for function, line, length in functions(text):
            if length > FUNCTION_LINES:
                found[f"{name}:{function}"] = (line, f"`{function}` has {length} lines, more than {FUNCTION_LINES}")
    return found


def check_files(root: pathlib.Path, allowed: dict[str, str]) -> list[str]:
    found = {}
    for name in source_text.tracked_files(root):
        if name.endswith(source_text.CPP):
            found |= {key: (name, *rest) for key, rest in long_parts(name, source_text.read(root / name)).items()}
    problems = [f"{name}:{line}: {message}" for key, (name, line, message) in found.items() if key not in allowed]
    problems += [f"tools/limits.toml: `{key}` is within its limit or gone: remove the entry" for key in allowed if key not in found]
    return problems + [f"tools/limits.toml: `{key}` has no reason" for key, reason in allowed.items() if not reason.strip()]


def check_subject(commit: str, subject: str) -> list[str]:
    problems = []
    if len(subject) > SUBJECT_CHARACTERS:
        problems.append(f"{commit}: the subject has {len(subject)} characters, more than {SUBJECT_CHARACTERS}: {subject}")
    if subject.startswith("room:"):
        problems.append(f"{commit}: the subject names no folder: {subject}")
    return problems


def check_commits(root: pathlib.Path, base: str) -> list[str]:
    log = subprocess.run(["git", "-C", str(root), "log", "--no-merges", "--format=%h %s", f"{base}..HEAD"], capture_output=True,
                         text=True, check=False)
    if log.returncode != 0:
        return [f"check_limits: `{base}` names no commit: {log.stderr.strip()}"]
    return [problem for line in log.stdout.splitlines() for problem in check_subject(*line.split(" ", 1))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--commits", metavar="BASE", help="check the subjects of the commits after this one too")
    arguments = parser.parse_args()
    allowed = tomllib.loads((arguments.root / "tools" / "limits.toml").read_text(encoding="utf-8"))["longer"]
    problems = check_files(arguments.root, allowed)
    if arguments.commits:
        problems += check_commits(arguments.root, arguments.commits)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
