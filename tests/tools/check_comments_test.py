# SPDX-License-Identifier: Apache-2.0
"""tools/check_comments.py on small samples."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_comments  # noqa: E402

KNOWN = check_comments.endings(["src/machine/kinds.h", "src/machine/space.cpp", "docs/language.md", "README.md"])


def lost(name, text, allowed=()):
    return check_comments.lost_names(name, text, KNOWN, set(allowed))


class CheckCommentsTestCase(unittest.TestCase):
    def test_ends_of_paths_are_known(self):
        self.assertEqual(lost("src/a.h", "// kinds.h, machine/kinds.h and src/machine/kinds.h\n"), [])
        self.assertEqual(lost("src/a.h", "// inds.h\n// a\n/* b\n model/kinds.h */\n"), [(1, "inds.h"), (4, "model/kinds.h")])

    def test_only_comments_of_cpp(self):
        self.assertEqual(lost("src/a.cpp", '#include "lost.h"\nf("// lost.h");\nint a;  // lost.h\n'), [(3, "lost.h")])

    def test_comments_and_docstrings_of_python(self):
        text = '"""Reads lost.toml."""\nx = "gone.toml"  # old.py\n\n\ndef f():\n    """See\n    away.md."""\n'
        self.assertEqual(lost("tools/a.py", text), [(1, "lost.toml"), (2, "old.py"), (7, "away.md")])

    def test_comments_of_scripts(self):
        self.assertEqual(lost("scripts/a.sh", "run lost.py  # see old.py\n"), [(1, "old.py")])

    def test_backticks_of_documents(self):
        text = "lost.h `lost.h` `kinds.h`\n```\n`old.h`\n```\n`placewright check old.mapping`\n"
        self.assertEqual(lost("docs/a.md", text), [(1, "lost.h"), (5, "old.mapping")])

    def test_what_names_no_file(self):
        text = "// *.h, <name>.h, lost.*, https://a.b/c.md, NAME/x.toml, lost.h.in2, a.hpp2, $x/a.h\n"
        self.assertEqual(lost("src/a.h", text), [])

    def test_allowed_names(self):
        self.assertEqual(lost("src/a.h", "// legion.h and realm/legion.h\n", ["legion.h"]), [])

    def test_paths_from_the_document(self):
        self.assertEqual(lost("docs/a.md", "`../README.md` `./language.md`"), [])

    def test_links(self):
        paths = {".", "docs", "docs/language.md", "README.md"}
        text = "[a](language.md#b) [b](../README.md) [c](../docs) [d](https://a.b/c) [e](#f)\n[g](README.md)\n"
        self.assertEqual(check_comments.lost_links("docs/a.md", text, paths), [(2, "README.md")])


if __name__ == "__main__":
    unittest.main()
