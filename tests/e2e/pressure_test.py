# SPDX-License-Identifier: Apache-2.0
"""Memories smaller than what a program needs in all: what goes elsewhere, what waits, what ends the run."""

import collections
import re

from harness import BUILD, SOURCE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 1
FEATURES = BUILD / "bin" / "legion_features"
ON_GPUS = ["--machine", str(SOURCE / "share" / "machines" / "p100x4.toml"), "--correctness"]
HOST = "Task * CPU;\nRegion * * CPU SYSMEM;\n"
ONE_GPU = """
Task top CPU;
Task * GPU, CPU;
m = Machine(GPU);
def first(Task task) { return m[0, 0]; }
SingleTaskMap sum_tile first;
"""
READ_ON_GPU = "Task fill_tile CPU;\nRegion * * CPU SYSMEM;\n" + ONE_GPU
FILL_ON_GPU = ONE_GPU + "SingleTaskMap fill_tile first;\n"


class PressureTestCase(EndToEnd):
    def run_feature(self, mapping, feature, *flags, **keywords):
        return self.run_program(mapping, "-feature", feature, "-ll:cpu", 2, *flags, program=FEATURES,
                                **keywords)

    def run_feature_well(self, result, mapping, feature, *flags, **keywords):
        run = self.run_feature(mapping, feature, *flags, **keywords)
        self.assertEqual(run.status, 0, run.stderr)
        self.assertIn(f"RESULT sum {result}\n", run.stdout)
        return run

    def test_sixty_regions_go_through_the_memory_of_one(self):
        run = self.run_feature_well(1770, HOST, "short_lived_regions", "-ll:csize", 1)
        self.assertIn("SYSMEM is full, so it waits for 1048576 bytes", run.stderr)

    def test_waiting_tasks_leave_no_trace_where_there_is_room(self):
        run = self.run_feature_well(1770, HOST, "short_lived_regions", "-ll:csize", 256)
        self.assertNotIn("full", run.stderr)

    def test_points_wait_too(self):
        self.run_feature_well(435, HOST + "Layout * * SYSMEM Exact;\n", "short_lived_launches",
                              "-ll:csize", 1)

    def test_points_of_two_processes_wait(self):
        self.run_feature_well(435, HOST + "Layout * * SYSMEM Exact;\n", "short_lived_launches",
                              "-ll:csize", 1, options=["--processes", "2"])

    def test_tasks_that_need_two_instances_do_not_block_each_other(self):
        # One CPU, so that they are mapped in the order of the program: see docs/running.md.
        self.run_feature_well(60, HOST, "pairs_of_regions", "-ll:csize", 3, "-ll:cpu", 1)

    def test_waits_with_instance_limits(self):
        self.run_feature_well(1770, HOST + "InstanceLimit * 2;\n", "short_lived_regions",
                              "-ll:csize", 2)

    def test_reductions_of_many_launches_take_turns(self):
        # 80 tasks fold into 1 MiB each; three instances fit beside the region.
        self.run_feature_well(80, HOST, "repeated_folds", "-ll:csize", 4)

    def test_one_reduction_instance_is_enough(self):
        self.run_feature_well(80, HOST, "repeated_folds", "-ll:csize", 2)

    def test_inline_mapping_that_does_not_fit_ends_with_a_message(self):
        run = self.run_feature(HOST, "large_inline_mapping", "-ll:csize", 1)
        self.assertEqual(run.status, 1)
        self.assertIn("out of memory: an inline mapping of `tile` in task `top` needs 1048576 bytes of SYSMEM",
                      run.stderr)
        self.assertIn("no rule reaches inline mappings", run.stderr)

    def test_copies_for_readers_come_and_go_in_the_last_memory(self):
        self.run_feature_well(112, READ_ON_GPU + "Region * * GPU FBMEM;\n", "data_read_again",
                              "-ll:csize", 64, "-ll:fsize", 2, options=ON_GPUS)

    def test_what_stays_ends_the_run_with_its_owner(self):
        run = self.run_feature(HOST, "long_lived_regions", "-ll:csize", 8)
        self.assert_fails(run, "out of memory", "argument 0 (`tile`) of task `fill_tile`",
                          "1048576 bytes of SYSMEM", "holds 8388608 bytes",
                          "8388608 bytes in 8 for argument 0 of `fill_tile`", "test.mapping:2",
                          "-ll:csize")

    def test_data_over_the_frame_buffer_demotes_only_what_does_not_fit(self):
        """16 regions of 1 MiB, 14 % more than the frame buffer has."""
        mapping = FILL_ON_GPU + "Region * * GPU FBMEM, ZCMEM;\n"
        run = self.run_feature_well(120, mapping, "long_lived_regions", "-ll:fsize", 14,
                                    "-ll:zsize", 64, options=ON_GPUS)
        memories = collections.Counter(line["arguments"][0]["memory"]
                                       for line in run.of("fill_tile"))
        self.assertEqual(memories, {"FBMEM": 14, "ZCMEM": 2})
        self.assertIn("FBMEM is full, 1048576 bytes go to ZCMEM instead", run.stderr)

    def test_decisions_are_explained_with_their_rules(self):
        mapping = "Task * GPU, CPU;\nRegion * * GPU FBMEM, ZCMEM;\nLayout * * FBMEM AOS;\n"
        run = self.run_feature_well(120, mapping, "long_lived_regions", "-ll:fsize", 14,
                                    "-ll:zsize", 64, "-ll:gpu", 1, decisions=False,
                                    options=[*ON_GPUS, "--explain-decisions"])
        text = re.sub(r"/\S*/", "", run.stdout)
        self.assertIn("""\
fill_tile: mapped 16 times
  processor         16 x GPU [test.mapping:1:1], place [no rule]
  argument 0        14 x FBMEM [test.mapping:2:1], AOS F_order [test.mapping:3:1]
  argument 0         2 x ZCMEM [test.mapping:2:1, FBMEM full], SOA F_order [no rule]
""", text)
        self.assertIn("1 x CPU [test.mapping:1:1, no GPU for this task]", text)
