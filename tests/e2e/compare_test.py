# SPDX-License-Identifier: Apache-2.0
"""`placewright compare` on the real Legion runtime: mappings take turns, and a bad one stops no other."""

import json
import signal
import subprocess

from harness import BUILD, LIMIT_S, PLACEWRIGHT, PROBE, SOURCE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 1
MACHINE = SOURCE / "share" / "machines" / "p100x4.toml"
PLAIN = "Task * CPU;\n"
INTERLEAVED = "Task * CPU;\nLayout * * * AOS F_order;\n"
CELL = r"\S+ +\[\S+, \S+\] +"


class CompareTestCase(EndToEnd):
    def setUp(self):
        super().setUp()
        for name, text in (("a.mapping", PLAIN), ("b.mapping", INTERLEAVED), ("wrong.mapping", "Task * CPUS;\n")):
            (self.folder / name).write_text(text)

    def compare(self, *words):
        return subprocess.run([str(PLACEWRIGHT), "compare", *map(str, words)], capture_output=True, text=True, check=False,
                              timeout=4 * LIMIT_S, cwd=self.folder)

    def probe(self, *mappings, options=("--rounds", 3), arguments=()):
        return self.compare(*mappings, *options, "--checksum", r"TOTAL = (\S+)", "--", PROBE, "-ll:cpu", 2, *arguments)

    def test_mappings_take_turns_and_their_decisions_are_told(self):
        done = self.probe("default", "a.mapping", "b.mapping")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, rf"(?m)^default +{CELL}1 +3$")
        self.assertRegex(done.stdout, rf"(?m)^b.mapping +{CELL}\S+ \[\S+, \S+\] +3 ")
        self.assertRegex(done.stdout, r"(?m)^checksums are equal: \d+$")
        self.assertRegex(done.stdout, r"(?m)^a.mapping decides like default .*: no difference is to be expected")
        self.assertRegex(done.stdout, r"b.mapping versus default:\n  SOA F_order -> AOS F_order: .*`sum`")

    def test_virtual_times_are_labelled_and_checksums_come_from_runs_that_compute(self):
        done = self.compare("a.mapping", "default", "--rounds", 1, "--machine", MACHINE, "--json", "--",
                            BUILD / "bin" / "circuit", "-input", "test")
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual(result["kind"], "virtual")
        first, second = result["mappings"]
        self.assertEqual(first["checksum"], second["checksum"])
        self.assertEqual(len(second["samples"]), 1)
        self.assertEqual(second["verdict"], "too few rounds to tell")
        self.assertFalse(second["decisions"]["equal"])

    def test_mapping_that_fails_leaves_the_others(self):
        done = self.probe("a.mapping", "b.mapping", "default", arguments=("-fragile", "crash"))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"(?m)^b.mapping +crash: ")
        self.assertRegex(done.stdout, rf"(?m)^default +{CELL}\S+ \[\S+, \S+\] +3 ")
        self.assertIn("error: `b.mapping` crash: ", done.stderr)

    def test_another_result_is_an_error(self):
        done = self.probe("a.mapping", "b.mapping", "default", arguments=("-fragile", "wrong"))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"(?m)^b.mapping +wrong-result: checksum \d+, and `a.mapping` prints \d+$")
        self.assertIn("checksums DIFFER", done.stdout)
        self.assertRegex(done.stdout, rf"(?m)^default +{CELL}")

    def test_mistakes_are_told_before_anything_runs(self):
        done = self.probe("a.mapping", "wrong.mapping", "missing.mapping", "./a.mapping", "default")
        self.assertEqual(done.returncode, 1)
        for words in ("wrong.mapping:1:8: error: unknown processor kind `CPUS`", "no such file: `missing.mapping`",
                      "the same mapping as `a.mapping`"):
            self.assertIn(words, done.stderr)
        self.assertRegex(done.stdout, rf"(?m)^default +{CELL}")
        alone = self.probe("a.mapping", "wrong.mapping")
        self.assertEqual(alone.returncode, 1)
        self.assertIn("fewer than two mappings are left", alone.stderr)
        self.assertIn("nothing was timed", alone.stdout)

    def test_wrong_usage_has_status_2(self):
        for words in (["a.mapping", "b.mapping"], ["a.mapping", "--", PROBE], ["--", PROBE], ["a.mapping", "b.mapping", "--"]):
            done = self.compare(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)

    def test_program_that_is_not_there(self):
        done = self.compare("a.mapping", "b.mapping", "--", "./nowhere")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("cannot start `./nowhere`", done.stderr)

    def test_a_rate_needs_a_direction(self):
        circuit = ["--metric", "GFLOP/s = ([0-9.]+)", "--", BUILD / "bin" / "circuit", "-input", "test"]
        refused = self.compare("a.mapping", "b.mapping", *circuit)
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertIn("looks like a rate", refused.stderr)
        done = self.compare("a.mapping", "b.mapping", "--rounds", 1, "--maximize", *circuit)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("larger values are better", done.stdout)
        self.assertIn("value / a.mapping", done.stdout)

    def test_interrupt_shows_the_rounds_that_ended(self):
        command = [str(PLACEWRIGHT), "compare", "a.mapping", "default", "--rounds", "1000", "--", str(PROBE), "-ll:cpu", "2"]
        process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            process.wait(timeout=6)
        except subprocess.TimeoutExpired:
            pass
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=LIMIT_S)
        self.assertEqual(process.returncode, 1)
        self.assertIn("ended early", out)
        self.assertIn("a.mapping", out)
        self.assert_no_process_left("a comparison")
