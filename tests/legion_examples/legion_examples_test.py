# SPDX-License-Identifier: Apache-2.0
"""Programs out of Legion's source: run under a mapping, recorded, and simulated."""

import gzip
import json
import subprocess
import unittest

from harness import BUILD, PLACEWRIGHT, EndToEnd

CPUS = 2
MAPPING = "Task * CPU;\nRegion * * CPU SYSMEM;\n"
# Small: what they print says whether they are right.
PROGRAMS = {
    "privileges": ["-n", 4096],
    "partitioning": ["-n", 4096, "-b", 8],
    "multiple_partitions": ["-n", 4096, "-b", 8],
    "attach_array_daxpy": ["-n", 4096, "-b", 8],
    "inline_tasks": ["-n", 4096, "-b", 8],
    "transpose": ["-n", 64],
}
WRONG = ("FAILURE", "FAILED", "mismatch")


class LegionExamplesTestCase(EndToEnd):
    def call(self, *words):
        return subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False, cwd=self.folder)

    def program(self, name):
        return [BUILD / "bin" / f"legion_{name}", *PROGRAMS[name], "-ll:cpu", CPUS]

    def machine(self):
        """This machine, with as many processors as the program has."""
        path = self.folder / "machine.toml"
        found = self.call(PLACEWRIGHT, "machine", "discover", "-o", path)
        self.assertEqual(found.returncode, 0, found.stderr)
        lines = [f'cpu_processors = {{value = {CPUS}, source = "the test"}}' if line.startswith("cpu_processors") else line
                 for line in path.read_text().splitlines()]
        path.write_text("\n".join(lines) + "\n")
        return path

    def test_each_runs_under_a_mapping_is_recorded_and_simulated(self):
        mapping = self.mapping(MAPPING)
        machine = self.machine()
        for name in PROGRAMS:
            with self.subTest(name):
                decisions, recording = self.folder / f"{name}.jsonl", self.folder / f"{name}.recording"
                ran = self.call(PLACEWRIGHT, "run", "--replace-mapper", "--mapping", mapping, "--decisions", decisions, "--",
                                *self.program(name))
                self.assertEqual(ran.returncode, 0, ran.stderr)
                for word in WRONG:
                    self.assertNotIn(word, ran.stdout)
                lines = [json.loads(line) for line in decisions.read_text().splitlines()]
                self.assertEqual({line["kind"] for line in lines}, {"CPU"})

                recorded = self.call(PLACEWRIGHT, "record", "--replace-mapper", "-o", recording, "--", *self.program(name))
                self.assertEqual(recorded.returncode, 0, recorded.stderr)
                launched = sum(line["depth"] > 0 for line in lines)
                self.assertIn(f"{launched} tasks in ", recorded.stderr)
                self.assertEqual(json.loads(gzip.decompress(recording.read_bytes()))["version"], 2)

                simulated = self.call(PLACEWRIGHT, "simulate", "--json", "--workload", recording, "--machine", machine, mapping)
                self.assertEqual(simulated.returncode, 0, simulated.stdout + simulated.stderr)
                self.assertGreater(json.loads(simulated.stdout)[0]["all_s"], 0)


if __name__ == "__main__":
    unittest.main()
