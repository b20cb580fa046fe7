# SPDX-License-Identifier: Apache-2.0
"""What the runtime's own work takes on a modelled machine."""

import re

from harness import BUILD, SOURCE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 1
LAUNCHES, POINTS, ARGUMENTS, SCALE = 5, 16, 3, 100
TASK, ARGUMENT, REPLAYED_TASK, REPLAYED_ARGUMENT = 100e-6, 10e-6, 20e-6, 1e-6
SECTION = """
[runtime]
utility_processors = {{value = 1, source = "test"}}
task = {{value = {}, unit = "s", source = "test"}}
argument = {{value = {}, unit = "s", source = "test"}}
copy = {{value = 0, unit = "s", source = "test"}}
instance = {{value = 0, unit = "s", source = "test"}}
captured_task = {{value = 0, unit = "s", source = "test"}}
captured_argument = {{value = 0, unit = "s", source = "test"}}
replayed_task = {{value = {}, unit = "s", source = "test"}}
replayed_argument = {{value = {}, unit = "s", source = "test"}}
replayed_copy = {{value = 0, unit = "s", source = "test"}}
""".format(TASK, ARGUMENT, REPLAYED_TASK, REPLAYED_ARGUMENT)


class RuntimeCostTestCase(EndToEnd):
    def launch(self, cost, traced):
        """Wall seconds of launches that do nothing."""
        machine = self.folder / "machine.toml"
        machine.write_text((SOURCE / "share/machines/p100x4-sxm2.toml").read_text() + SECTION)
        run = self.run_well("Task * GPU, CPU;\nRegion * * GPU FBMEM;\n", "-launches", LAUNCHES, "-points", POINTS,
                            "-args", ARGUMENTS, "-traced", traced, program=BUILD / "bin" / "launch_overhead",
                            decisions=False,
                            options=["--machine", machine, "--time-scale", SCALE, "--runtime-cost", cost])
        return float(re.search(r"ELAPSED TIME = ([0-9.]+)", run.stdout)[1])

    def test_each_point_takes_its_time_of_the_utility_processor(self):
        self.assertGreaterEqual(self.launch("model", 0), LAUNCHES * POINTS * (TASK + ARGUMENTS * ARGUMENT) * SCALE)

    def test_replays_take_theirs(self):
        replayed = LAUNCHES * POINTS * (REPLAYED_TASK + ARGUMENTS * REPLAYED_ARGUMENT) * SCALE
        self.assertGreaterEqual(self.launch("model", 1), replayed)

    def test_a_machine_without_costs_is_refused(self):
        run = self.run_program(None, program=BUILD / "bin" / "launch_overhead", decisions=False,
                               options=["--machine", SOURCE / "share/machines/p100x4-sxm2.toml", "--runtime-cost", "model"])
        self.assert_fails(run, "p100x4-sxm2.toml: no section `[runtime]`")
