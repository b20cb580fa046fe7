# SPDX-License-Identifier: Apache-2.0
"""`placewright run --profile` and `placewright profile`."""

import collections
import json
import re
import subprocess

from harness import BUILD, LIMIT_S, PLACEWRIGHT, PROBE, SOURCE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 1
CIRCUIT = BUILD / "bin" / "circuit"
CPU = "Task * CPU;\n"
MACHINE = SOURCE / "share" / "machines" / "p100x4.toml"
MOVING = """Task * GPU, CPU;
Region * * GPU FBMEM;
Region * rp_ghost GPU ZCMEM;
"""


class ProfileTestCase(EndToEnd):
    def profile(self, mapping, *arguments, options=(), **keywords):
        path = self.folder / "profile.json"
        run = self.run_well(mapping, *arguments, options=[*options, "--profile", path], **keywords)
        return run, json.loads(path.read_text())

    def show(self, *arguments):
        return subprocess.run([str(PLACEWRIGHT), "profile", *map(str, arguments)], text=True,
                              capture_output=True, check=False, timeout=LIMIT_S, cwd=self.folder)

    def test_profile_counts_what_the_decisions_count(self):
        run, profile = self.profile(CPU, "-ll:cpu", 2)
        ran = collections.Counter()
        for task in profile["tasks"]:
            ran[task["task"], task["kind"], task["node"], task["processor"]] += task["count"]
        decided = collections.Counter((line["task"], line["kind"], line["node"], line["processor"])
                                      for line in run.decisions)
        self.assertEqual(ran, decided)
        names = {(each["task"], each["region"]) for each in profile["instances"]}
        self.assertIn(("fill", "strips"), names)
        self.assertIn("map_task", {each["call"] for each in profile["mapper_calls"]})

    def test_profile_of_two_processes_is_one(self):
        run, profile = self.profile(CPU, "-ll:cpu", 1, options=["-n", "2"])
        self.assertEqual(profile["nodes"], 2)
        for task in ("fill", "sum"):
            counts = {each["node"]: each["count"] for each in profile["tasks"]
                      if each["task"] == task}
            self.assertEqual(sum(counts.values()), len(run.of(task)))
            self.assertEqual(set(counts), {line["node"] for line in run.of(task)})

    def test_copies_agree_with_the_statistics_of_the_virtual_gpus(self):
        pattern = self.folder / "gpus_%.json"
        _, profile = self.profile(MOVING, "-input", "small", program=CIRCUIT, decisions=False,
                                  options=["--machine", MACHINE],
                                  environment={"PLACEWRIGHT_VGPU_STATS": str(pattern)})
        (path,) = self.folder.glob("gpus_*.json")
        moved = collections.defaultdict(lambda: [0, 0])
        for copy in profile["copies"]:
            gpu = re.search(r"FBMEM (\d)", copy["from"] + copy["to"])
            if gpu is None:
                continue
            on_device = copy["from"] in ("", copy["to"])
            way = ("local" if on_device else
                   "host_to_device" if copy["to"].startswith("FBMEM") else "device_to_host")
            moved[int(gpu[1]), way][0] += copy["count"]
            moved[int(gpu[1]), way][1] += copy["bytes"]
        total = 0
        for gpu in json.loads(path.read_text())["gpus"]:
            for way in ("local", "host_to_device", "device_to_host"):
                counted = [gpu[way]["count"], gpu[way]["bytes"]]
                self.assertEqual(moved[gpu["gpu"], way], counted, (gpu["gpu"], way))
                total += counted[0]
        self.assertGreater(total, 100)
        device = sum(task["device_s"] for task in profile["tasks"])
        self.assertGreater(device, 0)

    def test_log_holds_less_than_200_bytes_per_event(self):
        _, profile = self.profile(CPU, "-ll:cpu", 2, "-rounds", 50)
        events = sum(each["count"] for part in ("tasks", "copies", "instances", "mapper_calls")
                     for each in profile[part])
        self.assertGreater(events, 1000)
        self.assertLess(profile["log_bytes"] / profile["records"], 200)

    def test_reading_legions_own_logs(self):
        run = self.run_well(CPU, "-ll:cpu", 2, "-lg:prof", 1, "-lg:prof_logfile", "own_%.log")
        shown = self.show("own_0.log", "--json")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        profile = json.loads(shown.stdout)
        counts = {each["task"]: 0 for each in profile["tasks"]}
        for each in profile["tasks"]:
            counts[each["task"]] += each["count"]
        self.assertEqual(counts["fill"], len(run.of("fill")))
        table = self.show("own_0.log", "--rows", 2)
        self.assertRegex(table.stdout, r"task +processor +count")

    def test_files_that_are_no_profile(self):
        (self.folder / "text").write_text("hello\n")
        (self.folder / "object").write_text("{}\n")
        for name, message in (("text", "is not a binary profile of Legion"),
                              ("object", "has version 0"), ("missing", "no such file: `missing`")):
            shown = self.show(name)
            self.assertEqual((shown.returncode, shown.stdout), (1, ""))
            self.assertIn(message, shown.stderr)
