# SPDX-License-Identifier: Apache-2.0
"""Several processes as several nodes: the modelled network between them, and GPUs that share a bus."""

import json
import re

from harness import BUILD, SOURCE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 2
P100 = SOURCE / "share" / "machines" / "p100x4.toml"
TWO_NODES = ["--processes", 2, "--machine", P100]
COPIES = BUILD / "bin" / "bench_virtual_gpu_copies"
MOVEMENT = BUILD / "bin" / "virtual_gpu_movement"
# bandwidth_peak x bandwidth_efficiency and latency of P100
BANDWIDTH, LATENCY = 12.5e9 * 0.92, 1.5e-6
REGION_BYTES = 64 * 48 * 9


class NetworkTestCase(EndToEnd):
    def test_copies_between_two_nodes_are_exact_and_counted(self):
        pattern = self.folder / "stats_%.json"
        run = self.run_well(None, program=MOVEMENT, decisions=False,
                            options=[*TWO_NODES, "--correctness"],
                            environment={"PLACEWRIGHT_VGPU_STATS": str(pattern)})
        self.assertIn("far zero-copy to zero-copy: exact", run.stdout)
        self.assertIn("reductions from near and far: exact", run.stdout)
        self.assertIn("wrong elements: 0", run.stdout)
        networks = [json.loads(path.read_text())["network"] for path in self.folder.glob("stats_*")]
        self.assertEqual({network["process"] for network in networks}, {0, 1})
        for network in networks:
            (sent,) = network["sent"]
            self.assertEqual(sent["to"], 1 - network["process"])
            # Four of the steps copy the whole region to either side.
            self.assertGreaterEqual(sent["bytes"], 4 * REGION_BYTES)
            modelled = sent["messages"] * LATENCY + sent["bytes"] / BANDWIDTH
            self.assertAlmostEqual(sent["modelled_s"], modelled, delta=1e-6 * modelled)

    def test_no_copy_beats_the_modelled_network(self):
        # The program fails when a copy of 4 MiB takes less than its model; more than it, machines may.
        run = self.run_well(None, "-mib", 4, "-repetitions", 3, "-limit", 1000, program=COPIES,
                            decisions=False, options=[*TWO_NODES, "--time-scale", 4])
        self.assertEqual(len(re.findall("median ratio", run.stdout)), 5, run.stdout)

    def test_two_gpus_behind_one_switch_take_the_sum(self):
        # 9 us + 4 MiB at 15.75 GB/s x 0.78, twice, at four times the time.
        run = self.run_well(None, "-mib", 4, "-repetitions", 3, "-limit", 1000, program=COPIES,
                            decisions=False, options=[
                                "--machine", SOURCE / "share" / "machines" / "p100x4-switch.toml",
                                "--time-scale", 4])
        self.assertIn("host to two GPUs on one bus: 4 MiB each, model 2.803 ms", run.stdout)

    def test_several_processes_need_a_network(self):
        text = P100.read_text()
        start = text.index("[network]")
        machine = self.folder / "lonely.toml"
        machine.write_text(text[:start] + text[text.index("[host]"):])
        run = self.run_program(None, program=COPIES, decisions=False,
                               options=["--processes", 2, "--machine", machine])
        self.assert_fails(run, "lonely.toml: no section `[network]`, which 2 processes need",
                          "or run one process")
