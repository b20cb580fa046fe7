# SPDX-License-Identifier: Apache-2.0
"""A host with two sockets, between which almost nothing passes."""

import re

from harness import BUILD, SOURCE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 1
SECTION = """
[sockets]
count = {value = 2, source = "test"}
link_bandwidth_peak = {value = 10, unit = "MB/s", source = "test"}
link_bandwidth_efficiency = {value = 1, source = "test"}
gpus = [0, 0, 1, 1]
"""
# More than 1 MB takes the link in each run below: 0.1 s. With one socket they take about 1 ms.
LEAST = 0.1


class SocketsTestCase(EndToEnd):
    def seconds(self, mapping):
        machine = self.folder / "machine.toml"
        machine.write_text((SOURCE / "share/machines/p100x4-sxm2.toml").read_text() + SECTION)
        run = self.run_well(mapping, "-input", "small", program=BUILD / "bin" / "circuit", decisions=False,
                            options=["--machine", machine, "--time-scale", 2])
        return float(re.search(r"ELAPSED TIME = ([0-9.]+)", run.stdout)[1])

    def test_gpus_of_the_second_socket_reach_zero_copy_memory_over_the_link(self):
        self.assertGreaterEqual(self.seconds("Task * GPU;\nRegion * * GPU ZCMEM;\n"), LEAST)

    def test_cpu_tasks_reach_the_other_half_of_system_memory_over_the_link(self):
        self.assertGreaterEqual(self.seconds("Task * CPU;\n"), LEAST)
