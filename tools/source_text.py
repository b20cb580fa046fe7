# SPDX-License-Identifier: Apache-2.0
"""What the checking scripts share: the tracked files of a repository, and the comments and strings of a source file."""

import io
import os
import pathlib
import re
import subprocess
import tokenize

CPP_HEADERS = (".h", ".cuh")
CPP_SOURCES = (".cpp", ".cu")
CPP = CPP_HEADERS + CPP_SOURCES

# What is matched first wins, so that a comment mark in a string opens nothing. The number takes the quotes of 1'000.
CPP_TOKEN = re.compile(r'R"(?P<mark>[^()\\\s"]*)\([\s\S]*?\)(?P=mark)"|"(?:\\[\s\S]|[^"\\\n])*"|\b\d[\w.\']*'
                       r"|'(?:\\.|[^'\\\n])+'|(?P<comment>//(?:\\\n|[^\n])*|/\*[\s\S]*?\*/)")


def tracked_files(root: pathlib.Path) -> list[str]:
    """Paths relative to `root` of the files that git tracks; without git, of all files outside build/."""
    found = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=False)
    if found.returncode == 0 and found.stdout:
        return sorted(name for name in found.stdout.split("\0") if name and (root / name).is_file())
    names = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in (".git", "build", "__pycache__")]
        names += [str((pathlib.Path(folder) / name).relative_to(root)) for name in files]
    return sorted(names)


def read(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def bare_cpp(text: str) -> str:
    """C++ with comments, strings and characters replaced by blanks; offsets and lines stay the same."""
    def blank(match: re.Match) -> str:
        return match[0] if match[0][0].isdigit() else re.sub(r"[^\n]", " ", match[0])
    return CPP_TOKEN.sub(blank, text)


def cpp_comments(text: str) -> list[tuple[int, str]]:
    """(line, text) of every comment."""
    return [(line_of(text, match.start()), match["comment"]) for match in CPP_TOKEN.finditer(text) if match["comment"]]


def python_comments(text: str) -> list[tuple[int, str]]:
    """(line, text) of every comment and of every string that is a whole statement."""
    found = []
    begins_statement = True
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and begins_statement):
                found.append((token.start[0], token.string))
            if token.type not in (tokenize.COMMENT, tokenize.NL):
                begins_statement = token.type in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def hash_comments(text: str) -> list[tuple[int, str]]:
    """(line, text) of the comments of a shell script or CMake file: from a `#` at the start of a word on."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        match = re.search(r"(?:^|\s)(#.*)", line)
        if match:
            found.append((number, match[1]))
    return found
