# SPDX-License-Identifier: Apache-2.0
"""Any string drawn from an exported grammar parses; one from a grammar narrowed to an application passes the checker with it."""

import json
import os
import pathlib
import random
import subprocess
import unittest

from draw import Grammar, draw_form

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

    @staticmethod
    def tasks_of(form, name):
        return {entry.get("task", "*") for entry in json.loads(form).get(name, [])}

    def test_forms_of_the_schema_become_mappings_that_check(self):
        for options in ([], ["--workload", WORKLOAD]):
            schema = json.loads(placewright("grammar", "--format", "json-schema", *options).stdout)
            for seed in range(DRAWN):
                form = json.dumps(draw_form(schema, random.Random(seed)))
                made = placewright("from-json", "-", text=form)
                if form == "{}" or not any(json.loads(form).values()):
                    self.assertEqual(made.returncode, 1)
                    continue
                if self.tasks_of(form, "singles") & self.tasks_of(form, "replicate"):
                    self.assertEqual(made.returncode, 1)
                    self.assertIn("is in `singles` too", made.stderr)
                    continue
                self.assertEqual(made.returncode, 0, f"{form}\n{made.stderr}")
                run = placewright("check", "-", text=made.stdout)
                self.assertEqual(run.returncode, 0, f"{made.stdout}\n{run.stderr}")


if __name__ == "__main__":
    unittest.main()
