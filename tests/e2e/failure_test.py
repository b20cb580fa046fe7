# SPDX-License-Identifier: Apache-2.0
"""What goes wrong says so in one message, with status 1, and leaves no process behind."""

import os
import time

from harness import SOURCE, EndToEnd, expected_total

LABELS = ["e2e"]
PROCESSORS = 1
CPU = "Task * CPU;\n"


class FailureTestCase(EndToEnd):
    def test_wrong_mapping_never_starts_the_run(self):
        run = self.run_program("Task fill GPUS;\n")
        self.assert_fails(run, "test.mapping:1:11", "error")
        self.assertEqual(run.stdout, "")
        self.assertEqual(run.decisions, [])

    def test_missing_mapping_file(self):
        run = self.run_program(None, options=["--mapping", "nowhere.mapping"])
        self.assert_fails(run, "nowhere.mapping")

    def test_empty_mapping_file(self):
        run = self.run_program("")
        self.assert_fails(run, "test.mapping:1:1: error: the mapping is empty", "[empty-mapping]")
        self.assertEqual(run.decisions, [])

    def test_mapping_that_is_a_folder(self):
        run = self.run_program(None, options=["--mapping", str(self.folder)])
        self.assert_fails(run, f"`{self.folder}` is a folder, not a file")

    def test_names_that_the_application_does_not_have(self):
        run = self.run_well(CPU + "Region fil * CPU SYSMEM;\nRegion * strip CPU SYSMEM;\n")
        self.assertIn("test.mapping:2:8: warning: the application launched no task `fil`", run.stderr)
        self.assertIn("did you mean `fill`?", run.stderr)
        self.assertIn("test.mapping:3:10: warning: no region argument of the application is named "
                      "`strip` [unknown-region]", run.stderr)
        self.assertIn("did you mean `strips`?", run.stderr)

    def test_names_that_the_application_has_on_some_process_give_no_warning(self):
        rules = "Region fill strips CPU SYSMEM;\nRegion sum totals CPU SYSMEM;\n"
        run = self.run_well(CPU + rules, options=["-n", "2"])
        self.assertNotIn("warning", run.stderr)

    def test_memory_that_no_processor_of_the_task_sees(self):
        run = self.run_program(CPU + "Region fill * * FBMEM;\n")
        self.assert_fails(run, "test.mapping:2:1: error: no memory listed for argument 0",
                          "task `fill`", "FBMEM")

    def test_memory_of_a_general_rule_that_nobody_sees_leaves_it_to_the_default(self):
        run = self.run_well(CPU + "Region * * * FBMEM;\n")
        self.assertEqual(run.arguments("fill", 0), {"SYSMEM"})

    def test_index_outside_of_the_machine(self):
        rule = "m = Machine(CPU);\ndef f(Task t) { return m[0, t.ipoint[0]]; }\nIndexTaskMap fill f;\n"
        run = self.run_program(CPU + rule, "-ll:cpu", 2)
        self.assert_fails(run, "test.mapping:3:")

    def test_division_by_zero_in_a_map(self):
        rule = "m = Machine(CPU);\ndef f(Task t) { return m[0, 1 / (t.ipoint[0] - t.ipoint[0])]; }\n"
        run = self.run_program(CPU + rule + "IndexTaskMap fill f;\n", "-ll:cpu", 2)
        self.assert_fails(run, "test.mapping:3:")

    def test_task_without_a_variant_for_any_listed_kind(self):
        run = self.run_program("Task single OMP;\n")
        self.assert_fails(run, "`single`", "OMP")

    def test_crash_is_named_with_its_signal(self):
        run = self.run_program(CPU, "-crash")
        self.assert_fails(run, "crash", "signal 11")

    def test_crash_in_several_processes(self):
        run = self.run_program(CPU, "-crash", options=["-n", "2"])
        self.assert_fails(run, "crash", "signal 11")
        self.assert_no_process_left("the crash")

    def test_hang_is_stopped_and_leaves_no_process(self):
        start = time.monotonic()
        run = self.run_program(CPU, "-hang", self.folder, options=["--timeout", "4"])
        self.assert_fails(run, "timeout", "4 s")
        self.assertLess(time.monotonic() - start, 60)
        self.assert_no_process_left("the hang")

    def test_hang_of_several_processes_leaves_no_process(self):
        run = self.run_program(CPU, "-hang", self.folder,
                               options=["--timeout", "8", "--processes", "2"])
        self.assert_fails(run, "timeout")
        self.assert_no_process_left("the hang")

    def test_own_exit_status_is_told(self):
        run = self.run_program(CPU, "-exit", 3)
        self.assert_fails(run, "exit status 3")

    def test_program_that_is_no_legion_program(self):
        run = self.run_program(CPU, program="/bin/true")
        self.assert_fails(run, "not-legion")

    def test_program_that_does_not_exist(self):
        run = self.run_program(CPU, program="./nowhere")
        self.assert_fails(run, "cannot start `./nowhere`")

    def test_folder_of_decisions_that_does_not_exist(self):
        run = self.run_program(CPU, options=["--decisions", "no/such/folder"], decisions=False)
        self.assert_fails(run, "cannot write `no/such/folder`")

    def test_full_disk(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        run = self.run_program(CPU, options=["--decisions", "/dev/full"], decisions=False)
        self.assert_fails(run, "cannot write `/dev/full`")

    def test_impossible_machine_file(self):
        path = self.folder / "machine.toml"
        path.write_text("[shape]\nnodes = -1\n")
        run = self.run_program(CPU, options=["--machine", str(path)])
        self.assert_fails(run, "machine.toml")

    def test_impossible_time_scale(self):
        machine = SOURCE / "share" / "machines" / "p100x4.toml"
        run = self.run_program(CPU, options=["--machine", machine, "--time-scale", "nan"])
        self.assert_fails(run, "a time scale of nan is not possible")

    def test_impossible_time_limit(self):
        run = self.run_program(CPU, options=["--timeout", "nan"])
        self.assert_fails(run, "a time limit of nan s is not possible")

    def test_empty_values_are_not_missing_ones(self):
        for option in ("--machine", "--mapping", "--profile"):
            run = self.run_program(CPU, options=[option, ""])
            self.assertEqual(run.status, 2)
            self.assertIn("its value is empty", run.stderr)

    def test_modelled_time_without_a_machine(self):
        run = self.run_program(CPU, options=["--time-scale", "4"])
        self.assertEqual(run.status, 2)
        self.assertIn("--machine", run.stderr)

    def test_no_place_for_temporary_files(self):
        run = self.run_program(CPU, environment={"TMPDIR": "/no/such/folder"}, decisions=False)
        self.assert_fails(run, "cannot create a folder `/no/such/folder")

    def test_flag_without_a_number(self):
        run = self.run_program(CPU, "-ll:cpu", "many")
        self.assert_fails(run, "`-ll:cpu` expects a number")

    def test_option_that_realm_does_not_know(self):
        run = self.run_program(CPU, "-ll:nonsense", 1)
        self.assert_fails(run, "this build of Realm does not know `-ll:nonsense`")

    def test_usage_mistake_is_status_two(self):
        run = self.run_program(CPU, options=["--processes", "0"])
        self.assertEqual(run.status, 2)

    def test_virtual_region_of_a_leaf_task_takes_the_next_kind(self):
        run = self.run_well(CPU + "Region fill * * VIRTUAL,SYSMEM;\n", "-ll:cpu", 2)
        self.assertEqual(run.arguments("fill", 0), {"SYSMEM"})
        self.assertEqual(run.total(), expected_total())

    def test_replicating_a_task_that_is_not_replicable(self):
        run = self.run_program(CPU + "ControlReplicate single;\n", options=["-n", "2"])
        self.assert_fails(run, "`single` cannot be replicated")
