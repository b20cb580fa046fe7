# SPDX-License-Identifier: Apache-2.0
"""The published table's failures (out of memory, wrong layout, wrong processor) in the benchmark applications: each by its
class and by the words of whoever refused, Legion itself where it is asked."""

import re

from findings import Findings
from harness import BUILD, SOURCE

LABELS = ["e2e"]
PROCESSORS = 1
P100 = SOURCE / "share" / "machines" / "p100x4.toml"
ON_GPUS = ["--machine", P100]
FRAME_BUFFER = "Task * GPU, CPU;\nRegion * * GPU FBMEM;\n"
AS_PUBLISHED = {"PLACEWRIGHT_AS_PUBLISHED": "1"}


class ApplicationFailureTestCase(Findings):
    def run_application(self, name, mapping, *arguments, **keywords):
        return self.run_program(mapping, *arguments, program=BUILD / "bin" / name, decisions=False,
                                **keywords)

    def first_finding(self, name, mapping, *arguments):
        finding = self.first(mapping, *arguments, program=BUILD / "bin" / name, options=ON_GPUS, status=1)
        self.assertTrue(finding["why"] and finding["advice"], finding)
        return finding

    def checksum_of(self, run):
        self.assertEqual(run.status, 0, run.stderr)
        return re.search(r"CHECKSUM = (\w+)", run.stdout)[1]

    def test_frame_buffer_that_is_too_small(self):
        """A tile of small is 12.6 MB of points in two fields; a block of its matrices 2 MB."""
        for name, size, data in (("stencil", 8, "`private`"), ("summa", 4, "of task `fill`")):
            words = ["-input", "small", "-ll:fsize", size]
            under_mapping = self.run_application(name, FRAME_BUFFER, *words, options=ON_GPUS)
            self.assert_fails(under_mapping, "test.mapping:2:1: error: out of memory", data,
                              f"{size * 2**20} bytes in all", "help: list another memory",
                              "the run ended: out-of-memory")
            finding = self.first_finding(name, FRAME_BUFFER, *words)
            self.assertEqual(finding["kind"], "out-of-memory")
            self.assertEqual(finding["lines"][0], {"line": 2, "text": "Region * * GPU FBMEM;"})

    def test_frame_buffer_that_is_too_small_for_mappers_in_cpp(self):
        """Legion's default mapper says it, and hand-written ones leave the saying to it."""
        inputs = {"circuit": "medium", "stencil": "small", "pennant": "small", "summa": "small", "cosma": "small"}
        for name, size in inputs.items():
            for mapper in ("default", "handwritten"):
                run = self.run_application(name, None, "-input", size, "-ll:fsize", 1,
                                           "-mapper", mapper, options=ON_GPUS)
                self.assert_fails(run, "placewright: out-of-memory:", "(GPU_FB_MEM) for processor",
                                  "Default mapper failed allocation of size")

    def test_zero_copy_memory_takes_what_a_full_frame_buffer_cannot(self):
        words = ["-input", "small", "-l", 1, "-warmup", 1]
        expected = self.checksum_of(self.run_application("stencil", None, *words, "-ll:cpu", 2))
        mapping = "Task * GPU, CPU;\nRegion * * GPU FBMEM, ZCMEM;\n"
        run = self.run_application("stencil", mapping, *words, "-ll:fsize", 8,
                                   options=[*ON_GPUS, "--correctness"])
        self.assertIn("FBMEM is full", run.stderr)
        self.assertEqual(self.checksum_of(run), expected)

    def test_host_memory_that_is_too_small(self):
        words = ["-input", "small", "-ll:csize", 4]
        run = self.run_application("summa", "Region * * CPU SYSMEM;\n", *words)
        self.assert_fails(run, "test.mapping:1:1: error: out of memory", "SYSMEM", "-ll:csize")
        run = self.run_application("summa", None, *words)
        self.assert_fails(run, "placewright: out-of-memory:", "(SYSTEM_MEM) for processor")

    def test_layout_that_the_leaf_cannot_walk(self):
        mapping = FRAME_BUFFER + "Layout task_4 * * SOA F_order;\n"
        words = ["-input", "test", "-verify"]
        run = self.run_application("summa", mapping, *words, options=[*ON_GPUS, "--correctness"])
        self.assertIn("the task demands SOA C_order, the rule at", run.stderr)
        self.assertIn("VERIFICATION = passed", run.stdout)
        run = self.run_application("summa", mapping, *words, options=ON_GPUS, environment=AS_PUBLISHED)
        self.assert_fails(run, "placewright: mapper-error: Legion did not accept a mapping decision",
                          "selected variant task_4", "fails to satisfy the corresponding Ordering layout constraint")

    def test_processor_without_a_variant(self):
        run = self.run_application("summa", FRAME_BUFFER + "Task task_7 OMP;\n", "-input", "test", options=ON_GPUS)
        self.assert_fails(run, "task `task_7`", "the run ended: mapper-error")
        finding = self.first_finding("summa", "Task task_7 OMP;\n", "-input", "test")
        self.assertEqual(finding["kind"], "no-usable-processor")
        self.assertEqual(finding["lines"][0]["line"], 1)

    def test_processor_of_another_kind(self):
        mapping = (FRAME_BUFFER + "m = Machine(CPU);\ndef f(Task t) { return m[0, 0]; }\n"
                   "IndexTaskMap stencil f;\n")
        run = self.run_application("stencil", mapping, "-input", "test", options=ON_GPUS)
        self.assert_fails(run, "test.mapping:4:5: error: `f` at point (0)",
                          "returned a CPU processor for a task on GPU", "the run ended: mapper-error")
        finding = self.first_finding("stencil", mapping, "-input", "test")
        self.assertIn(4, [line["line"] for line in finding["lines"]])

    def test_point_outside_of_the_machine(self):
        mapping = (FRAME_BUFFER + "m = Machine(GPU);\ndef f(Task t) { return m[0, t.ipoint[0] * 2]; }\n"
                   "IndexTaskMap adv_pos_half f;\n")
        run = self.run_application("pennant", mapping, "-input", "test", options=ON_GPUS)
        self.assert_fails(run, "test.mapping:4:", "index 4 is outside dimension 1 of size 4",
                          "the run ended: mapper-error")
        finding = self.first_finding("pennant", mapping, "-input", "test")
        self.assertEqual(finding["kind"], "unplaceable-point")
        self.assertIn("%", finding["advice"])
