# SPDX-License-Identifier: Apache-2.0
"""tools/check_environment.py on a small repository."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_environment  # noqa: E402

TABLE = """| variable | read by | meaning |
|---|---|---|
| `PLACEWRIGHT_A` | all | a |
"""
FILES = {"src/a.cpp": 'getenv("PLACEWRIGHT_A");\n'}


class CheckEnvironmentTestCase(unittest.TestCase):
    def check(self, files, *expected, table=TABLE, track=None):
        """Compares the problems of a repository with these files; with `track`, git tracks only those."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in ({"docs/environment.md": table} | files).items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            if track is not None:
                subprocess.run(["git", "-C", folder, "init", "-q"], check=True)
                subprocess.run(["git", "-C", folder, "add", *track], check=True)
            self.assertEqual(check_environment.check(root), list(expected))

    def test_what_is_read_is_listed(self):
        self.check(FILES)
        self.check({"scripts/a.sh": "echo ${PLACEWRIGHT_A:-}\n"})
        self.check({"tests/e2e/a.py": 'os.environ["PLACEWRIGHT_A"]\n'})

    def test_a_variable_that_is_not_listed(self):
        for name, text in (("apps/a.h", 'x = "PLACEWRIGHT_B";\n'), ("bench/a.cu", 'getenv("PLACEWRIGHT_B");\n'),
                           ("bench/a.py", 'x = "PLACEWRIGHT_B"\n'), ("scripts/b.sh", "$PLACEWRIGHT_B\n")):
            self.check(FILES | {name: text}, f"{name}: reads PLACEWRIGHT_B, which docs/environment.md does not list")

    def test_a_listed_variable_that_nothing_reads(self):
        table = TABLE + "| `PLACEWRIGHT_B` | all | b |\n"
        self.check(FILES, "docs/environment.md: lists PLACEWRIGHT_B, which nothing reads", table=table)

    def test_names_that_are_not_variables(self):
        self.check(FILES | {"src/b.cpp": "#ifdef PLACEWRIGHT_B\n", "src/c.cpp": 'x = "PLACEWRIGHT_CHECK";\n',
                            "scripts/a.sh": "cmake -DPLACEWRIGHT_B=1\n", "cmake/a.cmake": "${PLACEWRIGHT_B}\n",
                            "tests/unit/a.cpp": 'x = "PLACEWRIGHT_B";\n'})

    def test_files_that_git_does_not_track_do_not_count(self):
        files = FILES | {"src/lost.cpp": 'getenv("PLACEWRIGHT_B");\n'}
        self.check(files, track=["docs", "src/a.cpp"])

    def test_nothing_read_is_a_problem(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "docs").mkdir()
            (root / "docs" / "environment.md").write_text("")
            self.assertEqual(check_environment.check(root), [f"{root}: no variables found"])


if __name__ == "__main__":
    unittest.main()
