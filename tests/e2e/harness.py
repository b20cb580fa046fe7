# SPDX-License-Identifier: Apache-2.0
"""Runs `placewright` on the programs of this folder and reads back what Legion did."""

import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("PLACEWRIGHT_BUILD", SOURCE / "build" / "dev"))
PLACEWRIGHT = BUILD / "bin" / "placewright"
PROBE = BUILD / "bin" / "e2e_probe"
LIMIT_S = 120
# Races of this runtime in several processes (docs/running.md).
RUNTIME_RACE = "internal error of the Legion runtime"

LINEAR = """
m = Machine({kind}).merge(0, 1);
def linear(Task task) {{
  return m[task.ipoint[0] * m.size[0] / task.ispace[0]];
}}
IndexTaskMap {tasks} linear;
"""


def run_again_after_race(command, **keywords):
    """Runs a command; again, twice at most, if the runtime's own race ended it."""
    for _ in range(3):
        process = subprocess.run(command, capture_output=True, text=True, check=False, **keywords)
        if RUNTIME_RACE not in process.stderr:
            break
    return process


class Run:
    """One finished `placewright run`."""

    def __init__(self, process, decisions):
        self.status = process.returncode
        self.stdout = process.stdout
        self.stderr = process.stderr
        self.decisions = decisions

    def of(self, task):
        return [line for line in self.decisions if line["task"] == task]

    def places(self, task):
        """point -> set of (kind, node, processor) over all launches."""
        result = {}
        for line in self.of(task):
            place = (line["kind"], line["node"], line["processor"])
            result.setdefault(tuple(line.get("point", ())), set()).add(place)
        return result

    def arguments(self, task, index, key="memory"):
        return {line["arguments"][index].get(key) for line in self.of(task)}

    def total(self):
        lines = [line for line in self.stdout.splitlines() if line.startswith("TOTAL")]
        return lines[0] if lines else None


def expected_total(points=8, side=8, rounds=2):
    rows, columns = points * side, side
    once = sum((x * 1000 + y) * (x % 7 + 1) for x in range(rows) for y in range(columns))
    return f"TOTAL = {once * rounds}"


class EndToEnd(unittest.TestCase):
    """Gives every test a folder of its own that goes when it ends."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="placewright-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def mapping(self, text):
        path = self.folder / "test.mapping"
        path.write_text(text)
        return str(path)

    def run_program(self, mapping, *arguments, program=PROBE, options=(), decisions=True,
                    environment=()):
        """Runs a program under a mapping's text; None runs it under the default mapper."""
        command = [str(PLACEWRIGHT), "run"]
        if "--timeout" not in options:
            command += ["--timeout", str(LIMIT_S)]
        if mapping is not None:
            command += ["--mapping", self.mapping(mapping)]
        path = self.folder / "decisions.jsonl"
        decisions = decisions and "--decisions" not in options
        if decisions:
            command += ["--decisions", str(path)]
        command += [*map(str, options), "--", str(program), *map(str, arguments)]
        process = run_again_after_race(command, timeout=2 * LIMIT_S, cwd=self.folder,
                                       env={**os.environ, **dict(environment)})
        lines = []
        if decisions and path.exists():
            lines = [json.loads(line) for line in path.read_text().splitlines()]
        return Run(process, lines)

    def run_well(self, mapping, *arguments, **keywords):
        run = self.run_program(mapping, *arguments, **keywords)
        self.assertEqual(run.status, 0, run.stderr)
        return run

    def assert_fails(self, run, *words):
        """Status 1 and one message with all of the words."""
        self.assertEqual(run.status, 1, run.stdout + run.stderr)
        for word in words:
            self.assertIn(word, run.stderr)

    def assert_no_process_left(self, name):
        """Whoever ends them may need a moment on a busy machine."""
        for _ in range(100):
            found = subprocess.run(["pgrep", "-f", str(self.folder)], capture_output=True, text=True,
                                   check=False)
            if found.stdout == "":
                return
            time.sleep(0.1)
        self.fail(f"processes of {name} are left: {found.stdout}")
