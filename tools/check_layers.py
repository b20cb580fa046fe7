#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks every `#include` against the table of rooms in ARCHITECTURE.md.

usage: check_layers.py [REPOSITORY]      exit status 1 and one line per violation when there are any

The table's third column is read as it stands: names of rooms below src/ (`machine, support`), with `and below` also what those
rooms may include, `everything but ROOM`, `Legion`, folders in backticks, `system headers`, `anything`, or `-`. A room that lies
in another one (`src/lang/check/`) may include the files directly in the outer folder. `pastes ...` names what a room copies as
text. Within src/, one file each includes the libraries for JSON and TOML. Some things have one door: printing to the terminal, and
regular expressions (DOORS).
"""

import pathlib
import re
import sys

import source_text

ROW = re.compile(r"^\| `([\w/.]+)/` \|.*\| ([^|]*) \|$", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')
LEGION = re.compile(r"^(?:legion|realm|mappers)(?:/|\.h$|_defines\.h$)")
CODEGEN = "src/codegen"
# Libraries whose behaviour one file of src/ corrects for all others.
WRAPPED = {"nlohmann/json.hpp": "src/support/json_values.h", "toml++/toml.h": "src/support/toml.h"}

# What only some files of src/ may use, and what the others use in its place.
DOORS = (
    (re.compile(r"^\s*#\s*include\s*<regex>"), (), "searches outside text without a bound; use support/pattern.h"),
    (re.compile(r'\bfmt::print\((?:stdout|stderr|"|$)|\bstd::(?:cout|cerr|clog)\b|\b(?:fputs|fprintf|fwrite)\(.*\bstd(?:out|err)\b'),
     ("src/support/terminal.cpp", "src/support/check.cpp", "src/legion/preload.cpp", "src/legion/plain_host.cpp",
      "src/codegen/support/values.h"),
     "prints past for_terminal(); use support/terminal.h"),
)


class Room:
    """One row of the table. `allowed` and `pastes` are folders or files relative to the repository."""

    def __init__(self, folder: str, cell: str):
        self.folder = folder
        cell, _, pasted = cell.partition("; pastes ")
        self.words = [word.strip() for word in cell.replace(" and below", "").split(",") if word.strip() not in ("", "-")]
        self.below = " and below" in cell
        self.pastes = [f"src/{word.strip()}" for word in pasted.split(",") if word.strip()]
        self.allowed: set[str] = set()

    def may_include(self, word: str) -> bool:
        return word in self.words


def read_rooms(text: str, problems: list[str]) -> dict[str, Room]:
    """Folder -> room, with all that each may include."""
    rooms = {match[1]: Room(match[1], match[2]) for match in ROW.finditer(text)}
    for room in rooms.values():
        for word in room.words:
            name = word.strip("`").rstrip("/")
            if word in ("Legion", "system headers", "anything"):
                continue
            if word.startswith("everything but "):
                out = "src/" + word.removeprefix("everything but ")
                room.allowed |= {other for other in rooms if other.startswith("src/") and other not in (out, room.folder)}
            elif word.startswith("`") and name in rooms:
                room.allowed.add(name)
            elif f"src/{name}" in rooms:
                room.allowed.add(f"src/{name}")
            else:
                problems.append(f"ARCHITECTURE.md: `{room.folder}/` may include `{word}`, which is not a room of the table")
    expand(rooms, problems)
    return rooms


def expand(rooms: dict[str, Room], problems: list[str]) -> None:
    """Replaces `and below` by the rooms that it means, and finds circles."""
    done: set[str] = set()

    def visit(folder: str, path: list[str]) -> None:
        if folder in path:
            problems.append("ARCHITECTURE.md: a circle of rooms: " + " -> ".join([*path[path.index(folder):], folder]))
            return
        if folder in done:
            return
        room = rooms[folder]
        for other in sorted(room.allowed):
            visit(other, [*path, folder])
            if room.below and other in done:
                room.allowed |= rooms[other].allowed
        done.add(folder)

    for folder in rooms:
        visit(folder, [])


def room_of(name: str, rooms: dict[str, Room]) -> str | None:
    """The innermost room that holds a file."""
    parts = name.split("/")[:-1]
    while parts:
        folder = "/".join(parts)
        if folder in rooms:
            return folder
        parts.pop()
    return None


def within(name: str, folders: set[str] | list[str]) -> bool:
    return any(name == folder or name.startswith(folder + "/") for folder in folders)


def find_file(root: pathlib.Path, name: str, included: str) -> str | None:
    """The repository's file that an #include in `name` means."""
    for base in (pathlib.PurePosixPath(name).parent, "src", "apps", "virtual_gpu", "include", "."):
        path = pathlib.PurePosixPath(base) / included
        if (root / path).is_file():
            return (root / path).resolve().relative_to(root).as_posix()
    return None


