# SPDX-License-Identifier: Apache-2.0
"""A real language model tunes circuit: a small one behind a llama.cpp server on loopback, bound by a grammar.

Environment: PLACEWRIGHT_BUILD (the build folder), PLACEWRIGHT_LLM_FOLDER (where the model file is kept). Run by scripts/llm.sh.
"""

import os
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import unittest

from server import llama_server

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PLACEWRIGHT = pathlib.Path(os.environ["PLACEWRIGHT_BUILD"]) / "bin" / "placewright"
MODEL_FOLDER = pathlib.Path(os.environ["PLACEWRIGHT_LLM_FOLDER"])
STUDY = SOURCE / "apps" / "circuit" / "small.study.toml"
SEARCH = ["--strategy", "reflect", "--iterations", 3, "--candidates", 2, "--evaluations", 6, "--budget", "15m"]
LIMIT_S = 1800
ANSWERS = re.compile(r"answers: (\d+), (\d+) unreadable, (\d+) cut short")


class RealModelTestCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        with llama_server(MODEL_FOLDER) as url:
            cls.recorded = cls.tune("recorded", "--model", f"{url}#gemma")

    @classmethod
    def tune(cls, name, *words):
        """The finished process."""
        command = [PLACEWRIGHT, "tune", STUDY, *SEARCH, "--study", cls.folder / f"{name}.study.db", "--output",
                   cls.folder / f"{name}.mapping", *words]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=LIMIT_S)

    def rows(self, name, query):
        with sqlite3.connect(self.folder / f"{name}.study.db") as database:
            return database.execute(query).fetchall()

    def test_study_completes(self):
        self.assertEqual(self.recorded.returncode, 0, self.recorded.stderr)
        self.assertIn("best", self.recorded.stdout)
        self.assertTrue((self.folder / "recorded.mapping").exists())

    def test_every_answer_parses(self):
        answers = ANSWERS.search(self.recorded.stdout)
        self.assertIsNotNone(answers, self.recorded.stdout + self.recorded.stderr)
        self.assertGreater(int(answers[1]), 0)
        self.assertEqual(int(answers[2]), 0, self.recorded.stdout)

    def test_answers_obey_the_grammar(self):
        self.assertEqual({row[0] for row in self.rows("recorded", "SELECT output_constraint FROM call")}, {"gbnf"})

    def test_tokens_are_accounted(self):
        calls = self.rows("recorded", "SELECT outcome, input_tokens, output_tokens FROM call")
        self.assertGreater(len(calls), 0)
        for outcome, asked, answered in calls:
            self.assertEqual(outcome, "ok")
            self.assertGreater(asked, 0)
            self.assertGreater(answered, 0)

    def test_candidates_were_run(self):
        status = self.rows("recorded", "SELECT status FROM evaluation WHERE origin = 'reflect'")
        self.assertGreater(len(status), 0, self.recorded.stdout + self.recorded.stderr)
        self.assertNotIn("rejected-mapping", [row[0] for row in status])

    def test_study_replays_without_the_server(self):
        command = [PLACEWRIGHT, "tune", STUDY, *SEARCH, "--study", self.folder / "recorded.study.db", "--replay"]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=LIMIT_S)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("candidates in the recorded order", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
