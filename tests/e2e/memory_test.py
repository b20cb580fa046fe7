# SPDX-License-Identifier: Apache-2.0
"""Memory kinds and layouts, read back from Legion's instances; virtual GPUs."""

from harness import BUILD, LINEAR, SOURCE, EndToEnd, expected_total

LABELS = ["e2e"]
PROCESSORS = 1
MACHINE = str(SOURCE / "share" / "machines" / "p100x4.toml")
ON_GPUS = ["--machine", MACHINE, "--correctness"]
GPU = "Task fill,sum GPU;\n" + LINEAR.format(kind="GPU", tasks="fill,sum")


class MemoryTestCase(EndToEnd):
    def layout(self, words, expected_layout, expected_order):
        rule = f"Task * CPU;\nRegion * * * SYSMEM;\nLayout * * * {words};\n"
        run = self.run_well(rule, "-ll:cpu", 2)
        self.assertEqual(run.arguments("sum", 0, "layout"), {expected_layout})
        self.assertEqual(run.arguments("sum", 0, "order"), {expected_order})
        self.assertEqual(run.total(), expected_total())

    def test_layout_soa_fortran_order(self):
        self.layout("SOA F_order", "SOA", "F")

    def test_layout_soa_c_order(self):
        self.layout("SOA C_order", "SOA", "C")

    def test_layout_aos_fortran_order(self):
        self.layout("AOS F_order", "AOS", "F")

    def test_layout_aos_c_order(self):
        self.layout("AOS C_order", "AOS", "C")

    def test_layout_with_alignment_runs(self):
        self.layout("SOA F_order Align == 128", "SOA", "F")

    def test_exact_makes_an_instance_of_the_piece_only(self):
        base = "Task * CPU;\n"
        whole = self.run_well(base, "-ll:cpu", 2)
        exact = self.run_well(base + "Layout * strips SYSMEM Exact;\n", "-ll:cpu", 2)
        piece = 8 * 8 * 2 * 8  # rows x columns x fields x bytes
        self.assertEqual(exact.arguments("sum", 0, "instance_bytes"), {piece})
        self.assertEqual(whole.arguments("sum", 0, "instance_bytes"), {8 * piece})
        self.assertEqual(exact.total(), expected_total())

    def test_gpus_take_their_points_and_the_frame_buffer(self):
        run = self.run_well(GPU + "Region * * GPU FBMEM;\n", options=ON_GPUS)
        for (x,), seen in run.places("sum").items():
            self.assertEqual(seen, {("GPU", 0, x * 4 // 8)})
        self.assertEqual(run.arguments("fill", 0), {"FBMEM"})
        self.assertEqual(run.arguments("sum", 1), {"FBMEM"})
        self.assertEqual(run.arguments("sum", 1, "reduction"), {True})
        self.assertEqual(run.total(), expected_total())

    def test_region_rules_choose_by_index_and_by_name(self):
        rules = "Region sum strips GPU ZCMEM;\nRegion sum 1 GPU FBMEM;\nRegion * * GPU FBMEM;\n"
        run = self.run_well(GPU + rules, options=ON_GPUS)
        self.assertEqual(run.arguments("sum", 0), {"ZCMEM"})
        self.assertEqual(run.arguments("sum", 1), {"FBMEM"})
        self.assertEqual(run.arguments("fill", 0), {"FBMEM"})
        self.assertEqual(run.total(), expected_total())

    def test_a_kind_that_the_machine_lacks_is_skipped(self):
        run = self.run_well(GPU + "Region * * GPU SOCKMEM,RDMEM,ZCMEM;\n", options=ON_GPUS)
        self.assertEqual(run.arguments("fill", 0), {"ZCMEM"})

    def test_tasks_stay_on_cpus_under_a_machine_file(self):
        run = self.run_well("Task * CPU;\nRegion * * CPU SYSMEM;\n", options=ON_GPUS)
        self.assertEqual({place[0] for seen in run.places("sum").values() for place in seen},
                         {"CPU"})
        self.assertEqual(run.total(), expected_total())

    def test_inner_task_maps_its_regions_virtually(self):
        run = self.run_well("Task * CPU;\nRegion outer * * VIRTUAL;\n", "-nested", "-ll:cpu", 2)
        self.assertEqual(run.arguments("outer", 0), {"VIRTUAL"})
        self.assertEqual(run.arguments("sum", 0), {"SYSMEM"})
        self.assertEqual(run.total(), expected_total())

    def test_collect_memory_keeps_results(self):
        run = self.run_well("Task * CPU;\nCollectMemory sum *;\n", "-ll:cpu", 2, "-rounds", 5)
        self.assertEqual(run.total(), expected_total(rounds=5))

    def test_full_frame_buffer_is_told_with_the_rule(self):
        rules = "Region * * GPU FBMEM;\n"
        # Four GPUs of 8 MiB; a strip of 1024 x 1024 x 16 bytes is 16 MiB.
        run = self.run_program(GPU + rules, "-ll:fsize", 8, "-side", 1024, "-points", 4,
                               options=ON_GPUS)
        self.assert_fails(run, "out-of-memory", "16777216 bytes of FBMEM", "argument 0",
                          "`strips`", "test.mapping:", "-ll:fsize")
        self.assertNotIn("waits", run.stderr)

    def test_full_frame_buffer_falls_back_on_the_next_memory(self):
        rules = "Region * * GPU FBMEM, ZCMEM;\n"
        # Four GPUs of 24 MiB; two strips of 16 MiB come to each.
        run = self.run_well(GPU + rules, "-ll:fsize", 24, "-ll:zsize", 256, "-side", 1024,
                            "-points", 8, options=ON_GPUS)
        self.assertEqual(run.arguments("fill", 0), {"FBMEM", "ZCMEM"})
        self.assertIn("FBMEM is full, 16777216 bytes go to ZCMEM instead", run.stderr)
        self.assertEqual(run.total(), expected_total(side=1024))

    def test_last_memory_of_a_list_that_is_full_ends_the_run(self):
        rules = "Region * * GPU FBMEM, ZCMEM;\n"
        run = self.run_program(GPU + rules, "-ll:fsize", 8, "-ll:zsize", 8, "-side", 1024,
                               "-points", 4, options=ON_GPUS)
        self.assert_fails(run, "out-of-memory", "16777216 bytes of FBMEM", "test.mapping:")

    def test_program_without_gpu_variants_is_refused_on_virtual_gpus(self):
        run = self.run_program("Task * GPU,CPU;\n", program=BUILD / "bin" / "e2e_probe_cpu",
                               options=ON_GPUS)
        self.assert_fails(run, "no task variant for GPUs")
