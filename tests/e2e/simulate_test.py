# SPDX-License-Identifier: Apache-2.0
"""Predictions of recorded programs: their order is that of real runs on virtual GPUs, and what cannot be predicted is said."""

import gzip
import json
import re
import subprocess

from harness import BUILD, PLACEWRIGHT, SOURCE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 1
MACHINE = SOURCE / "share" / "machines" / "p100x4.toml"


class SimulateTestCase(EndToEnd):
    def record(self, program, *arguments, options=("--machine", MACHINE)):
        path = self.folder / "it.recording"
        process = subprocess.run(list(map(str, [PLACEWRIGHT, "record", "-o", path, *options, "--", BUILD / "bin" / program,
                                                *arguments])), capture_output=True, text=True, check=False, cwd=self.folder)
        self.assertEqual(process.returncode, 0, process.stderr)
        return path

    def simulate(self, recording, *mappings, machine=MACHINE):
        command = [PLACEWRIGHT, "simulate", "--json", "--workload", recording, "--machine", machine, *mappings]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=self.folder)

    def predictions(self, recording, *texts):
        files = []
        for number, text in enumerate(texts):
            files.append(self.folder / f"{number}.mapping")
            files[-1].write_text(text)
        process = self.simulate(recording, *files)
        self.assertEqual(process.returncode, 0, process.stdout + process.stderr)
        return json.loads(process.stdout)

    def test_the_expert_beats_frame_buffers_on_circuit(self):
        expert = (SOURCE / "apps" / "circuit" / "mappings" / "expert.mapping").read_text()
        recording = self.record("circuit", "-input", "small", "-l", 6)
        zero_copy, frame_buffer = self.predictions(recording, expert, "Task * GPU, CPU;\nRegion * * GPU FBMEM;\n")
        # Runs on virtual GPUs take 34 us a step against 110.
        self.assertLess(zero_copy["step_s"], 0.5 * frame_buffer["step_s"])
        self.assertEqual(zero_copy["kind"], "simulated")
        again, _ = self.predictions(recording, expert, expert)
        self.assertEqual(again["step_s"], zero_copy["step_s"])

    def test_bytes_are_those_of_the_pieces(self):
        recording = self.record("cannon", "-input", "small", "-l", 2)
        one, four = self.predictions(recording, "Task * GPU, CPU;\nm = Machine(GPU);\ndef f(Task task) { return m[0, 0]; }\n"
                                     "IndexTaskMap fill, task_1, task_2, task_3 f;\nSingleTaskMap task_4 f;\n",
                                     (SOURCE / "apps" / "cannon" / "mappings" / "expert.mapping").read_text())
        between = [sum(move["bytes"] for move in each["moves"] if move["from"] and not move["local"]) for each in (one, four)]
        self.assertEqual(between[0], 0)
        self.assertGreater(between[1], 0)

    def test_a_critical_path_adds_up_to_its_span(self):
        recording = self.record("circuit", "-input", "small", "-l", 6)
        mapping, = self.predictions(recording, "Task * GPU, CPU;\nRegion * * GPU FBMEM;\n")
        self.assertAlmostEqual(sum(each["share"] for each in mapping["critical_path"]), 1, places=6)
        # Shared nodes come back from the other GPUs in each iteration.
        self.assertTrue(any("copies" in each["what"] for each in mapping["critical_path"]), mapping["critical_path"])

    def tune(self, recording, *options):
        command = [PLACEWRIGHT, "tune", "--simulate", "--workload", recording, "-o", "found.mapping", *options]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=self.folder)

    def test_a_search_that_runs_nothing_beats_the_expert(self):
        recording = self.record("circuit", "-input", "small", "-l", 6)
        expert = SOURCE / "apps" / "circuit" / "mappings" / "expert.mapping"
        process = self.tune(recording, "--machine", MACHINE, "--expert", expert, "--budget", "20s")
        self.assertEqual(process.returncode, 0, process.stderr)
        self.assertIn("simulated (modelled seconds of a step)", process.stdout)
        found, known = self.predictions(recording, (self.folder / "found.mapping").read_text(), expert.read_text())
        self.assertLess(found["step_s"], known["step_s"])
        # No study and nothing else is left.
        self.assertFalse(list(self.folder.glob("*.db")))

    def test_machines_of_several_nodes(self):
        recording = self.record("circuit", "-input", "small", "-l", 4)
        mapping = self.mapping("Task * GPU, CPU;\nm = Machine(GPU);\n"
                               "def turns(Task task) { return m[task.ipoint[0] % m.size[0], 0]; }\nIndexTaskMap GPU turns;\n")
        one, four = (self.simulate(recording, mapping, machine=each) for each in ("lassen", "lassen:4"))
        for process in one, four:
            self.assertEqual(process.returncode, 0, process.stderr)
        # One node of both machines has as many processors.
        self.assertEqual(one.stderr, "")
        self.assertIn("the pieces of data are those of that machine", four.stderr)
        one, four = json.loads(one.stdout)[0], json.loads(four.stdout)[0]
        self.assertEqual((one["level"], four["level"]), ("driver", "shared"))
        self.assertFalse(any(move["across_nodes"] for move in one["moves"]))
        self.assertTrue(any(move["across_nodes"] for move in four["moves"]))
        self.assertEqual(len(four["peaks"]), 4 * len(one["peaks"]))

    def test_bounds_and_replays_are_printed(self):
        recording = self.record("circuit", "-input", "small", "-l", 4)
        command = [PLACEWRIGHT, "simulate", "--workload", recording, "--machine", "p100x4", "--replays", 8, self.mapping("Task * GPU, CPU;")]
        process = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=self.folder)
        self.assertEqual(process.returncode, 0, process.stderr)
        self.assertEqual(process.stderr, "")
        self.assertIn("simulated (driver level), modelled seconds", process.stdout)
        self.assertRegex(process.stdout, r"under any mapping: the longest chain of tasks")
        shares = [float(share) for share in re.findall(r" s +([0-9.]+) %  under ", process.stdout)]
        self.assertGreaterEqual(len(shares), 3)
        self.assertTrue(all(0 < share <= 100 for share in shares), process.stdout)
        self.assertRegex(process.stdout, r"replays: median, p90")

    def test_a_simulated_run_is_profiled_drawn_and_explained(self):
        recording = self.record("circuit", "-input", "small", "-l", 4)
        mapping = self.mapping("Task * GPU, CPU;")
        command = [PLACEWRIGHT, "simulate", "--workload", recording, "--machine", "p100x4", "--explain", "--profile", "profile.json",
                   "--timeline", "timeline.json"]
        process = subprocess.run(list(map(str, [*command, mapping])), capture_output=True, text=True, check=False, cwd=self.folder)
        self.assertEqual((process.returncode, process.stderr), (0, ""))
        self.assertIn("findings, by the simulated times:", process.stdout)
        self.assertRegex(process.stdout, r"(?m)^1\. \[")
        shown = subprocess.run([PLACEWRIGHT, "profile", self.folder / "profile.json"], capture_output=True, text=True, check=False)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("simulated, level driver", shown.stdout)
        profile = json.loads((self.folder / "profile.json").read_text())
        predicted = json.loads(self.simulate(recording, mapping).stdout)[0]
        self.assertEqual(sum(copy["bytes"] for copy in profile["copies"]), sum(move["bytes"] for move in predicted["moves"]))
        events = json.loads((self.folder / "timeline.json").read_text())["traceEvents"]
        tasks = [each for each in events if each.get("cat") == "task"]
        # As many as the profile counts.
        self.assertEqual(len(tasks), sum(task["count"] for task in profile["tasks"]))
        lines = {each["tid"]: [] for each in tasks}
        for each in tasks:
            lines[each["tid"]].append((each["ts"], each["ts"] + each["dur"]))
        for spans in lines.values():
            self.assertTrue(all(end <= begin + 1e-6 for (_, end), (begin, _) in zip(spans, spans[1:])))
        several = subprocess.run(list(map(str, [*command, mapping, mapping])), capture_output=True, text=True, check=False, cwd=self.folder)
        self.assertEqual(several.returncode, 1)
        self.assertIn("are for one mapping", several.stderr)

    def test_a_machine_that_is_not_there(self):
        recording = self.record("circuit", "-input", "small", "-l", 4)
        mapping = self.mapping("Task * GPU, CPU;")
        for machine, words in (("lasen", "did you mean `lassen`?"), ("lassen:0", "from 1 to 65536"), ("lassen:9999", "at most 4096")):
            process = self.simulate(recording, mapping, machine=machine)
            self.assertEqual(process.returncode, 1)
            self.assertIn(words, process.stderr)

    def check(self, recording, text, machine):
        command = [PLACEWRIGHT, "check", self.mapping(text), "--workload", recording, "--machine", machine]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=self.folder)

    def test_a_recorded_run_is_checked_without_running(self):
        recording = self.record("cannon", "-input", "small", "-l", 2)
        good = self.check(recording, "Task * GPU, CPU;", "p100x4")
        self.assertEqual((good.returncode, good.stderr), (0, ""))
        tiny = self.folder / "tiny.toml"
        tiny.write_text(MACHINE.read_text().replace("frame_buffer = {value = 15000,", "frame_buffer = {value = 1,"))
        full = self.check(recording, "Task * GPU, CPU;\nRegion * * GPU FBMEM;", tiny)
        self.assertRegex(full.stderr, r":2:1: (error|warning): out of memory: .*FBMEM")
        # Tasks without stated costs are checked too.
        loops = self.record("e2e_loops", "-ll:cpu", 2, "-steps", 3, options=())
        self.assertEqual(self.check(loops, "Task * CPU;", "cpu-cluster").returncode, 0)

    def test_this_machine_is_described_and_calibrated(self):
        def machine(*words):
            return subprocess.run(list(map(str, [PLACEWRIGHT, "machine", *words])), capture_output=True, text=True, check=False,
                                  cwd=self.folder)
        here = self.folder / "here.toml"
        found = machine("discover", "-o", here)
        self.assertEqual((found.returncode, found.stderr), (0, ""))
        described = machine("show", here)
        self.assertEqual(described.returncode, 0, described.stderr)
        self.assertRegex(described.stdout, r"cpu\.fp64_peak .* measured")
        # What is calibrated must not depend on how busy this machine is: a built-in one, and one that computes half as fast.
        # Runs are those of the simulator.
        here.write_text(machine("show", "cpu-cluster").stdout)
        twin = self.folder / "twin.toml"
        twin.write_text(re.sub(r"(fp(?:32|64)_efficiency = \{value = )0.25", r"\g<1>0.125", here.read_text()))
        mapping = self.mapping("Task * CPU;")
        runs = ""
        for wires in 200, 400, 800:
            recording = self.record("circuit", "-input", "test", "-npp", 50, "-wpp", wires, "-l", 4, options=("--machine", here))
            recording.rename(self.folder / f"{wires}.recording")
            recording = self.folder / f"{wires}.recording"
            step_s = json.loads(self.simulate(recording, mapping, machine=twin).stdout)[0]["step_s"]
            runs += f'[[run]]\nrecording = "{wires}.recording"\nmapping = "{mapping}"\nseconds = {step_s}\n'
        (self.folder / "runs.toml").write_text(runs)
        fitted = machine("calibrate", here, "runs.toml", "-o", "fitted.toml")
        self.assertEqual((fitted.returncode, fitted.stderr), (0, ""))
        self.assertAlmostEqual(float(re.search(r"(?m)^compute +x ([0-9.]+)", fitted.stdout)[1]), 0.5, delta=0.01)
        again = json.loads(self.simulate(recording, mapping, machine=self.folder / "fitted.toml").stdout)[0]["step_s"]
        self.assertAlmostEqual(again / step_s, 1, delta=0.01)
        for words, error in ((("calibrate", "lassen:2", "runs.toml"), "number of nodes"), (("calibrate", here, "nothing"), "nothing"),
                             (("calibrate", here, mapping), ":1:")):
            refused = machine(*words)
            self.assertEqual(refused.returncode, 1)
            self.assertIn(error, refused.stderr)

    def test_built_in_machines(self):
        def machine(*words):
            return subprocess.run([PLACEWRIGHT, "machine", *words], capture_output=True, text=True, check=False)
        listed = machine("list")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        names = [line.split()[0] for line in listed.stdout.splitlines()[1:]]
        self.assertEqual(names, sorted(path.stem for path in MACHINE.parent.glob("*.toml")))
        self.assertEqual(machine("show", "lassen").stdout, (MACHINE.parent / "lassen.toml").read_text())
        self.assertIn("nodes=16,", machine("show", "lassen:16").stdout)
        unknown = machine("show", "nothing")
        self.assertEqual(unknown.returncode, 1)
        self.assertIn("machine list", unknown.stderr)

    def test_a_search_needs_a_machine_and_a_recording(self):
        recording = self.record("circuit", "-input", "small", "-l", 6)
        process = self.tune(recording)
        self.assertEqual(process.returncode, 2)
        self.assertIn("--simulate needs a machine", process.stderr)
        process = self.tune(self.folder / "nothing", "--machine", MACHINE)
        self.assertEqual(process.returncode, 1)
        self.assertIn("nothing", process.stderr)

    def test_tasks_without_a_stated_cost_are_measured(self):
        recording = self.record("e2e_loops", "-ll:cpu", 2, "-steps", 20, options=())
        data = json.loads(gzip.decompress(recording.read_bytes()))
        measured = data["recording"]["measured"]
        self.assertTrue(measured)
        self.assertTrue(all(each["kind"] == "CPU" and each["seconds"] > 0 and each["count"] > 0 for each in measured), measured)
        self.assertNotIn("execution times", data["recording"]["left_out"])
        mapping = self.mapping("Task * CPU;")
        process = self.simulate(recording, mapping, machine="cpu-cluster")
        self.assertEqual(process.returncode, 0, process.stdout + process.stderr)
        predicted = json.loads(process.stdout)[0]
        self.assertGreater(predicted["measured_tasks"], 0)
        # Nothing is faster than the longest task.
        self.assertGreaterEqual(predicted["all_s"], max(each["seconds"] for each in measured))

    def test_an_unknown_cost_is_told(self):
        recording = self.record("e2e_loops", "-ll:cpu", 2, "-steps", 3, options=("--no-times",))
        mapping = self.mapping("Task * CPU;")
        process = self.simulate(recording, mapping)
        self.assertEqual(process.returncode, 1)
        self.assertIn("its application states no cost", json.loads(process.stdout)[0]["refusal"])

    def test_refusals(self):
        mapping = self.mapping("Task * CPU;")
        missing = self.simulate(self.folder / "nothing", mapping)
        self.assertEqual(missing.returncode, 1)
        self.assertIn("nothing", missing.stderr)
        (self.folder / "other").write_text('{"version": 1}')
        other = self.simulate(self.folder / "other", mapping)
        self.assertEqual(other.returncode, 1)
        self.assertIn("not a recording", other.stderr)
