#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Finds the words that CONTRIBUTING.md (section "Words") replaces by plainer ones.

usage: check_words.py [--root REPOSITORY] [PATH...]

Reads the tracked C++, CUDA, Python, shell, Markdown and CMake files, or those that are named or lie below a named folder. Prints
one line per mistake, then a count per word. tools/words.toml names the files in which a word is right, with reasons. Exit
status 1 if there are mistakes.
"""

import argparse
import pathlib
import re
import sys
import tomllib

import source_text

SUFFIXES = source_text.CPP + (".py", ".sh", ".md", ".cmake")
SECTION = "Words"  # The section of CONTRIBUTING.md that lists the words.
# Between two words: blanks, or a line break with the comment mark or the string's quotes around it.
GAP = r'(?:[ \t]+|[ \t]*"?[ \t]*\n[ \t]*(?:///<|///|//|#|\*|>|f?")?[ \t]*)'
# Word as it is counted, what finds it, what to write instead.
RULES = (
    ("mend", re.compile(r"\bmend(?:s|ed|ing)?\b", re.IGNORECASE), "write `fix` or `repair`"),
    ("go on with", re.compile(rf"\bgo(?:es)?{GAP}on{GAP}with\b", re.IGNORECASE), "write `continue`"),
    ("passed over", re.compile(rf"\bpassed{GAP}over\b", re.IGNORECASE), "write `skipped` or `ignored`"),
    ("Of ...", re.compile(r"(?m)(?:///<?|//|(?<!\S)#)[ \t]Of[ \t]"), "begin the comment with the thing itself"),
    ("is no", re.compile(rf"\b(?<!there )is{GAP}no{GAP}(?!longer\b|more\b|less\b)`?\w+", re.IGNORECASE), "write `is not a`"),
    ("behind", re.compile(r"\bbehind\b", re.IGNORECASE), "write `after`"),
)
# "Leaves nothing behind" has no shorter form.
LEFT_BEHIND = re.compile(r"\b(?:leav(?:e|es|ing)|left|stays?)\b[^.;]*\bbehind$", re.IGNORECASE)
THERE = re.compile(rf"\bthere{GAP}$", re.IGNORECASE)


def without_section(text: str, heading: str) -> str:
    """Markdown with the body of the section `heading` blanked; lines stay the same."""
    match = re.search(rf"(?ms)^(#+) {re.escape(heading)}\n.*?(?=^#|\Z)", text)
    if not match:
        return text
    return text[:match.start()] + "\n" * match[0].count("\n") + text[match.end():]


def mistakes(name: str, text: str, allowed: dict[str, dict[str, str]]) -> list[tuple[int, str, str]]:
    """(line, word, message) of every mistake in one file."""
    if name == "CONTRIBUTING.md":
        text = without_section(text, SECTION)
    found = []
    for word, pattern, instead in RULES:
        if name in allowed.get(word, {}) or name in allowed.get("any", {}):
            continue
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 60):match.start()]
            if word == "is no" and THERE.search(before):
                continue
            if word == "behind" and LEFT_BEHIND.search(before + match[0]):
                continue
            shown = re.sub(r"\s+", " ", match[0]).strip()
            found.append((source_text.line_of(text, match.start()), word, f"`{shown}`: {instead}"))
    return sorted(found)


def selected(names: list[str], root: pathlib.Path, paths: list[str]) -> list[str]:
    """The names to read: all, or those that are or lie below one of `paths`."""
    names = [name for name in names if name.endswith(SUFFIXES) or name.rsplit("/", 1)[-1] == "CMakeLists.txt"]
    if not paths:
        return names
    wanted = [pathlib.Path(path).resolve() for path in paths]
    return [name for name in names
            if any((root / name).resolve() == path or path in (root / name).resolve().parents for path in wanted)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("paths", nargs="*", metavar="PATH")
    arguments = parser.parse_args()
    allowed = tomllib.loads((arguments.root / "tools" / "words.toml").read_text(encoding="utf-8"))
    counts = dict.fromkeys((word for word, _, _ in RULES), 0)
    for name in selected(source_text.tracked_files(arguments.root), arguments.root, arguments.paths):
        for line, word, message in mistakes(name, source_text.read(arguments.root / name), allowed):
            print(f"{name}:{line}: {message}")
            counts[word] += 1
    print("check_words: " + ", ".join(f"{word} {count}" for word, count in counts.items()))
    return 1 if any(counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
