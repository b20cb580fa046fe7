# SPDX-License-Identifier: Apache-2.0
"""What `placewright record` writes of programs whose launches are known."""

import gzip
import json
import subprocess

import jsonschema
from harness import BUILD, PLACEWRIGHT, PROBE, SOURCE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 1
LOOPS = BUILD / "bin" / "e2e_loops"


def launched(sequence):
    """The tasks among what a program does."""
    return [word for word in sequence if isinstance(word, str) and word not in ("fence", "clock")]


class RecordTestCase(EndToEnd):
    def record(self, *words, options=()):
        command = [PLACEWRIGHT, "record", "-o", self.folder / "it.recording", *options, "--", *words]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=self.folder)

    def recorded(self, *words, options=()):
        process = self.record(*words, options=options)
        self.assertEqual(process.returncode, 0, process.stderr)
        text = gzip.decompress((self.folder / "it.recording").read_bytes())
        self.said = process.stderr
        whole = json.loads(text)
        self.assertEqual(whole["version"], 2)
        return whole["recording"]

    def program(self, recording):
        """Loops of what the top-level task does: names of tasks, "fence", "clock", ("wait", N)."""
        def word(operation):
            if isinstance(operation, str):
                return operation
            (kind, number), = operation.items()
            return recording["launches"][number]["task"] if kind == "launch" else (kind, number)
        return [(count, [word(recording["operations"][each]) for each in body])
                for count, body in recording["programs"][recording["program"]]]

    def sequence(self, recording):
        return [word for count, body in self.program(recording) for word in count * body]

    def test_files_follow_the_schema(self):
        schema = json.loads((SOURCE / "docs" / "recording.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        for words, options in (((LOOPS, "-ll:cpu", 2, "-steps", 3), ()),
                               ((BUILD / "bin" / "summa", "-input", "small", "-l", 2), ("--machine", "p100x4"))):
            self.recorded(*words, options=options)
            whole = json.loads(gzip.decompress((self.folder / "it.recording").read_bytes()))
            jsonschema.validate(whole, schema, cls=jsonschema.Draft202012Validator)
            del whole["recording"]["pieces"]
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(whole, schema, cls=jsonschema.Draft202012Validator)

    def test_a_loop_is_kept_once(self):
        recording = self.recorded(LOOPS, "-ll:cpu", 2, "-steps", 50, "-size", 4096)
        self.assertEqual([(count, launched(body)) for count, body in self.program(recording) if launched(body)],
                         [(1, ["init"]), (50, ["multiply", "dot", "update"]), (1, ["output"])])
        self.assertIn("605 tasks in 5 different launches, 1 loops", self.said)

    def test_pieces_are_those_that_the_points_use(self):
        recording = self.recorded(LOOPS, "-ll:cpu", 2, "-steps", 3, "-size", 4096)
        multiply, = [launch for launch in recording["launches"] if launch["task"] == "multiply"]
        self.assertEqual(multiply["domain"], [0, 3])
        self.assertEqual([point for point, *_ in multiply["points"]], [[0], [1], [2], [3]])
        for (point,), arguments, *_ in multiply["points"]:
            own, whole = (recording["requirements"][each] for each in recording["argument_lists"][arguments])
            self.assertEqual((own["privilege"], own["fields"]), ("RW", [4]))
            self.assertEqual((whole["privilege"], whole["fields"]), ("RO", [3]))
            boxes = [recording["point_sets"][recording["pieces"][each["piece"]]["points"]]["boxes"] for each in (own, whole)]
            self.assertEqual(boxes, [[[1024 * point, 1024 * point + 1023]], [[0, 4095]]])
        self.assertEqual(recording["field_spaces"], [[[1, 8], [2, 8], [3, 8], [4, 8]]])

    def test_several_processes_write_one_program(self):
        words = (LOOPS, "-ll:cpu", 1, "-steps", 6, "-size", 4096)
        alone, together = self.recorded(*words), self.recorded(*words, options=("--processes", 2))

        def launches(recording):
            sets = recording["point_sets"]

            def data(requirement):
                each = recording["requirements"][requirement]
                return sets[recording["pieces"][each["piece"]]["points"]]["boxes"], each["privilege"], each["fields"]
            return [(launch["task"], launch.get("domain"), launch.get("uses_results"),
                     [(point, [data(each) for each in recording["argument_lists"][arguments]])
                      for point, arguments, *_ in launch["points"]]) for launch in recording["launches"]]
        self.assertEqual(launches(together), launches(alone))
        self.assertEqual(self.program(together), self.program(alone))
        self.assertEqual(together["left_out"], alone["left_out"])

    def test_fills_and_marks_of_traces(self):
        features = BUILD / "bin" / "legion_features"
        recording = self.recorded(features, "-feature", "fills", "-ll:cpu", 2)
        filled = []
        for operation in recording["operations"]:
            if isinstance(operation, dict) and "fill" in operation:
                requirement = recording["requirements"][operation["fill"]]
                piece = recording["pieces"][requirement["piece"]]
                filled.append((recording["point_sets"][piece["points"]]["boxes"], requirement["fields"], requirement["privilege"]))
        (whole,), *_ = max(filled, key=lambda fill: fill[0][0][1])
        pieces = [boxes for boxes, *_ in filled if boxes != [whole]]
        # Each field of the whole region, and one of its pieces one by one.
        self.assertEqual(sum(boxes == [whole] for boxes, *_ in filled), 2)
        self.assertEqual(sum(hi - lo + 1 for ((lo, hi),) in pieces), whole[1] - whole[0] + 1)
        self.assertEqual({(len(fields), privilege) for _, fields, privilege in filled}, {(1, "WD")})
        kinds = ["fill" if isinstance(word, tuple) and word[0] == "fill" else word for word in self.sequence(recording)]
        self.assertLess(kinds.index("fill"), kinds.index("total"))
        # The second value of a field is given after its first was read.
        self.assertIn("fill", kinds[kinds.index("total"):])
        traced = self.recorded(LOOPS, "-ll:cpu", 2, "-traced", "-steps", 5, "-size", 4096)
        loop, = [body for count, body in self.program(traced) if count == 5]
        self.assertEqual([word for word in loop if isinstance(word, tuple) and "trace" in word[0]],
                         [("begin_trace", 7), ("end_trace", 7)])

    def test_steps_that_differ_now_and_then(self):
        recording = self.recorded(LOOPS, "-ll:cpu", 2, "-shape", "output", "-steps", 40)
        step = ["multiply", "dot", "update"]
        self.assertEqual(launched(self.sequence(recording)), ["init"] + 4 * (10 * step + ["output"]) + ["output"])

    def test_tasks_of_tasks_have_programs_of_their_own(self):
        recording = self.recorded(BUILD / "bin" / "cannon", "-input", "small", "-l", 3,
                                  options=["--machine", SOURCE / "share" / "machines" / "p100x4.toml"])
        nested = [task for launch in recording["launches"] for task in launch["points"] if len(task) > 2 and task[2] is not None]
        self.assertTrue(nested)
        self.assertGreater(len(recording["programs"]), 1)

    def test_windows_that_a_program_times_are_marked(self):
        recording = self.recorded(BUILD / "bin" / "circuit", "-input", "small", "-l", 5,
                                  options=["--machine", SOURCE / "share" / "machines" / "p100x4.toml"])
        sequence = self.sequence(recording)
        first, last = (at for at, word in enumerate(sequence) if word == "clock")
        self.assertEqual(sequence[first - 2:first], ["fence", ("wait", 0)])
        self.assertEqual(sequence[last - 2:last], ["fence", ("wait", 0)])
        self.assertEqual(launched(sequence[first + 1:last - 2]), 5 * ["calculate_new_currents", "distribute_charge", "update_voltages"])

    def test_results_that_later_tasks_use(self):
        recording = self.recorded(BUILD / "bin" / "pennant", "-input", "small", "-l", 5,
                                  options=["--machine", SOURCE / "share" / "machines" / "p100x4.toml"])
        launches = {}
        for launch in recording["launches"]:
            launches.setdefault(launch["task"], set()).add(tuple(launch.get("uses_results", [])))
        # The step of this cycle and the limit of the last one; none in the first cycle.
        self.assertIn((8, 1), launches["calc_global_dt"])
        self.assertIn((1,), launches["adv_pos_half"])

    def test_costs_are_those_that_the_application_states(self):
        recording = self.recorded(BUILD / "bin" / "summa", "-input", "test",
                                  options=["--machine", SOURCE / "share" / "machines" / "p100x4.toml"])
        leaf = [launch for launch in recording["launches"] if launch["task"] == "task_4"]
        costs = [recording["costs"][point[3]] for launch in leaf for point in launch["points"]]
        self.assertTrue(costs)
        for cost in costs:
            self.assertGreater(cost["fp64_flops"], 0)
            self.assertEqual([argument for argument, *_ in cost["arguments"]], [0, 1, 2])

    def test_variants_and_their_demands(self):
        recording = self.recorded(BUILD / "bin" / "summa", "-input", "test",
                                  options=["--machine", SOURCE / "share" / "machines" / "p100x4.toml"])
        leaf = [each for each in recording["variants"] if any("demands" in variant for variant in each)]
        self.assertEqual(len(leaf), 1)
        self.assertEqual([variant["kind"] for variant in leaf[0]], ["CPU", "GPU"])
        self.assertEqual([argument for argument, _ in leaf[0][0]["demands"]], [0, 1, 2])

    def test_sparse_pieces_have_boxes(self):
        recording = self.recorded(LOOPS, "-ll:cpu", 2, "-shape", "sparse", "-steps", 5)
        touch, = [launch for launch in recording["launches"] if launch["task"] == "touch"]
        (_, arguments, *_), = touch["points"]
        requirement = recording["requirements"][recording["argument_lists"][arguments][0]]
        points = recording["point_sets"][recording["pieces"][requirement["piece"]]["points"]]
        self.assertEqual(points, {"dim": 1, "boxes": [[0, 9], [20, 29]]})

    def test_pieces_have_the_names_that_rules_use(self):
        recording = self.recorded(BUILD / "bin" / "circuit", "-ll:cpu", 2, "-input", "small", "-l", 3)
        names = {name for piece in recording["pieces"] for name in piece["names"]}
        self.assertLessEqual({"rp_shared", "rp_ghost", "rp_private", "rp_wires"}, names)

    def test_a_recording_is_a_workload(self):
        self.recorded(LOOPS, "-ll:cpu", 2, "-steps", 3)
        checked = subprocess.run([str(PLACEWRIGHT), "check", self.mapping("Task multiplyy CPU;"), "--workload",
                                  str(self.folder / "it.recording")], capture_output=True, text=True, check=False)
        self.assertIn("multiplyy", checked.stderr)

    def test_what_is_no_recording_is_refused(self):
        self.recorded(LOOPS, "-ll:cpu", 2, "-steps", 3)
        path = self.folder / "it.recording"
        whole = path.read_bytes()
        path.write_bytes(whole[:len(whole) // 2])
        checked = subprocess.run([str(PLACEWRIGHT), "check", self.mapping("Task * CPU;"), "--workload", str(path)],
                                 capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 1)
        self.assertIn("it is cut off", checked.stderr)

    def test_refusals(self):
        unwritable = subprocess.run([str(PLACEWRIGHT), "record", "-o", "/nowhere/it", "--", str(PROBE)],
                                    capture_output=True, text=True, check=False)
        self.assertEqual(unwritable.returncode, 1)
        self.assertIn("cannot write", unwritable.stderr)
