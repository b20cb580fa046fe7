# SPDX-License-Identifier: Apache-2.0
"""What bench/gpu makes of a session on a real GPU: the machine file runs, failures are told, wrong results do not count."""

import copy
import json
import sys

from harness import BUILD, SOURCE, EndToEnd

sys.path.insert(0, str(SOURCE / "bench" / "gpu"))
import machine_file  # noqa: E402
import report  # noqa: E402
import session  # noqa: E402

LABELS = ["e2e"]
PROCESSORS = 1
RECORDED = SOURCE / "bench" / "gpu" / "results" / "h200.json"


class FakeSession:
    """Answers with one checksum per mapping file."""

    def __init__(self, checksums):
        self.checksums = checksums

    def run(self, _application, _words, mapping, _runtime_words):
        checksum = self.checksums.get(mapping.stem if mapping else "default")
        return {"seconds": 0.5, "checksum": checksum} if checksum else {"failure": "exit status 1: crashed"}


class GpuSessionTestCase(EndToEnd):
    def setUp(self):
        super().setUp()
        self.results = json.loads(RECORDED.read_text())

    def test_machine_file_is_the_one_of_the_recorded_session(self):
        self.assertEqual(machine_file.text_of(self.results), (SOURCE / "share" / "machines" / "h200.toml").read_text())

    def test_page_begins_with_the_recorded_session(self):
        page = (SOURCE / "bench" / "RESULTS-gpu.md").read_text()
        self.assertEqual(page[:len(report.text_of(self.results))], report.text_of(self.results))

    def test_measured_machine_runs(self):
        results = copy.deepcopy(self.results)
        results["microbenchmarks"]["device"] = "NVIDIA Tesla T9"
        path = self.folder / "machine.toml"
        path.write_text(machine_file.text_of(results))
        self.assertIn('name = "tesla-t9"', path.read_text())
        run = self.run_program(None, "-input", "test", "-ntx", 1, "-nty", 1, program=BUILD / "bin" / "stencil",
                               options=["--machine", path], decisions=False)
        self.assertEqual(run.status, 0, run.stderr)
        self.assertRegex(run.stdout, r"ELAPSED TIME = [0-9.]+ s")

    def test_page_lists_what_failed(self):
        results = copy.deepcopy(self.results)
        results["cases"] = results["cases"][:1]
        results["cases"][0]["mappings"]["expert"] = {"seconds": [], "failure": "no result after 60 s"}
        results["cases"].append({"application": "summa", "words": ["-n", "9"], "failure": "not run"})
        text = report.text_of(results)
        self.assertIn("| circuit | -input small | 4.666 [4.47, 5.536] | failed (see below) |", text)
        self.assertIn("- circuit | -input small, expert: no result after 60 s", text)
        self.assertIn("- summa | -n 9: not run", text)

    def test_wrong_results_and_crashes_do_not_count(self):
        fake = FakeSession({"default": "a", "expert": "a", "frame_buffer": "b"})
        rows = session.measure_case(fake, "stencil", [], True, 3)["mappings"]
        self.assertEqual(rows["expert"], {"seconds": [0.5] * 3, "median": 0.5})
        self.assertEqual(rows["frame buffer"], {"seconds": [], "failure": "checksum b instead of a"})
        self.assertEqual(rows["zero-copy"]["failure"], "exit status 1: crashed")
