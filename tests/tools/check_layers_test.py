# SPDX-License-Identifier: Apache-2.0
"""tools/check_layers.py on a small repository."""

import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_layers  # noqa: E402

TABLE = """| folder | holds | may include |
|---|---|---|
| `src/low/` | a, b | - |
| `src/mid/` | a | low |
| `src/mid/first/` | a | low |
| `src/mid/second/` | a | mid/first, low |
| `src/top/` | a | mid and below |
| `src/all/` | a | everything but top, Legion |
| `include/placewright/` | a | system headers |
| `apps/` | a | Legion, `include/placewright/` |
| `tests/` | a | anything |
"""
FILES = {"src/low/a.h": "", "src/mid/a.h": '#include "low/a.h"\n', "src/mid/first/a.h": "", "src/mid/second/a.h": "",
         "src/top/a.h": "", "src/all/a.h": "", "include/placewright/a.h": "#include <vector>\n", "apps/x/a.h": "", "tests/a.h": ""}


class CheckLayersTestCase(unittest.TestCase):
    def check(self, name, include, *expected, table=TABLE):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder).resolve()
            (root / "ARCHITECTURE.md").write_text(table)
            for path, text in (FILES | {name: f"#include {include}\n"}).items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            problems = check_layers.check(root)
        self.assertEqual(len(problems), len(expected), problems)
        for problem, part in zip(problems, expected):
            self.assertIn(part, problem)

    def test_what_the_table_allows(self):
        for name, include in (("src/top/b.h", '"low/a.h"'), ("src/top/b.h", '"mid/second/a.h"'), ("src/mid/second/b.h", '"mid/a.h"'),
                              ("src/mid/second/b.h", '"mid/first/a.h"'), ("apps/x/b.cpp", '"a.h"'), ("apps/x/b.cpp", "<legion.h>"),
                              ("apps/y/b.cpp", '"x/a.h"'), ("src/all/b.h", '"mid/a.h"'), ("src/low/b.h", "<fmt/core.h>"),
                              ("apps/x/b.cpp", "<placewright/a.h>"), ("tests/b.cpp", '"top/a.h"')):
            self.check(name, include)

    def test_what_has_one_door(self):
        for line, problem in (("<regex>", "use support/pattern.h"), ('<a>\nfmt::print(stderr, "x");', "use support/terminal.h"),
                              ("<a>\nstd::cerr << x;", "use support/terminal.h"),
                              ("<a>\nstd::fputs(text, stderr);", "use support/terminal.h")):
            self.check("src/low/b.cpp", line, problem)
            self.check("tests/b.cpp", line)
        self.check("src/low/b.cpp", '<a>\nfmt::print(file.get(), "x");')

    def test_what_it_does_not_allow(self):
        for name, include, problem in (
                ("src/low/b.h", '"mid/a.h"', "`src/low/` may not include `src/mid/a.h`"),
                ("src/mid/first/b.h", '"mid/second/a.h"', "`src/mid/first/` may not include"),
                ("src/all/b.h", '"top/a.h"', "`src/all/` may not include"),
                ("src/low/b.h", "<nlohmann/json.hpp>", "only `src/support/json_values.h` includes"),
                ("src/low/b.h", "<realm/redop.h>", "may not include Legion"),
                ("src/low/b.h", "<placewright/a.h>", "may not include `include/placewright/a.h`"),
                ("apps/x/b.cpp", '"low/a.h"', "`apps/` may not include `src/low/a.h`"),
                ("apps/x/b.cpp", '"lost.h"', "not a file of the repository"),
                ("include/placewright/b.h", "<fmt/core.h>", "system headers only"),
                ("src/new/b.h", '"low/a.h"', "no row of the table")):
            self.check(name, include, problem)

    def test_the_table_itself(self):
        self.check("src/low/b.h", "<vector>", "not a room of the table", table=TABLE.replace("| low |\n", "| lost |\n", 1).replace(
            '`src/mid/` | a | lost', '`src/mid/` | a | low, lost'))
        self.check("src/low/b.h", "<vector>", "a circle of rooms", table=TABLE.replace("| a, b | - |", "| a, b | mid/first |"))
        self.check("src/low/b.h", "<vector>", "`src/gone/` is not a folder", table=TABLE + "| `src/gone/` | a | - |\n")


if __name__ == "__main__":
    unittest.main()
