#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Finds comments and documents that name a file which is not there.

usage: check_comments.py [--root REPOSITORY] [PATH...]

Reads the comments of the tracked C++, CUDA, Python, shell and CMake files, and the links and the text in backticks of the
Markdown files. A name like `kinds.h` or `machine/kinds.h` must be the end of a tracked file's path, or a path from the file that
names it; a link must be such a path. Names with a word in capitals (`apps/NAME/main.cpp`) are placeholders. tools/comments.toml
lists the names of other projects and of examples. Prints one line per name, then their number; exit status 1 if there are any.
"""

import argparse
import pathlib
import posixpath
import re
import sys
import tomllib

import source_text

ENDINGS = "h|hpp|hh|cpp|cc|cu|cuh|py|sh|md|toml|cmake|def|mapping|in"
NAME = re.compile(rf"(?<![\w./*{{}}<>$%~@-])((?:\.\.?/)*\w[\w./-]*\.(?:{ENDINGS})|(?:[\w.-]+/)*CMakeLists\.txt)"
                  r"(?![\w*<{/(-]|\.\w)")
BACKTICKS = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PLACEHOLDER = re.compile(r"(?:^|/)[A-Z]+[/.](?!md$)")  # As in apps/NAME/mappings/expert.mapping.
FENCE = re.compile(r"(?ms)^[ \t]*```.*?^[ \t]*```[ \t]*$")
ADDRESS = re.compile(r"\b[a-z]+://\S+")


def markdown_parts(text: str) -> list[tuple[int, str]]:
    """(line, text) of what stands in backticks, outside of blocks."""
    text = without_blocks(text)
    return [(source_text.line_of(text, match.start()), match[1]) for match in BACKTICKS.finditer(text)]


def without_blocks(text: str) -> str:
    return FENCE.sub(lambda match: "\n" * match[0].count("\n"), text)


def lost_links(name: str, text: str, paths: set[str]) -> list[tuple[int, str]]:
    """(line, target) of the links of a Markdown file that lead nowhere; `paths` are the files and folders."""
    found = []
    text = without_blocks(text)
    for match in LINK.finditer(text):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[1]))
        if not ADDRESS.match(match[1]) and not match[1].startswith("mailto:") and target not in paths:
            found.append((source_text.line_of(text, match.start()), match[1]))
    return found


def parts_of(name: str, text: str) -> list[tuple[int, str]]:
    """(line, text) of what may name files in one file."""
    if name.endswith(".md"):
        return markdown_parts(text)
    if name.endswith(source_text.CPP):
        return source_text.cpp_comments(text)
    if name.endswith(".py"):
        return source_text.python_comments(text)
    if name.endswith((".sh", ".cmake", "CMakeLists.txt")):
        return source_text.hash_comments(text)
    return []


def endings(names: list[str]) -> set[str]:
    """Every path and every end of one that begins at a folder or file."""
    found = set()
    for name in names:
        parts = name.split("/")
        found |= {"/".join(parts[first:]) for first in range(len(parts))}
    return found


def lost_names(name: str, text: str, known: set[str], allowed: set[str]) -> list[tuple[int, str]]:
    """(line, file) of the files that are named and not there."""
    found = []
    for first, part in parts_of(name, text):
        part = ADDRESS.sub(lambda match: " " * len(match[0]), part)
        for match in NAME.finditer(part):
            file = match[1]
            from_here = posixpath.normpath(posixpath.join(posixpath.dirname(name), file))
            if PLACEHOLDER.search(file):
                continue
            if not {file, from_here, file.removeprefix("./")} & (known | allowed) and posixpath.basename(file) not in allowed:
                found.append((first + part.count("\n", 0, match.start()), file))
    return sorted(set(found))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files or folders, relative to the repository")
    arguments = parser.parse_args()
    table = tomllib.loads((arguments.root / "tools" / "comments.toml").read_text(encoding="utf-8"))
    allowed = {name for group in table.values() for name in group["names"]}
    names = source_text.tracked_files(arguments.root)
    known = endings(names)
    paths = {"."} | {path for name in names for path in (name, *map(str, pathlib.PurePosixPath(name).parents))}
    prefixes = tuple(path.rstrip("/") for path in arguments.paths)
    count = 0
    for name in names:
        if prefixes and not any(name == prefix or name.startswith(prefix + "/") for prefix in prefixes):
            continue
        text = source_text.read(arguments.root / name)
        lost = lost_names(name, text, known, allowed) + (lost_links(name, text, paths) if name.endswith(".md") else [])
        for line, file in sorted(lost):
            print(f"{name}:{line}: no file `{file}`")
            count += 1
    print(f"check_comments: {count} names of files that are not there")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
