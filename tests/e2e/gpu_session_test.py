# SPDX-License-Identifier: Apache-2.0
"""What bench/gpu makes of a session on a real GPU: the machine file runs, failures are told, wrong results do not count."""

import copy
import json
import subprocess
import sys

from harness import BUILD, PLACEWRIGHT, SOURCE, EndToEnd

sys.path.insert(0, str(SOURCE / "bench" / "gpu"))
import machine_file  # noqa: E402
import report  # noqa: E402
import session  # noqa: E402

LABELS = ["e2e"]
PROCESSORS = 1
RECORDED = SOURCE / "bench" / "gpu" / "results" / "h200.json"


def sweep(rows):
    """The rows of a session over four footprints and one hot line."""
    swept = [row for row in rows if not row["name"].startswith(("frame_buffer", "zero_copy"))]
    for row in rows:
        if row not in swept:
            for footprint, rate in ((1 << 12, 4e9), (1 << 20, 2e9), (1 << 24, 3e9), (1 << 28, 1e9)):
                swept.append({**row, "median": rate, "least": rate, "most": rate, "footprint": footprint, "lines": 0})
    swept.append({"name": "zero_copy.atomic_on_lines", "unit": "accesses/s", "median": 1.25e6, "least": 1.25e6,
                  "most": 1.25e6, "footprint": 128, "lines": 1})
    return swept


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

    def test_sweep_over_footprints_becomes_curves(self):
        results = copy.deepcopy(self.results)
        results["microbenchmarks"]["rows"] = sweep(results["microbenchmarks"]["rows"])
        path = self.folder / "machine.toml"
        path.write_text(machine_file.text_of(results))
        text = path.read_text()
        # Halved with each step, and one value in between that noise has made too large.
        self.assertIn('irregular = {unit = "Gaccesses/s", source = "measured: zero_copy.irregular_read_8", points = '
                      '[{footprint = "4KiB", value = 4, min = 4, max = 4}, {footprint = "1MiB", value = 2, min = 2, max = 2}, '
                      '{footprint = "256MiB", value = 1, min = 1, max = 1}]}', text)
        self.assertIn('hot_line = {value = 800, min = 800, max = 800, unit = "ns", source = "measured: '
                      'zero_copy.atomic_on_lines with one line"}', text)
        run = self.run_program(None, "-input", "test", "-ntx", 1, "-nty", 1, program=BUILD / "bin" / "stencil",
                               options=["--machine", path], decisions=False)
        self.assertEqual(run.status, 0, run.stderr)

    def test_mappings_of_single_arguments_are_valid(self):
        paths = session.mappings_alone(self.folder)
        self.assertEqual(len(paths), 6)
        for path in paths.values():
            done = subprocess.run([PLACEWRIGHT, "check", path, "--machine", "nodes=1,GPU=1,CPU=2"], capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)

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
        rows = session.measure_case(fake, "stencil", [], True, 3, session.mappings_of("stencil"))["mappings"]
        self.assertEqual(rows["expert"], {"seconds": [0.5] * 3, "median": 0.5})
        self.assertEqual(rows["frame buffer"], {"seconds": [], "failure": "checksum b instead of a"})
        self.assertEqual(rows["zero-copy"]["failure"], "exit status 1: crashed")
