# SPDX-License-Identifier: Apache-2.0
"""`placewright tune` on the real Legion runtime: a search ends with a table, and what goes wrong says so in one message."""

import csv
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

LABELS = ["e2e"]
PROCESSORS = 2
TIMEOUT_S = 400
PREFIX = "tune"
SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["PLACEWRIGHT_BUILD"])
PLACEWRIGHT = BUILD / "bin" / "placewright"
CIRCUIT = [str(BUILD / "bin" / "circuit"), "-input", "small", "-l", "3", "-ll:cpu", "2"]


class TuneTestCase(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="placewright-tune-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def start(self, *arguments):
        return subprocess.Popen([PLACEWRIGHT, "tune", *arguments], cwd=self.folder, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def tune(self, *arguments):
        process = self.start(*arguments)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def assert_fails(self, result, *words, expected=1):
        status, out, err = result
        self.assertEqual(status, expected, err)
        self.assertEqual(out, "")
        for word in words:
            self.assertIn(word, err)

    def evaluations(self, study="study.db"):
        with sqlite3.connect(f"file:{self.folder / study}?mode=ro", uri=True, timeout=10) as database:
            return database.execute("SELECT origin, status, decisions FROM evaluation").fetchall()

    def wait_for_evaluations(self, process, count):
        """Until the study holds that many; the search must be alive then."""
        for _ in range(1200):
            try:
                if len(self.evaluations()) >= count:
                    break
            except sqlite3.Error:
                pass
            self.assertIsNone(process.poll(), "the search ended too early")
            time.sleep(0.1)
        self.assertIsNone(process.poll())

    def circuits_left(self):
        left = []
        for entry in pathlib.Path("/proc").glob("[0-9]*/environ"):
            try:
                if f"PWD={self.folder}".encode() in entry.read_bytes().split(b"\0"):
                    left.append(entry.parent.name)
                elif os.readlink(entry.parent / "cwd") == str(self.folder):
                    left.append(entry.parent.name)
            except OSError:
                pass
        return left

    def test_mappings_are_simulated_before_they_are_measured(self):
        study = SOURCE / "apps" / "circuit" / "small.study.toml"
        status, out, err = self.tune(study, "--budget", "45s", "--closing", "30s", "--study", "study.db", "-o", "best.mapping")
        self.assertEqual(status, 0, err)
        self.assertGreater(int(re.search(r"^(\d+) mappings were simulated", out, re.MULTILINE)[1]), 1000)
        # The model and the driver of virtual GPUs have the same prices.
        agreement = re.search(r"simulated and measured steps of (\d+) mappings: .* median error (\S+) %", out)
        self.assertGreater(int(agreement[1]), 6)
        self.assertLess(float(agreement[2]), 10)
        self.assertIn("simulated", [origin for origin, _, _ in self.evaluations()])

    def test_best_mapping_of_circuit_on_cpus_can_be_run_again(self):
        status, out, err = self.tune("--budget", "60s", "--evaluations", "2", "--study", "study.db",
                                     "--strategy", "descent", "--", *CIRCUIT)
        self.assertEqual(status, 0, err)
        self.assertRegex(out, r"(?m)^default +[0-9.e-]+ ")
        self.assertRegex(out, r"(?m)^best +[0-9.e-]+ ")
        self.assertIn("measured time of this machine", out)
        origins = [row[0] for row in self.evaluations()]
        self.assertEqual(origins[0], "default")
        self.assertEqual(origins.count("descent"), 2)
        checksums = set()
        for mapping in ([], ["--mapping", "best.mapping"]):
            run = subprocess.run([PLACEWRIGHT, "run", *mapping, "--", *CIRCUIT], cwd=self.folder,
                                 capture_output=True, text=True, timeout=120)
            self.assertEqual(run.returncode, 0, run.stderr)
            checksums.add(re.search(r"CHECKSUM = (\S+)", run.stdout).group(1))
        self.assertEqual(len(checksums), 1)
        self.check_export()

    def check_export(self):
        """What `study` prints of the study is what the search wrote."""
        def study(*words):
            done = subprocess.run([PLACEWRIGHT, "study", *words], cwd=self.folder, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout
        rows = list(csv.DictReader(study("export", "study.db").splitlines(keepends=True)))
        document = json.loads(study("export", "study.db", "--format", "json"))
        searched = [row for row in rows if row["part"] == "search"]
        self.assertEqual([row["origin"] for row in searched], ["default", "descent", "descent"])
        self.assertEqual([row["mapping"] for row in searched], [each["mapping"] for each in document["evaluations"]])
        column = next(name for name in rows[0] if name.startswith("measured_samples_"))  # seconds of runs or of steps
        samples = [float(sample) for sample in searched[0][column].split(";")]
        self.assertEqual(samples, document["evaluations"][0]["samples"])
        self.assertLessEqual({"default", "untouched"}, {row["origin"] for row in rows if row["part"] == "closing"})
        self.assertEqual(study("show", "study.db", "2"), searched[1]["mapping"])
        self.assertEqual(len(study("list", "study.db").splitlines()), 3)

    def test_pinned_rules_and_excluded_tasks_stay(self):
        (self.folder / "pin.mapping").write_text("Priority update_voltages 3;\n")
        (self.folder / "start.mapping").write_text("Layout calculate_new_currents 3 * AOS F_order;\n")
        words = ["--budget", "60s", "--evaluations", "4", "--study", "study.db", "--strategy", "random", "--start", "start.mapping",
                 "--only", "calc*,update_voltages"]
        status, out, err = self.tune(*words, "--pin", "pin.mapping", "--", *CIRCUIT)
        self.assertEqual(status, 0, err)
        self.assertIn("start, where the search begins", err)
        with sqlite3.connect(self.folder / "study.db") as database:
            mappings = [row[0] for row in database.execute("SELECT mapping FROM evaluation WHERE mapping != ''")]
        self.assertEqual(len(mappings), 4)
        for mapping in [*mappings, (self.folder / "best.mapping").read_text()]:
            self.assertIn("Priority update_voltages 3;", mapping)
            self.assertNotIn("distribute_charge", mapping)
        (self.folder / "pin.mapping").write_text("Priority update_voltages 4;\n")
        self.assert_fails(self.tune(*words, "--pin", "pin.mapping", "--resume", "--", *CIRCUIT), "was started with another pin")
        (self.folder / "pin.mapping").write_text("Layout calculate_new_currents 3 * SOA F_order;\n")
        words[words.index("study.db")] = "other.db"
        self.assert_fails(self.tune(*words, "--pin", "pin.mapping", "--", *CIRCUIT),
                          "start.mapping:1:1 contradicts pin.mapping:1:1: `calculate_new_currents` argument 3")

    def test_start_word_of_the_agent_with_another_strategy(self):
        self.assert_fails(self.tune("--strategy", "descent", "--start", "random", "--", *CIRCUIT), "ask a model", expected=2)

    def test_rate_is_improved_by_maximizing_it(self):
        status, out, err = self.tune("--budget", "60s", "--evaluations", "1", "--strategy", "descent",
                                     "--study", "study.db", "--metric", "GFLOP/s = ([0-9.]+)", "--maximize",
                                     "--unit", "GFLOP/s", "--", *CIRCUIT)
        self.assertEqual(status, 0, err)
        self.assertIn("median GFLOP/s", out)
        self.assertIn("larger values are better", out)
        self.assertRegex(err, r"best [0-9.e-]+ GFLOP/s \(default\)")

    def test_rate_without_a_direction_is_refused(self):
        self.assert_fails(self.tune("--metric", "GFLOP/s = ([0-9.]+)", "--", *CIRCUIT),
                          "looks like a rate", "--maximize")

    def test_killed_search_leaves_no_process_and_can_be_resumed(self):
        process = self.start("--budget", "200s", "--study", "study.db", "--", *CIRCUIT)
        self.wait_for_evaluations(process, 3)
        process.kill()
        process.communicate()
        before = self.evaluations()
        for _ in range(100):
            if not self.circuits_left():
                break
            time.sleep(0.1)
        self.assertEqual(self.circuits_left(), [])
        status, out, err = self.tune("--budget", "200s", "--evaluations", "4", "--study", "study.db", "--resume",
                                     "--", *CIRCUIT)
        self.assertEqual(status, 0, err)
        self.assertIn("continuing study.db", err)
        after = self.evaluations()
        self.assertEqual(after[:len(before)], before)
        self.assertEqual(len({row[2] for row in after}), len(after), "decisions evaluated twice")

    def test_interrupt_ends_the_search_with_a_table(self):
        process = self.start("--budget", "200s", "--study", "study.db", "--", *CIRCUIT)
        self.wait_for_evaluations(process, 2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, err)
        self.assertIn("ended early", out)
        self.assertRegex(out, r"(?m)^best ")
        self.assertEqual(self.circuits_left(), [])

    def test_program_that_is_no_legion_program(self):
        self.assert_fails(self.tune("--", "/bin/true"), "not-legion")
        (self.folder / "a.toml").write_text("[study]\ncommand = ['nowhere']\n")
        self.assert_fails(self.tune("a.toml", "--", "/bin/true", "-ll:cpu", "2"), "not-legion", "/bin/true")

    def test_program_that_does_not_exist(self):
        self.assert_fails(self.tune("--", "./nowhere"), "nowhere")

    def test_program_that_hangs(self):
        begin = time.monotonic()
        self.assert_fails(self.tune("--budget", "5s", "--", "/bin/sleep", "300"), "fails without a mapping")
        self.assertLess(time.monotonic() - begin, 60)
        self.assertEqual(self.circuits_left(), [])

    def test_output_without_the_metric(self):
        self.assert_fails(self.tune("--metric", "NOTHING = ([0-9]+)", "--", *CIRCUIT),
                          "NOTHING = ([0-9]+)", "lines that hold numbers:\n", "ELAPSED TIME = ",
                          "say where the value is, for example: --metric ")

    def test_output_without_the_checksum_that_was_asked_for(self):
        self.assert_fails(self.tune("--checksum", "DIGEST = ([0-9]+)", "--", *CIRCUIT),
                          "prints no checksum", "DIGEST = ([0-9]+)")

    def test_pattern_that_is_no_regular_expression(self):
        self.assert_fails(self.tune("--metric", "TIME = (", "--", *CIRCUIT),
                          "is not a regular expression", expected=2)

    def test_nothing_to_tune(self):
        self.assert_fails(self.tune(), "no application to tune", expected=2)

    def test_a_signal_ends_a_search_within_two_seconds(self):
        process = self.start("--study", "study.db", "--budget", "60s", "--", *CIRCUIT)
        self.wait_for_evaluations(process, 1)
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertLess(time.monotonic() - begin, 2.5)
        self.assertEqual(self.circuits_left(), [])

    def test_wrong_usage_has_status_2(self):
        self.assertEqual(self.tune("--strategy", "magic", "--", *CIRCUIT)[0], 2)

    def test_study_file_with_an_unknown_key(self):
        (self.folder / "a.toml").write_text("[study]\ncomand = ['x']\n")
        self.assert_fails(self.tune("a.toml"), "a.toml:2:1: error: unknown key `comand`",
                          "did you mean `command`?")

    def test_missing_study_file(self):
        self.assert_fails(self.tune("a.toml"), "a.toml")

    def test_study_that_is_there_already_is_not_touched(self):
        (self.folder / "study.db").write_text("precious")
        self.assert_fails(self.tune("--study", "study.db", "--", *CIRCUIT), "already exists")
        self.assertEqual((self.folder / "study.db").read_text(), "precious")

    def test_resuming_what_is_no_study(self):
        (self.folder / "study.db").write_text("precious" * 100)
        self.assert_fails(self.tune("--study", "study.db", "--resume", "--", *CIRCUIT),
                          "is not a Placewright study")

    def test_output_that_cannot_be_written_is_said_before_the_search(self):
        self.assert_fails(self.tune("--output", "missing/best.mapping", "--", *CIRCUIT),
                          "cannot write `missing/best.mapping`")

    def test_expert_mapping_with_errors(self):
        (self.folder / "expert.mapping").write_text("Task update_voltages GPUS;\n")
        self.assert_fails(self.tune("--expert", "expert.mapping", "--", *CIRCUIT),
                          "expert.mapping:1:22", "GPUS")


if __name__ == "__main__":
    unittest.main()
