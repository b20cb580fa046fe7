#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts each application's expert mapping against its hand-written mapper in C++.

usage: count_lines.py [REPOSITORY]

One rule for both: a line counts if something but blanks is left of it once comments are taken away. Comments are `#` and `//`
in mappings, `//` and `/* */` in C++; neither inside of a string. A mapper in C++ is its source and its header. Applications
without one of their own share apps/matmul/handwritten_mapper.*: it counts in full for each of them, as the publications'
ratios do, and once for all of them below the table.
"""

import pathlib
import re
import sys

SHARED = "matmul"
STRING = r'"(?:\\.|[^"\\\n])*"'
# What is matched first wins, so that a comment mark in a string is none, nor a quote in a comment.
CPP = re.compile(r'R"(?P<mark>[^()\\\s]*)\((?:.|\n)*?\)(?P=mark)"|' + STRING + r"|'(?:\\.|[^'\\\n])+'"
                 r"|(?P<comment>//[^\n]*|/\*(?:.|\n)*?\*/)")
MAPPING = re.compile(STRING + r"|(?P<comment>(?:#|//)[^\n]*)")


def count(text, pattern):
    """Lines that are more than comment."""
    bare = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]) if match["comment"] else match[0], text)
    return sum(1 for line in bare.splitlines() if line.strip())


def count_mapping(path):
    return count(path.read_text(encoding="utf-8"), MAPPING)


def count_mapper(folder):
    """Source and header; None where there is no source."""
    source = folder / "handwritten_mapper.cpp"
    if not source.exists():
        return None
    files = [source] + [header for header in [source.with_suffix(".h")] if header.exists()]
    return sum(count(path.read_text(encoding="utf-8"), CPP) for path in files)


def measure(apps):
    """(name, lines of the mapping, lines of C++, whether shared) for each application; None for what is not there."""
    shared = count_mapper(apps / SHARED)
    names = [line for line in (apps / "applications.txt").read_text(encoding="utf-8").splitlines()
             if line and not line.startswith("#")]
    rows = []
    for name in names:
        mapping = apps / name / "mappings" / "expert.mapping"
        own = count_mapper(apps / name)
        if not mapping.exists():
            rows.append((name, None, None, False))
        else:
            rows.append((name, count_mapping(mapping), own if own is not None else shared, own is None))
    return rows


def table(rows):
    lines = ["| application | mapping | C++ mapper | ratio |", "|---|---|---|---|"]
    ratios = []
    for name, mapping, mapper, shared in rows:
        if mapping is None or mapper is None:
            missing = "mapping" if mapping is None else "hand-written mapper"
            lines.append(f"| {name} | no {missing} there | | |")
            continue
        ratios.append(mapper / mapping)
        lines.append(f"| {name} | {mapping} | {mapper}{' (shared)' if shared else ''} | {ratios[-1]:.1f} |")
    if ratios:
        lines.append(f"| mean of {len(ratios)} | | | {sum(ratios) / len(ratios):.1f} |")
    return lines


def shared_once(rows):
    sharing = [row for row in rows if row[3] and row[1] is not None and row[2] is not None]
    if not sharing:
        return []
    mappings, mapper = sum(row[1] for row in sharing), sharing[0][2]
    return ["", f"The {len(sharing)} applications that share a mapper: {mappings} lines of mappings, {mapper} lines of C++ "
                f"counted once, ratio {mapper / mappings:.1f}."]


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
    apps = root / "apps"
    if not (apps / "applications.txt").exists():
        print(f"count_lines.py: error: `{apps}` has no applications.txt: give the repository's folder", file=sys.stderr)
        return 1
    rows = measure(apps)
    print("\n".join(table(rows) + shared_once(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
