# SPDX-License-Identifier: Apache-2.0
"""Programs with mappers and tags of their own are run, tuned and left alone where they must be."""

import re
import subprocess

from harness import BUILD, PLACEWRIGHT, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 2
TIMEOUT_S = 400
PROGRAM = BUILD / "bin" / "e2e_own_mappers"
BLOCK = """
m = Machine(CPU);
def block(Task task) { return m[0, task.ipoint[0] * m.size[1] / task.ispace[0]]; }
IndexTaskMap * block;
"""


def checksum(text):
    return re.search(r"CHECKSUM = (\S+)", text)[1]


class OwnMappersTestCase(EndToEnd):
    def tune(self, *options, kind):
        command = [PLACEWRIGHT, "tune", "--budget", "150s", "--evaluations", 2, "--strategy", "descent", "--checksum",
                   r"CHECKSUM = (\S+)", *options, "--", PROGRAM, kind, "-ll:cpu", 2]
        done = subprocess.run(list(map(str, command)), cwd=self.folder, capture_output=True, text=True, timeout=TIMEOUT_S,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "best.mapping").exists())
        # With the program's own mapper, which the default row may replace.
        self.assertRegex(done.stdout, r"(?m)^untouched +[0-9.e-]+ .* your command line$")
        return done

    def test_circuit_with_a_mapper_and_tags_of_its_own_is_tuned(self):
        untouched = self.run_well(None, "circuit", "-ll:cpu", 2, program=PROGRAM, decisions=False)
        done = self.tune("--replace-mapper", kind="circuit")
        self.assertRegex(done.stdout, r"(?m)^best +[0-9.e-]+ ")
        best = self.run_well((self.folder / "best.mapping").read_text(), "circuit", "-ll:cpu", 2, program=PROGRAM,
                             options=["--replace-mapper"])
        self.assertEqual(checksum(best.stdout), checksum(untouched.stdout))
        # The tags mean nothing to us: no argument became virtual.
        self.assertNotIn("VIRTUAL", {each["memory"] for line in best.of("currents") for each in line["arguments"]})

    def test_library_keeps_its_mapper_unless_it_is_replaced(self):
        run = self.run_well(BLOCK, "library", "-loops", 2, "-ll:cpu", 2, program=PROGRAM)
        self.assertIn("2 launches of `solve` use the program's mapper 7; `--replace-mapper` takes its place", run.stderr)
        self.assertEqual({place for places in run.places("voltages").values() for place in places},
                         {("CPU", 0, 0), ("CPU", 0, 1)})
        replaced = self.run_well(BLOCK, "library", "-loops", 2, "-ll:cpu", 2, program=PROGRAM, options=["--replace-mapper"])
        self.assertNotIn("the program's mapper", replaced.stderr)
        self.assertEqual({place for places in replaced.places("solve").values() for place in places},
                         {("CPU", 0, 0), ("CPU", 0, 1)})
        self.assertEqual(checksum(run.stdout), checksum(replaced.stdout))

    def test_rules_tell_launches_apart_by_their_mapper(self):
        rule = """
def last(Task task) { return m[0, m.size[1] - 1]; }
def first(Task task) { return m[0, task.mapper_id / 8]; }
IndexTaskMap * last if task.mapper_id == 7;
IndexTaskMap * first;
m = Machine(CPU);
"""
        run = self.run_well(rule, "library", "-loops", 2, "-ll:cpu", 2, program=PROGRAM, options=["--replace-mapper"])
        for task, processor in {"solve": 1, "voltages": 0}.items():
            self.assertEqual({place for places in run.places(task).values() for place in places},
                             {("CPU", 0, processor)}, task)

    def test_program_beside_a_library_is_tuned(self):
        self.tune(kind="library")
        text = (self.folder / "best.mapping").read_text()
        self.assertNotIn("solve", text)
