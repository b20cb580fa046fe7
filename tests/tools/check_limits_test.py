# SPDX-License-Identifier: Apache-2.0
"""tools/check_limits.py on small samples whose lines are counted by hand."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_limits  # noqa: E402


class FunctionsTestCase(unittest.TestCase):
    def check(self, text, *expected):
        self.assertEqual(check_limits.functions(text), list(expected), text)

    def test_free_functions_and_members(self):
        self.check("namespace a {\nint f(int x) {\n  if (x) { return 1; }\n  return 2;\n}\n}\n", ("f", 2, 4))
        self.check("struct S : B<int> {\n  int f() const override { return 1; }\n  int x = 1;\n};\n", ("f", 2, 1))
        self.check("auto A::f(int a,\n       int b) noexcept -> int {\n}\n", ("A::f", 1, 3))
        self.check("bool operator==(A a, A b) {\n}\n", ("operator==", 1, 2))
        self.check("int A::operator()(int a) const {\n}\n", ("A::operator()", 1, 2))

    def test_templates_and_scopes(self):
        self.check("template <class T, class U = A<T>>\nT f(T x) {\n}\n", ("f", 1, 3))
        self.check('extern "C" {\nvoid f() {\n}\n}\nenum class E { A, B };\nvoid g() {\n}\n', ("f", 2, 2), ("g", 6, 2))

    def test_constructors(self):
        self.check("A::A(int x) : B(x), x_{x}, y_(1) {\n  go();\n}\n~A() {}\n", ("A::A", 1, 3), ("~A", 4, 1))
        self.check("A(int x) : x_{x} {}\nA(B b) noexcept : b_(b) {\n}\n", ("A", 1, 1), ("A", 2, 2))

    def test_braces_that_open_no_function(self):
        self.check("const int a[] = {1, 2};\nint f(Options o = {}) {\n}\nint b{3};\n", ("f", 2, 2))
        self.check("struct S { int x; } s = {1};\nint f() {\n}\n", ("f", 2, 2))

    def test_strings_comments_and_macros(self):
        self.check('int f() {\n  g("}");\n  // }\n  h(R"x(\n}}\n)x", \'}\', 1\'000);\n}\n', ("f", 1, 7))
        self.check("#define M(x) \\\n  { x\nint f() {\n}\n", ("f", 3, 2))
        self.check("/// Says {\nint f() {  // }\n}\n", ("f", 2, 2))


class LimitsTestCase(unittest.TestCase):
    def test_files(self):
        self.assertEqual(check_limits.long_parts("src/a.h", "\n" * 150), {})
        self.assertIn("src/a.h", check_limits.long_parts("src/a.h", "\n" * 151))
        self.assertEqual(check_limits.long_parts("src/a.cpp", "\n" * 400), {})
        self.assertIn("bench/a.cu", check_limits.long_parts("bench/a.cu", "\n" * 401))

    def test_functions_only_where_they_count(self):
        text = "void f() {\n" + "g();\n" * 59 + "}\n"
        self.assertEqual(list(check_limits.long_parts("src/a.cpp", text)), ["src/a.cpp:f"])
        self.assertEqual(check_limits.long_parts("tests/a.cpp", text), {})
        self.assertEqual(check_limits.long_parts("src/a.cpp", text.replace("g();\n", "", 1)), {})

    def test_exceptions_are_needed_and_have_reasons(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "src").mkdir()
            (root / "src" / "a.h").write_text("\n" * 151)
            self.assertEqual(check_limits.check_files(root, {"src/a.h": "why"}), [])
            self.assertEqual(check_limits.check_files(root, {}), ["src/a.h:151: 151 lines, more than 150"])
            self.assertIn("has no reason", check_limits.check_files(root, {"src/a.h": " "})[0])
            self.assertIn("`src/b.h` is within", check_limits.check_files(root, {"src/a.h": "why", "src/b.h": "why"})[0])

    def test_subjects(self):
        self.assertEqual(check_limits.check_subject("1", "src: " + "x" * 55), [])
        self.assertEqual(len(check_limits.check_subject("1", "src: " + "x" * 56)), 1)
        self.assertEqual(len(check_limits.check_subject("1", "room: do it")), 1)

    def test_commits_after_a_base(self):
        with tempfile.TemporaryDirectory() as folder:
            def git(*words):
                subprocess.run(["git", "-C", folder, "-c", "user.name=a", "-c", "user.email=a@b.c", *words], check=True,
                               capture_output=True)
            git("init", "-q")
            git("commit", "-q", "--allow-empty", "-m", "room: old")
            git("tag", "base")
            git("commit", "-q", "--allow-empty", "-m", "src: new")
            self.assertEqual(check_limits.check_commits(pathlib.Path(folder), "base"), [])
            git("commit", "-q", "--allow-empty", "-m", "room: new")
            self.assertEqual(len(check_limits.check_commits(pathlib.Path(folder), "base")), 1)
            self.assertIn("names no commit", check_limits.check_commits(pathlib.Path(folder), "lost")[0])


if __name__ == "__main__":
    unittest.main()
