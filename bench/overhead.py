#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the plug-in, instance limits, profiles and flags cost, as ratios of run times.

The cases `GPU` run on virtual GPUs without kernels and with copies of next to no time, under a mapping that decides what the
default mapper decides.

usage: bench/overhead.py BUILD_FOLDER [--pairs N] [--only NAME]

Every case runs `launch_overhead` in two ways, in interleaved pairs (the order inside a pair alternates), and prints the ratio of
each pair's times: median with a 95 % interval from the order statistics of the pairs (binomial, no assumption about the
distribution). At the end: what the preload and the registration take inside a process.
"""

import argparse
import dataclasses
import json
import math
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

PLACED = """Task * CPU;
Region * * CPU SYSMEM;
Layout * * * SOA F_order;
m = Machine(CPU).merge(0, 1);
def block(Task task) { return m[task.ipoint[0] * m.size[0] / task.ispace[0]]; }
IndexTaskMap * block;
"""


ON_GPUS = PLACED.replace("CPU SYSMEM", "GPU FBMEM").replace("CPU", "GPU")
MACHINE = pathlib.Path(__file__).resolve().parents[1] / "share/machines/p100x4.toml"


@dataclasses.dataclass
class Way:
    """One way to run the program."""

    mapping: str | None = None
    profile: bool = False
    options: list[str] = dataclasses.field(default_factory=list)
    visits: list[int] = dataclasses.field(default_factory=list)  # steps of each visit of the mapping, in turns under two names
    settled: bool = False  # the mapping is that of the plan's end


DEFAULT = Way()
PLUGIN = Way(PLACED)


@dataclasses.dataclass
class Case:
    name: str
    program: list[str]
    one: Way
    other: Way
    cpus: int = 2
    gpus: bool = False


def program(launches: int, points: int, arguments: int, busy_us: int = 0) -> list[str]:
    return ["-launches", str(launches), "-points", str(points), "-args", str(arguments), "-us", str(busy_us)]


def cases() -> list[Case]:
    result = [Case("64 points, 0 arguments: plug-in / default", program(200, 64, 0), PLUGIN, DEFAULT)]
    for points in (1, 16, 64):
        for arguments in (1, 8, 32):
            launches = max(30, 80000 // (points * (4 + arguments)))
            name = f"{points} points, {arguments} arguments: plug-in / default"
            result.append(Case(name, program(launches, points, arguments), PLUGIN, DEFAULT))
    for traced in (0, 1):
        for reductions in (0, 1):
            name = f"GPU, 16 points, 3 arguments{', traced' * traced}{', reductions' * reductions}: plug-in / default"
            words = program(400, 16, 3) + ["-traced", str(traced), "-reductions", str(reductions)]
            result.append(Case(name, words, Way(ON_GPUS), DEFAULT, gpus=True))
    result.append(Case("64 points, 3 arguments: automatic tracing / none", program(300, 64, 3),
                       Way(PLACED, options=["--automatic-tracing"]), PLUGIN))
    result.append(Case("64 points, 3 arguments: settled in a plan / alone", program(300, 64, 3), Way(PLACED, settled=True), PLUGIN))
    for name, visits in (("one visit", [100000]), ("a switch in each step", [1] * 2000)):
        for busy_us in (1000, 5000):
            result.append(Case(f"16 points of {busy_us // 1000} ms, 3 arguments: {name} / alone",
                               program(200000 // busy_us, 16, 3, busy_us), Way(PLACED, visits=visits), PLUGIN))
    limited = Way(PLACED + "InstanceLimit step 8;\n")
    result.append(Case("16 points, 1 argument: limit 8 / none", program(200, 16, 1), limited, PLUGIN))
    result.append(Case("16 points of 1 ms, 1 argument: limit 8 / none", program(40, 16, 1, 1000), limited, PLUGIN))
    profiled = Way(PLACED, profile=True)
    for busy_us in (1000, 5000):
        name = f"16 points of {busy_us // 1000} ms, 4 arguments: profile / none"
        # The runtime has a core of its own, as on a machine with enough of them.
        result.append(Case(name, program(100000 // busy_us, 16, 4, busy_us), profiled, PLUGIN, cpus=1))
    return result


class Runner:
    def __init__(self, build: pathlib.Path, folder: pathlib.Path):
        self.build = build
        self.folder = folder
        self.starts: list[float] = []

    def plan(self, way: Way, path: pathlib.Path) -> list[str]:
        """The mapping decides for every step, but as one of those that a plan names."""
        same = self.folder / "same.mapping"
        shutil.copy(path, same)
        lines = [{"format": "placewright-exploration", "version": 1, "ahead": 8}]
        for number, steps in enumerate(way.visits, 1):
            lines.append({"visit": number, "mapping": str((path, same)[number % 2]), "steps": steps})
        lines.append({"end": str(path)})
        plan = self.folder / "plan"
        plan.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return ["--plan", str(plan), "--explored", str(self.folder / "explored_%")]

    def time(self, case: Case, way: Way) -> float:
        """Seconds that the launches took."""
        command = [str(self.build / "bin/placewright"), "run", "--keep-logs", "--timeout", "120"]
        if way.mapping:
            path = self.folder / "case.mapping"
            path.write_text(way.mapping, encoding="utf-8")
            command += self.plan(way, path) if way.visits or way.settled else ["--mapping", str(path)]
        if way.profile:
            command += ["--profile", str(self.folder / "profile.json")]
        command += way.options
        if case.gpus:
            command += ["--machine", str(MACHINE), "--time-scale", "1e-6", "--correctness"]
        command += ["--", str(self.build / "bin/launch_overhead"), *case.program, "-ll:util", "1"]
        if not case.gpus:
            command += ["-ll:cpu", str(case.cpus)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        folder = re.search(r"logs are in (\S+)", done.stderr)
        elapsed = re.search(r"ELAPSED TIME = ([0-9.]+)", done.stdout)
        assert folder and elapsed, done.stdout + done.stderr
        status = pathlib.Path(folder.group(1), "status_0").read_text(encoding="utf-8")
        shutil.rmtree(folder.group(1))
        if way.mapping:
            events = [json.loads(line) for line in status.splitlines()]
            self.starts.append(next(e["start_up_ms"] for e in events if e["event"] == "started"))
        return float(elapsed.group(1))


def median_interval(values: list[float]) -> tuple[float, float, float]:
    """Median and the narrowest symmetric pair of order statistics that holds it with 95 %."""
    ordered = sorted(values)
    count = len(ordered)
    rank = 0
    tail = 0.0
    while rank < count // 2:
        tail += math.comb(count, rank) / 2**count
        if 2 * tail > 0.05:
            break
        rank += 1
    low = max(0, rank - 1)
    return statistics.median(ordered), ordered[low], ordered[count - 1 - low]


def measure(runner: Runner, case: Case, pairs: int) -> None:
    ratios, ones, others = [], [], []
    for pair in range(pairs):
        if pair % 2 == 0:
            ones.append(runner.time(case, case.one))
            others.append(runner.time(case, case.other))
        else:
            others.append(runner.time(case, case.other))
            ones.append(runner.time(case, case.one))
        ratios.append(ones[-1] / others[-1])
    middle, low, high = median_interval(ratios)
    print(f"{case.name:52} {1e3 * statistics.median(ones):9.1f} / {1e3 * statistics.median(others):9.1f} ms"
          f"   {middle:.3f} [{low:.3f}, {high:.3f}]", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--only", default="", help="cases whose names contain this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(options.build, pathlib.Path(folder))
        for case in cases():
            if options.only in case.name:
                measure(runner, case, options.pairs)
        print(f"start-up in process: {statistics.median(runner.starts):.2f} ms (median), "
              f"{max(runner.starts):.2f} ms (largest)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
