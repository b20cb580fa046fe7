# SPDX-License-Identifier: Apache-2.0
"""`placewright experiment mappers` and `experiment validity` on the real Legion runtime, and mappings taken as the published system does."""

import json
import re
import signal
import subprocess
import time

from harness import BUILD, LIMIT_S, PLACEWRIGHT, SOURCE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 1
MACHINE = SOURCE / "share" / "machines" / "p100x4.toml"
ON_GPUS = ("--machine", MACHINE, "--correctness")
AS_PUBLISHED = {"PLACEWRIGHT_AS_PUBLISHED": "1"}
GPU = "Task * GPU,CPU;\n"


class SurveyTestCase(EndToEnd):
    def call(self, *words):
        return subprocess.run([str(PLACEWRIGHT), *map(str, words)], capture_output=True, text=True, check=False,
                              timeout=4 * LIMIT_S, cwd=self.folder)

    def assert_refused(self, process, *words, status=1):
        self.assertEqual((process.returncode, process.stdout), (status, ""))
        for word in words:
            self.assertIn(word, process.stderr)

    def test_quick_comparison_finds_equal_checksums(self):
        done = self.call("experiment", "mappers", "--machine", "p100x4", "--quick", "--apps", "circuit", "--json", "comparison.json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"\Ap100x4: virtual GPUs, correctness runs, not timed, input test\n"
                                      r" +default +expert +hand-written +checksums\n"
                                      r"circuit +ok +ok +ok +equal [0-9a-f]{16}\n\Z")
        row = json.loads((self.folder / "comparison.json").read_text())["tables"][0]["rows"][0]
        alone = self.run_program(None, "-input", "test", "-ll:cpu", 2, program=BUILD / "bin" / "circuit", decisions=False)
        printed = re.search(r"CHECKSUM = (\S+)", alone.stdout)[1]
        self.assertEqual([row["mappers"][name]["checksum"] for name in ("default", "expert", "hand-written")], [printed] * 3)

    def test_comparison_times_and_gives_the_ratio(self):
        done = self.call("experiment", "mappers", "--machine", "cpu", "--apps", "circuit", "--input", "test", "--rounds", 1)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        cell = r"\S+ \[\S+, \S+\] +"
        self.assertRegex(done.stdout, r"\Acpu: measured time of this machine, input test\n.*\n"
                                      rf"circuit +({cell}){{3}}equal +\S+ \[\S+, \S+\]\n.* 1 rounds")

    def test_mistakes_are_named_before_anything_runs(self):
        self.assert_refused(self.call("experiment", "mappers", "--apps", "circus"), "unknown application `circus`", "stencil")
        self.assert_refused(self.call("experiment", "mappers", "--machine", "p200", "--apps", "circuit"), "unknown machine `p200`")
        self.assert_refused(self.call("experiment", "mappers", "--apps", "circuit", "--json", "no/such/file"), "cannot write `no/such/file`")
        self.assert_refused(self.call("experiment", "mappers", "--quick", "--apps", "circuit", "--machine", "p100x4", "--machine", "h200",
                                      "--processes", 2), "h200.toml", "[network]")
        self.assertEqual(self.call("experiment", "mappers", "--rounds", 0).returncode, 2)
        self.assert_refused(self.call("experiment", "validity", "--show", "circuit:7x"), "write it as circuit:7", status=2)
        self.assert_refused(self.call("experiment", "validity", "--show", "circuit"), "write it as circuit:7", status=2)
        self.assert_refused(self.call("experiment", "validity", "--apps", "circuit", "--out", "no/such/log"), "cannot write")

    def validity(self, *words):
        return self.call("experiment", "validity", "--apps", "circuit", "--jobs", 2, *words)

    def trials(self):
        lines = (self.folder / "random-validity.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines[1:]]

    def test_validity_experiment_continues_where_it_was_stopped(self):
        command = [str(PLACEWRIGHT), "experiment", "validity", "--apps", "circuit", "--seeds", "200"]
        process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, text=True)
        log = self.folder / "random-validity.jsonl"
        for _ in range(10 * LIMIT_S):
            if log.exists() and log.read_text().count("\n") > 2:
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=LIMIT_S)
        self.assertEqual(process.returncode, 1)
        self.assertIn("ended early: rerun the same command to continue", out)
        before = self.trials()
        self.assertGreaterEqual(len(before), 2)
        done = self.validity("--seeds", 4)
        self.assertEqual(done.returncode, 0, done.stderr)
        after = self.trials()
        self.assertEqual(after[:len(before)], before)
        keys = [(trial["seed"], trial["front"]) for trial in after]
        self.assertEqual(len(keys), len(set(keys)), "nothing is run twice")
        self.assertLessEqual({(seed, front) for seed in range(1, 5) for front in ("as-published", "checked")}, set(keys))
        self.assertEqual(len(re.findall(r"^drawn +4 +4$", done.stdout, re.MULTILINE)), 2)
        self.assertIn("published, of another system, machine, inputs and draw: 74 of 90 (82.2 %)", done.stdout)
        other = SOURCE / "share" / "machines" / "p100x4-sxm2.toml"
        self.assert_refused(self.validity("--machine", other), "was started with another machine")
        changed = self.folder / "p100x4.toml"
        changed.write_text(MACHINE.read_text().replace("gpus = {value = 4", "gpus = {value = 2"))
        self.assert_refused(self.validity("--machine", changed), "was started with another machine_hash")

    def test_drawn_mapping_is_the_one_that_was_judged(self):
        self.assertEqual(self.validity("--seeds", 1).returncode, 0)
        shown = self.call("experiment", "validity", "--show", "circuit:1")
        run = self.run_program(shown.stdout, "-input", "test", program=BUILD / "bin" / "circuit", options=ON_GPUS,
                               environment=AS_PUBLISHED, decisions=False)
        published = [trial for trial in self.trials() if trial["front"] == "as-published"]
        self.assertEqual(len(published), 1)
        self.assertEqual(run.status, 0 if published[0]["outcome"] == "ok" else 1)
        message = published[0]["message"].split(":", 3)[-1]
        self.assertIn(message, run.stdout + run.stderr)

    def test_as_published_a_rule_that_fits_nothing_is_ignored(self):
        rule = "Task fill OMP;\nRegion fill * CPU FBMEM;\n"
        self.assert_fails(self.run_program(rule, "-ll:cpu", 2), "cannot run on any processor kind of its rule")
        self.run_well(rule, "-ll:cpu", 2, environment=AS_PUBLISHED)

    def test_as_published_a_full_memory_is_the_end(self):
        rules = GPU + "Region * * GPU FBMEM, ZCMEM;\n"
        # Four GPUs of 24 MiB; two strips of 16 MiB come to each.
        sizes = ("-ll:fsize", 24, "-ll:zsize", 256, "-side", 1024, "-points", 8)
        self.run_well(rules, *sizes, options=ON_GPUS)
        run = self.run_program(rules, *sizes, options=ON_GPUS, environment=AS_PUBLISHED)
        self.assert_fails(run, "out-of-memory", "16777216 bytes of FBMEM")
        self.assertNotIn("waits", run.stderr)

    def test_as_published_a_layout_rule_wins_over_the_task_and_legion_refuses(self):
        arguments = ("-feature", "layout_constraints")
        keywords = {"program": BUILD / "bin" / "legion_features", "decisions": False}
        rules = "Task * CPU;\nLayout * * * SOA F_order;\n"
        self.run_well(rules, *arguments, **keywords)
        run = self.run_program(rules, *arguments, environment=AS_PUBLISHED, **keywords)
        self.assert_fails(run, "mapper-error", "Legion did not accept a mapping decision")
