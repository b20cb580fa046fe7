#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lists the tests of modules for ctest, without importing them: an import may need the build.

usage: discover.py MODULE.py...

Prints a line per test, `NAME MODULE CLASS METHOD LABEL,LABEL... PROCESSORS TIMEOUT`, from the
methods `test_*` of the module's classes and from its constants:

LABELS      labels of its tests in ctest
PROCESSORS  2 for tests that judge times or fill several processes, because several runs at once
            would disturb them; otherwise 1, because a test waits most of the time
TIMEOUT_S   seconds that a test may take (default: 900)
PREFIX      what the names of its tests begin with in ctest (default: e2e.CLASS)
"""

import ast
import pathlib
import sys

DEFAULTS = {"TIMEOUT_S": 900, "PREFIX": None}
NAMES = {"LABELS", "PROCESSORS", *DEFAULTS}


def constants(tree, path):
    found = dict(DEFAULTS)
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if node.targets[0].id in NAMES:
                found[node.targets[0].id] = ast.literal_eval(node.value)
    if missing := NAMES - found.keys():
        sys.exit(f"{path}: lacks {', '.join(sorted(missing))}; {__file__} says what it is for")
    return found


def tests(path):
    tree = ast.parse(path.read_text(), str(path))
    known = constants(tree, path)
    for case in tree.body:
        if not isinstance(case, ast.ClassDef):
            continue
        for node in case.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                prefix = known["PREFIX"] or f"e2e.{case.name}"
                yield (f"{prefix}.{node.name.removeprefix('test_')}", path.stem, case.name,
                       node.name, ",".join(known["LABELS"]), known["PROCESSORS"],
                       known["TIMEOUT_S"])


for argument in sys.argv[1:]:
    for test in tests(pathlib.Path(argument)):
        print(*test)
