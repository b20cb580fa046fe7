"""Any string drawn from an exported grammar parses; one from a grammar narrowed to an application passes the checker with it."""

import os
import pathlib
import subprocess
import unittest

from draw import Grammar

PLACEWRIGHT = os.environ["PLACEWRIGHT"]
WORKLOAD = str(pathlib.Path(__file__).resolve().parents[1] / "golden" / "check" / "probe.workload.json")
DRAWN = 150


def placewright(*arguments, text=None):
    return subprocess.run([PLACEWRIGHT, *arguments], input=text, capture_output=True, text=True, timeout=60, check=False)


class ExportTestCase(unittest.TestCase):
    def drawn(self, lark, *options):
        export = placewright("grammar", "--format", "lark" if lark else "gbnf", *options)
        self.assertEqual(export.returncode, 0, export.stderr)
        grammar = Grammar(export.stdout, lark)
        texts = {grammar.draw(seed) for seed in range(DRAWN)}
        self.assertGreater(len(texts), DRAWN // 2, "hardly any different strings")
        return texts

    def assert_parse(self, texts):
        for text in texts:
            run = placewright("fmt", "-", text=text)
            self.assertEqual(run.returncode, 0, f"{text}\n{run.stderr}")

    def assert_check(self, texts):
        for text in texts:
            run = placewright("check", "-", "--workload", WORKLOAD, text=text)
            self.assertEqual(run.returncode, 0, f"{text}\n{run.stderr}")

    def test_gbnf_strings_parse(self):
        self.assert_parse(self.drawn(False))

    def test_lark_strings_parse(self):
        self.assert_parse(self.drawn(True))

    def test_gbnf_strings_of_an_application_check(self):
        self.assert_check(self.drawn(False, "--workload", WORKLOAD))

    def test_lark_strings_of_an_application_check(self):
        self.assert_check(self.drawn(True, "--workload", WORKLOAD))


if __name__ == "__main__":
    unittest.main()