def check_include(root: pathlib.Path, rooms: dict[str, Room], name: str, match: re.Match) -> str | None:
    """What is wrong with one #include, or None."""
    room = rooms[room_of(name, rooms)]
    included = match[1] or match[2]
    target = find_file(root, name, included) if match[1] or included.startswith("placewright/") else None
    if target is None:
        if name.startswith("src/") and name != WRAPPED.get(included, name):
            return f"only `{WRAPPED[included]}` includes `{included}`; include that file instead"
        if LEGION.match(included):
            return None if room.may_include("Legion") else f"`{room.folder}/` may not include Legion"
        if room.may_include("system headers") and "/" in included and not included.startswith("sys/"):
            return f"`{room.folder}/` may include system headers only, not `{included}`"
        return f"`{included}` is not a file of the repository" if match[1] else None
    other = room_of(target, rooms)
    if other == room.folder or within(target, room.allowed) or str(pathlib.PurePosixPath(room.folder).parent) == other:
        return None
    return f"`{room.folder}/` may not include `{target}`"


def check_doors(name: str, line: str) -> str | None:
    """What is wrong with one line of src/, or None. The files named call for_terminal() themselves, or print no outside text."""
    for pattern, files, problem in DOORS:
        if name.startswith("src/") and name not in files and pattern.search(line):
            return f"`{line.strip()}` {problem}"
    return None


def check_pasted(root: pathlib.Path, room: Room) -> list[str]:
    """The files that a room's CMakeLists.txt copies as text lie in the room or in what the table says it pastes."""
    name = f"{room.folder}/CMakeLists.txt"
    text = (root / name).read_text(encoding="utf-8")
    variables = {"PROJECT_SOURCE_DIR": "", "CMAKE_CURRENT_SOURCE_DIR": f"/{room.folder}"}

    def replaced(path: str) -> str:
        return re.sub(r"\$\{(\w+)\}", lambda match: variables.get(match[1], match[0]), path)

    for variable, value in re.findall(r'^set\((\w+) "([^"]*)"\)', text, re.MULTILINE):
        variables[variable] = replaced(value)
    files = [replaced(path).lstrip("/") for call in re.findall(r"^read_sources\(([^)]*)\)", text, re.MULTILINE)
             for path in re.findall(r'"([^"]+)"', call)]
    problems = [f"{name}: `{file}` is pasted, which ARCHITECTURE.md does not say" for file in files
                if not within(file, [room.folder, *room.pastes])]
    problems += [f"{name}: `{file}` is pasted and is not there" for file in files if not (root / file).is_file()]
    problems += [f"ARCHITECTURE.md: `{room.folder}/` pastes nothing of `{folder}`" for folder in room.pastes
                 if not any(within(file, [folder]) for file in files)]
    return problems + ([] if files else [f"{name}: no pasted file found"])


def check(root: pathlib.Path) -> list[str]:
    problems: list[str] = []
    rooms = read_rooms((root / "ARCHITECTURE.md").read_text(encoding="utf-8"), problems)
    problems += [f"ARCHITECTURE.md: `{folder}/` is not a folder" for folder in rooms if not (root / folder).is_dir()]
    names = [name for name in source_text.tracked_files(root) if name.endswith(source_text.CPP) and "/" in name]
    if not names:
        problems.append(f"{root}: no source files found")
    for name in names:
        folder = room_of(name, rooms)
        if folder is None:
            problems.append(f"{name}: no row of the table in ARCHITECTURE.md has its folder")
            continue
        if rooms[folder].may_include("anything"):
            continue
        for number, line in enumerate((root / name).read_text(encoding="utf-8").splitlines(), start=1):
            match = INCLUDE.match(line)
            problem = match and check_include(root, rooms, name, match) or check_doors(name, line)
            if problem:
                problems.append(f"{name}:{number}: {problem}")
    if CODEGEN in rooms:
        problems += check_pasted(root, rooms[CODEGEN])
    return problems


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    problems = check(root)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
