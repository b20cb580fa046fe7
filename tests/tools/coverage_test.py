# SPDX-License-Identifier: Apache-2.0
"""tools/coverage.py on small samples of what gcov prints."""

import pathlib
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import coverage  # noqa: E402


def report(counts, name="../../src/room/a.cpp"):
    """A report of an object file compiled in build/cov."""
    lines = [{"line_number": number, "count": count} for number, count in counts.items()]
    return {"current_working_directory": "/repo/build/cov", "files": [{"file": name, "lines": lines}]}


def merge(*reports):
    return coverage.merge(reports, pathlib.Path("/repo"), "src/room")


class CoverageTestCase(unittest.TestCase):
    def test_line_counts_once_however_many_programs_contain_it(self):
        merged = merge(report({1: 0, 2: 3}), report({1: 4, 2: 0, 3: 0}))
        self.assertEqual(merged, {"src/room/a.cpp": {1: 4, 2: 3, 3: 0}})

    def test_files_of_other_folders_do_not_count(self):
        self.assertEqual(merge(report({1: 1}, "/usr/include/c++/12/map"), report({1: 1}, "../../src/room_two/b.cpp")), {})
        self.assertEqual(list(merge(report({1: 1}, "/repo/src/room/deep/b.h"))), ["src/room/deep/b.h"])

    def test_neighbouring_lines_are_a_range(self):
        self.assertEqual(coverage.ranges([9, 3, 5, 4]), "3-5, 9")
        self.assertEqual(coverage.ranges([]), "")

    def test_table_lists_the_least_covered_file_first(self):
        # a: 3 of 4 lines; b: 1 of 1; c: none of 1. Together 4 of 6, that is 66.7 %.
        lines = {"a": {1: 1, 2: 0, 3: 2, 4: 1}, "b": {7: 1}, "c": {5: 0}, "without-code": {}}
        self.assertEqual(coverage.table(lines), [
            "  0.0 % of    1 lines  c: not 5",
            " 75.0 % of    4 lines  a: not 2",
            "100.0 % of    1 lines  b",
            " 66.7 % of    6 lines  in all"])

    def test_status_tells_whether_enough_was_executed(self):
        def status(*words):
            with mock.patch.object(sys, "argv", ["coverage.py", *words, "src/decide"]), mock.patch("builtins.print"), \
                    mock.patch.object(coverage, "gcov_reports", return_value=[report({1: 1, 2: 0}, str(ROOT / "src/decide/x.cpp"))]):
                return coverage.main()
        self.assertEqual(status(), 0)
        self.assertEqual(status("--least", "50"), 0)
        self.assertEqual(status("--least", "50.1"), 1)

    def test_folder_without_counts_is_a_mistake(self):
        with tempfile.TemporaryDirectory() as empty, mock.patch("builtins.print"), \
                mock.patch.object(sys, "argv", ["coverage.py", "--build", empty, "src/decide"]):
            self.assertEqual(coverage.main(), 1)


if __name__ == "__main__":
    unittest.main()
