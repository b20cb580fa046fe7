# SPDX-License-Identifier: Apache-2.0
"""`placewright infer`: the mapping that a program's own mapper amounts to."""

import re
import subprocess

from harness import BUILD, LIMIT_S, PLACEWRIGHT, PROBE, SOURCE, EndToEnd, run_again_after_race

LABELS = ["e2e"]
PROCESSORS = 2
CIRCUIT = BUILD / "bin" / "circuit"
EXPERT = SOURCE / "apps" / "circuit" / "mappings" / "expert.mapping"


def statements(text):
    """Lines of a mapping without comments and empty ones."""
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


class InferTestCase(EndToEnd):
    def infer(self, *command, options=()):
        process = run_again_after_race(
            [str(PLACEWRIGHT), "infer", "-o", "found.mapping", "--timeout", str(LIMIT_S), *options,
             "--", *map(str, command)], timeout=2 * LIMIT_S, cwd=self.folder)
        path = self.folder / "found.mapping"
        return process, path.read_text() if path.exists() else ""

    def assert_all_equal(self, process, least):
        """Every decision of at least so many was reproduced."""
        self.assertEqual(process.returncode, 0, process.stderr)
        counts = re.findall(r"^  (\w+) +(\d+) of (\d+) equal$", process.stdout, re.MULTILINE)
        self.assertEqual([what for what, _, _ in counts], ["processors", "memories", "layouts"])
        for what, equal, total in counts:
            self.assertEqual(equal, total, f"{what}\n{process.stdout}")
            self.assertGreaterEqual(int(total), least)

    def test_handwritten_mapper_of_circuit_on_two_nodes_with_gpus(self):
        process, text = self.infer(
            CIRCUIT, "-mapper", "handwritten", "-input", "small",
            options=["-n", "2", "--machine", SOURCE / "share" / "machines" / "p100x4.toml"])
        self.assert_all_equal(process, least=200)
        self.assertIn("Region * rp_ghost, rp_shared GPU ZCMEM;", text)
        self.assertIn("IndexTaskMap GPU linear_gpu;", text)
        self.assertLessEqual(len(statements(text)), 2 * len(statements(EXPERT.read_text())))

    def test_handwritten_mapper_of_circuit_on_cpus(self):
        process, text = self.infer(CIRCUIT, "-mapper", "handwritten", "-ll:cpu", 3, "-p", 6)
        self.assert_all_equal(process, least=50)
        self.assertIn("def linear_cpu", text)

    def test_mapper_with_choices_of_every_sort(self):
        process, text = self.infer(PROBE, "-own-mapper", "-odd", "-ll:cpu", 3, "-ll:rsize", 16)
        self.assert_all_equal(process, least=16)
        self.assertIn("Region sum strips CPU RDMEM;", text)
        self.assertIn("Layout sum strips * SOA C_order;", text)
        self.assertIn("Priority sum 3;", text)
        self.assertIn("mcpu.size[1] - 1 - i % mcpu.size[1]", text)

    def test_default_mapper_needs_no_rules(self):
        process, text = self.infer(PROBE, "-ll:cpu", 2)
        self.assert_all_equal(process, least=16)
        self.assertEqual(len(statements(text)), 1)

    def test_result_of_a_failing_application(self):
        process, text = self.infer(PROBE, "-exit", 3)
        self.assertEqual((process.returncode, text), (1, ""))
        self.assertIn("status 3", process.stderr)

    def test_folder_that_cannot_be_written(self):
        process = subprocess.run(
            [str(PLACEWRIGHT), "infer", "-o", "no/such/found.mapping", "--", str(PROBE)],
            capture_output=True, text=True, check=False, cwd=self.folder, timeout=LIMIT_S)
        self.assertEqual(process.returncode, 1)
        self.assertIn("cannot write `no/such/found.mapping`", process.stderr)

    def test_own_mapper_shows_its_decisions(self):
        run = self.run_well(None, "-own-mapper", "-odd", "-ll:cpu", 3, "-ll:rsize", 16)
        for (x,), seen in run.places("sum").items():
            self.assertEqual(seen, {("CPU", 0, 2 - x % 3)})
        self.assertEqual(run.arguments("sum", 0), {"RDMEM"})
