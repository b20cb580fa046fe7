# SPDX-License-Identifier: Apache-2.0
"""`placewright explain-run` on real runs: what went wrong or was slow, with the rows of the published table."""

import os
import subprocess

from findings import Findings
from harness import BUILD, LIMIT_S, PLACEWRIGHT, PROBE, SOURCE

LABELS = ["e2e", "legion", "agent"]
PROCESSORS = 2
CIRCUIT = BUILD / "bin" / "circuit"
DGEMM = BUILD / "bin" / "e2e_dgemm"
FEATURES = BUILD / "bin" / "legion_features"
MACHINE = ["--machine", SOURCE / "share" / "machines" / "p100x4.toml"]
CPU = "Task * CPU;\n"
WORDS = ("stride does not match expected value DGEMM parameter number 8 had an illegal value "
         "Slice processor index out of bound event.exists() LEGION ERROR: out of memory")


class ExplainTestCase(Findings):
    def paper(self, *arguments, options=(), **keywords):
        """The published system's feedback."""
        return self.explain_run(*arguments, options=["--feedback", "paper", *options], **keywords).stdout

    def test_row_1_colon_in_a_function_definition(self):
        mapping = "m = Machine(CPU);\ndef f(Task t): {\n  return m[0, 0];\n}\nIndexTaskMap fill f;\n"
        finding = self.first(mapping, status=1)
        self.assertEqual(finding["kind"], "rejected-mapping")
        self.assertEqual(finding["lines"][0], {"line": 2, "text": "def f(Task t): {"})

    def test_row_2_undefined_function(self):
        finding = self.first("IndexTaskMap fill f;\n", status=1)
        self.assertEqual(finding["kind"], "rejected-mapping")
        self.assertEqual(self.facts(finding, "id"), ["unknown-function"])

    def test_row_3_undefined_machine(self):
        finding = self.first("def f(Task t) { return mgpu[0, 0]; }\nIndexTaskMap fill f;\n", status=1)
        self.assertEqual(finding["what"], "unknown variable `mgpu`")
        self.assertIn("mgpu = Machine(GPU);", finding["advice"])

    def test_row_4_stride_assertion_of_a_leaf(self):
        finding = self.first("Layout * * * F_order;\n", "-checked", "-ll:cpu", 2, program=DGEMM,
                             status=1)
        self.assertEqual(finding["kind"], "unexpected-stride")
        self.assertEqual(finding["lines"], [{"line": 1, "text": "Layout * * * F_order;"}])
        self.assertEqual(self.facts(finding, "without Placewright"), ["crash"])

    def test_row_5_blas_refuses_a_leading_dimension(self):
        finding = self.first("Layout * * * F_order;\n", "-ll:cpu", 2, program=DGEMM, status=1)
        self.assertEqual(finding["kind"], "blas-argument")
        self.assertEqual(finding["what"], "`DGEMM` refused its parameter 8")

    def test_right_layout_computes_the_right_product(self):
        run = self.run_well("Layout * * * C_order;\n", "-checked", "-ll:cpu", 2, program=DGEMM)
        self.assertIn("RESULT = right", run.stdout)
        self.assertRegex(run.stdout, r"THROUGHPUT = [0-9.]+ GFLOPS")
        findings = self.explain("Layout * * * C_order;\n", "-ll:cpu", 2, program=DGEMM, status=0)
        kinds = {finding["kind"] for finding in findings}
        self.assertFalse(kinds & {"unexpected-stride", "blas-argument", "failed"}, kinds)

    def test_row_6_point_outside_of_the_machine(self):
        mapping = CPU + "m = Machine(CPU);\ndef f(Task t) { return m[0, t.ipoint[0]]; }\nIndexTaskMap fill f;\n"
        finding = self.first(mapping, "-ll:cpu", 2, status=1)
        self.assertEqual(finding["kind"], "unplaceable-point")
        self.assertEqual(finding["lines"][0]["line"], 3)
        self.assertEqual(self.facts(finding, "task"), ["`fill`"])
        self.assertEqual(self.facts(finding, "without Placewright"), ["ok"])
        self.assertIn("%", finding["advice"])

    def test_row_8_time_of_circuit_on_virtual_gpus(self):
        text = self.paper(None, "-input", "small", program=CIRCUIT, options=MACHINE)
        self.assertRegex(text, r"^Performance Metric: execution time [0-9.e-]+s\n"
                               r"Suggest: move more tasks to GPU to reduce time\n$")

    def test_row_9_throughput_of_dgemm(self):
        text = self.paper("Layout * * * C_order;\n", "-ll:cpu", 2, program=DGEMM)
        self.assertRegex(text, r"^Performance Metric: achieved throughput [0-9.]+ GFLOPS\n"
                               r"Suggest: try different IndexTaskMap or SingleTaskMap")

    def test_rows_4_to_6_as_published(self):
        text = self.paper("Layout * * * F_order;\n", "-checked", "-ll:cpu", 2, program=DGEMM)
        self.assertIn("Explain: memory layout is unexpected\nSuggest: adjust layout constraints or", text)
        text = self.paper("Layout * * * F_order;\n", "-ll:cpu", 2, program=DGEMM)
        self.assertIn("Suggest: adjust the layout constraint\n", text)
        mapping = CPU + "m = Machine(CPU);\ndef f(Task t) { return m[0, t.ipoint[0]]; }\nIndexTaskMap fill f;\n"
        text = self.paper(mapping, "-ll:cpu", 2)
        self.assertIn("Explain: IndexTaskMap statements cause the error\n", text)
        self.assertIn("Suggest: end first index with % mgpu.size[0]", text)

    def test_words_of_the_program_trigger_nothing(self):
        layout = "Layout * * * C_order;\n"
        quiet = self.explain(layout, "-ll:cpu", 2, program=DGEMM, status=0)
        loud = self.explain(layout, "-ll:cpu", 2, "-say", WORDS, program=DGEMM, status=0)
        failures = {"unexpected-stride", "blas-argument", "unplaceable-point", "out-of-memory",
                    "instance-limit-assertion", "runtime-error", "failed"}
        for findings in (quiet, loud):
            self.assertFalse({finding["kind"] for finding in findings} & failures)
        failed = self.first(layout, "-ll:cpu", 2, "-say", WORDS, "-exit", 3, program=DGEMM, status=1)
        self.assertEqual(failed["kind"], "failed")
        self.assertIn("exit status 3", failed["what"])

    def test_slices_that_legion_refuses(self):
        finding = self.first(None, "-mapper", "slices", "-ll:cpu", 2, program=DGEMM, status=1)
        self.assertEqual(finding["kind"], "bad-slicing")
        self.assertIn("total volume 2 that does not match the expected volume of 4", finding["what"])

    def test_instances_that_legion_refuses(self):
        finding = self.first(None, "-mapper", "region", "-ll:cpu", 2, program=DGEMM, status=1)
        self.assertEqual(finding["kind"], "mapper-output")
        self.assertIn("Mapper specified an instance from region tree", finding["what"])

    def test_processor_that_legion_refuses(self):
        finding = self.first(None, "-mapper", "processor", "-ll:cpu", 2, program=DGEMM, status=1)
        self.assertEqual(finding["kind"], "no-usable-processor")
        self.assertIn("this variant does not permit running on", finding["what"])

    def test_memory_that_legion_refuses(self):
        finding = self.first(None, "-mapper", "memory", "-ll:cpu", 1, program=DGEMM, options=["--processes", 2],
                             status=1)
        self.assertEqual(finding["kind"], "unusable-memory")
        self.assertIn("not visible from the target processors", finding["what"])

    def test_full_memory_under_a_mapping(self):
        mapping = CPU + "Region * * CPU SYSMEM;\n"
        finding = self.first(mapping, "-feature", "long_lived_regions", "-ll:cpu", 2, "-ll:csize", 8,
                             program=FEATURES, status=1)
        self.assertEqual(finding["kind"], "out-of-memory")
        self.assertEqual(self.facts(finding, "memory"), ["SYSMEM"])
        self.assertEqual(self.facts(finding, "asked"), ["1048576 bytes"])
        self.assertEqual(self.facts(finding, "capacity"), ["8388608 bytes"])
        self.assertEqual(self.facts(finding, "live"),
                         ["8388608 bytes in 8 instances for argument 0 of `fill_tile`"])
        self.assertEqual(finding["lines"], [{"line": 2, "text": "Region * * CPU SYSMEM;"}])

    def test_full_memory_under_the_default_mapper(self):
        finding = self.first(None, "-input", "small", "-ll:csize", 0, program=CIRCUIT, status=1)
        self.assertEqual(finding["kind"], "out-of-memory")
        self.assertEqual(self.facts(finding, "memory")[0], "SYSTEM_MEM")
        self.assertEqual(self.facts(finding, "task"), ["init_piece"])

    def test_processors_and_memories_that_do_not_fit(self):
        finding = self.first("Task single OMP;\n", status=1)
        self.assertEqual(finding["kind"], "no-usable-processor")
        finding = self.first(CPU + "Region fill * * FBMEM;\n", status=1)
        self.assertEqual(finding["kind"], "unusable-memory")
        self.assertEqual(finding["lines"][0]["line"], 2)

    def test_crashes_and_time_limits(self):
        self.assertEqual(self.first(CPU, "-crash", status=1)["kind"], "crash")
        hang = self.first(CPU, "-hang", self.folder, options=["--timeout", 4], status=1)
        self.assertEqual(hang["kind"], "timeout")
        self.assertEqual(self.first(None, program="/bin/true", status=1)["kind"], "not-legion")
        self.assertEqual(self.first(CPU, "-own-mapper", status=1)["kind"], "mapper-ignored")

    def test_copies_of_circuit_are_blamed_and_their_cure_is_an_edit(self):
        """The medium input spends its time in tasks; the small one moves shared nodes."""
        mapping = "Task * GPU, CPU;\nRegion * * GPU FBMEM;\n"
        findings = self.explain(mapping, "-input", "small", program=CIRCUIT,
                                options=[*MACHINE, "--time-scale", 200], status=0)
        copies = self.of_kind(findings, "costly-copies")
        self.assertTrue(copies, findings)
        rules = [edit["rules"] for finding in copies for edit in finding["edits"]]
        cure = "Region * rp_ghost GPU ZCMEM;\nRegion * rp_shared GPU ZCMEM;\n"
        self.assertIn(cure, rules)
        again = self.explain(cure + mapping, "-input", "small", program=CIRCUIT,
                             options=[*MACHINE, "--time-scale", 200], status=0)
        moved = [finding for finding in self.of_kind(again, "costly-copies")
                 if "from FBMEM to FBMEM" in finding["what"]]
        self.assertEqual(moved, [])

    def test_kernels_over_the_bus_are_found(self):
        findings = self.explain("Task * GPU, CPU;\nRegion * * GPU ZCMEM;\n", "-input", "medium", "-l", 2,
                                program=CIRCUIT, options=[*MACHINE, "--time-scale", 20], status=0)
        slow = self.of_kind(findings, "slow-zero-copy")
        self.assertIn("`calculate_new_currents`", slow[0]["what"])
        rules = [edit["rules"] for edit in slow[0]["edits"]]
        self.assertIn("Region * rp_wires GPU FBMEM;\n", rules)

    def test_tasks_on_cpus_are_found(self):
        findings = self.explain("Task * CPU;\n", "-input", "small", program=CIRCUIT,
                                options=[*MACHINE, "--time-scale", 200], status=0)
        slow = self.of_kind(findings, "slow-processor") + self.of_kind(findings, "idle-processors")
        self.assertTrue(slow, findings)

    def test_rules_that_decide_nothing(self):
        findings = self.explain(CPU + "Task sum CPU;\nTask sum CPU;\nTask summ CPU;\n", "-ll:cpu", 2,
                                status=0)
        dead = self.of_kind(findings, "dead-rule")
        self.assertEqual(sorted(finding["lines"][0]["line"] for finding in dead), [3, 4])

    def test_all_on_one_processor_is_found(self):
        rule = "m = Machine(CPU);\ndef f(Task t) { return m[0, 0]; }\nIndexTaskMap * f;\n"
        findings = self.explain(CPU + rule, "-ll:cpu", 2, "-side", 200, "-rounds", 20, status=0)
        kinds = {finding["kind"] for finding in findings}
        self.assertTrue(kinds & {"imbalance", "idle-processors"}, kinds)

    def test_text_for_a_person(self):
        command = [PLACEWRIGHT, "explain-run", "--mapping", self.mapping("Task fill GPUS;\n"), "--", PROBE]
        process = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False,
                                 timeout=LIMIT_S, cwd=self.folder)
        self.assertEqual(process.returncode, 1)
        self.assertEqual(process.stdout, """\
1. [rejected-mapping, 100 % of the run] unknown processor kind `GPUS`
   why: the mapping has an error, so nothing was run
   try: did you mean `GPU`?
   id: unknown-processor-kind
   position: 1:11
   found: `GPUS`
   fix: `GPUS` -> `GPU`
   line 1: `Task fill GPUS;`
""")

    def test_program_and_mapping_that_do_not_exist(self):
        finding = self.first(None, "x", options=["--mapping", "nowhere.mapping"], status=1)
        self.assertEqual(finding["kind"], "rejected-mapping")
        process = subprocess.run([str(PLACEWRIGHT), "explain-run", "--", "./nowhere"], text=True,
                                 capture_output=True, check=False, timeout=LIMIT_S, cwd=self.folder)
        self.assertEqual((process.returncode, process.stdout), (1, ""))
        self.assertIn("cannot start `./nowhere`", process.stderr)

    def test_words_that_name_no_study_or_program(self):
        (self.folder / "empty.mapping").write_text("Task * CPU;\n")
        wrote = "give a file that `placewright tune` wrote, such as app.study.db"
        for words, error, help_text in [
                (["--study", "none.db", "--evaluation", "1"], "study `none.db` does not exist", wrote),
                (["--study", "empty.mapping", "--evaluation", "1"], "`empty.mapping` is not a Placewright study", wrote),
                (["--evaluation", "1"], "--evaluation needs --study", "name the study with `--study FILE`"),
                (["--evaluation", "1", "--", "./app"], "--evaluation needs --study", "name the study with `--study FILE`"),
                (["--study", "s.db"], "--study needs --evaluation", "name the evaluation with `--evaluation N`"),
                (["--study", "s.db", "--evaluation", "1", "--", "./app", "-x"],
                 "both the study `s.db` and the program `./app` are given", "leave out one of them"),
                (["--study", "s.db", "--evaluation", "1", "--mapping", "empty.mapping"],
                 "--mapping applies to a program, not to a study",
                 "leave it out: the study holds the mapping of each evaluation"),
                (["--study", "s.db", "--evaluation", "1", "--feedback", "paper"],
                 "--feedback paper applies to a program, not to a study",
                 "leave it out: it reads the program's output, which a study does not keep"),
                ([], "nothing to explain", "give a program after `--`, or `--study FILE --evaluation N`")]:
            with self.subTest(words=words):
                process = subprocess.run([str(PLACEWRIGHT), "explain-run", *words], text=True, capture_output=True,
                                         check=False, timeout=LIMIT_S, cwd=self.folder)
                # A mistake of the command line alone has status 2, what a file holds 1.
                status = 1 if "does not exist" in error or "is not a" in error else 2
                self.assertEqual((process.returncode, process.stdout), (status, ""))
                self.assertEqual(process.stderr, f"placewright: error: {error}\n  help: {help_text}\n")
