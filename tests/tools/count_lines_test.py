# SPDX-License-Identifier: Apache-2.0
"""tools/count_lines.py on small samples whose lines are counted by hand."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import count_lines  # noqa: E402


def cpp(text):
    return count_lines.count(text, count_lines.CPP)


def mapping(text):
    return count_lines.count(text, count_lines.MAPPING)


class CountLinesTestCase(unittest.TestCase):
    def test_blank_lines_and_comments_do_not_count(self):
        self.assertEqual(mapping("# head\n\nTask * GPU; # tail\n   \t\n// other\nm = Machine(GPU);\n"), 2)
        self.assertEqual(cpp("// head\n\nint a;  // tail\n/* one */ int b;\n/* two\n   lines */\n}\n"), 3)

    def test_code_beside_a_long_comment_counts(self):
        self.assertEqual(cpp("int a; /* begins\n ends */ int b;\n"), 2)

    def test_comment_marks_in_strings_are_none(self):
        self.assertEqual(cpp('f("/*");\nint a;\ng("*/ // \\" //");\n'), 3)
        self.assertEqual(cpp('auto s = R"x(\n// text\n)" /* text\n)x";\n'), 4)
        self.assertEqual(cpp("char c = '\"';\n// comment\nchar d = '\\'';\n"), 2)
        self.assertEqual(mapping('Task "a#b//c" CPU;\nprint("# {}", 1);\n'), 2)

    def test_quotes_in_comments_open_nothing(self):
        self.assertEqual(cpp("// don't\nint a;\n/* \" */\nint b;\n"), 2)
        self.assertEqual(mapping('# say "\nTask * CPU;\n'), 1)

    def test_shared_mapper_counts_for_each_and_once(self):
        with tempfile.TemporaryDirectory() as folder:
            apps = pathlib.Path(folder) / "apps"
            files = {"applications.txt": "# order\nfirst\nsecond\nthird\nlost\n",
                     "first/mappings/expert.mapping": "a\nb\n", "first/handwritten_mapper.cpp": "1\n2\n3\n",
                     "first/handwritten_mapper.h": "// nothing\n4\n",
                     "second/mappings/expert.mapping": "a\n", "third/mappings/expert.mapping": "a\nb\nc\n",
                     "matmul/handwritten_mapper.cpp": "1\n2\n3\n4\n5\n6\n"}
            for name, text in files.items():
                (apps / name).parent.mkdir(parents=True, exist_ok=True)
                (apps / name).write_text(text)
            with mock.patch.object(sys, "argv", ["count_lines.py", folder]), \
                    contextlib.redirect_stdout(io.StringIO()) as out:
                self.assertEqual(count_lines.main(), 0)
        self.assertEqual(out.getvalue().splitlines()[2:], [
            "| first | 2 | 4 | 2.0 |",
            "| second | 1 | 6 (shared) | 6.0 |",
            "| third | 3 | 6 (shared) | 2.0 |",
            "| lost | no mapping there | | |",
            "| mean of 3 | | | 3.3 |",
            "",
            "The 2 applications that share a mapper: 4 lines of mappings, 6 lines of C++ counted once, ratio 1.5."])

    def test_folder_that_is_no_repository(self):
        with mock.patch.object(sys, "argv", ["count_lines.py", "no/such"]), \
                contextlib.redirect_stderr(io.StringIO()) as err:
            self.assertEqual(count_lines.main(), 1)
        self.assertIn("no applications.txt", err.getvalue())


if __name__ == "__main__":
    unittest.main()
