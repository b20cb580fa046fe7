#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random task graphs under random mappings in tight memories.

usage: stress.py --build FOLDER (--runs N | --seconds S) [--first SEED] [--keep FOLDER]

Every seed gives a graph, a mapping, a machine and memories. A run must end with the right result or with one of the documented
messages of a mapping that cannot be carried out; anything else (a crash, a hang, a wrong result, another message) is a failure, and
the mapping and the command that show it are kept. Ends with `N runs: ...` and status 1 if there were failures.
"""

import argparse
import collections
import pathlib
import random
import re
import shlex
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
TASKS = ["alpha", "beta", "gamma", "delta", "epsilon", "sum", "nest", "top"]
REGIONS = ["region_0", "region_1", "region_2", "pieces", "overlapping"]
LIMIT_S = 120
# What a mapping that cannot be carried out may end with (docs/running.md).
DOCUMENTED = {"rejected-mapping", "mapper-error", "out-of-memory"}
RUNTIME_RACE = "internal error of the Legion runtime"


class Draw:
    """A mapping and the machine that it runs on."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.processes = self.random.choice([1, 1, 1, 1, 2])
        self.cpus = self.random.randint(1, 3)
        self.gpus = self.random.choice([0, 0, 2]) if self.processes == 1 else 0
        self.statements: list[str] = []

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def task(self) -> str:
        return self.random.choice(["*", *TASKS])

    def argument(self) -> str:
        return self.random.choice(["*", "*", *REGIONS, str(self.random.randrange(4))])

    def kinds(self) -> list[str]:
        return ["CPU", "GPU"] if self.gpus else ["CPU"]

    def memories(self, kind: str) -> list[str]:
        known = ["FBMEM", "ZCMEM"] if kind == "GPU" else ["SYSMEM", "RDMEM"] + (["ZCMEM"] if self.gpus else [])
        return self.random.sample(known, self.random.randint(1, len(known)))

    def add_rules(self) -> None:
        draw = self.random
        order = self.kinds()[::-1] if self.chance(70) else self.kinds()
        self.statements.append(f"Task * {', '.join(order)};")
        for _ in range(draw.randrange(3)):
            self.statements.append(f"Task {draw.choice(TASKS[:5])} {draw.choice(self.kinds())};")
        for _ in range(draw.randrange(6)):
            kind = draw.choice(self.kinds())
            self.statements.append(f"Region {self.task()} {self.argument()} {kind} {', '.join(self.memories(kind))};")
        if self.chance(60):
            for kind in self.kinds():
                self.statements.append(f"Region * * {kind} {', '.join(self.memories(kind))};")
        for _ in range(draw.randrange(3)):
            words = [draw.choice(["AOS", "SOA"]), draw.choice(["C_order", "F_order"])]
            words += [f"Align == {2 ** draw.randint(3, 9)}"] if self.chance(30) else []
            words += ["Compact"] if self.chance(15) else []
            self.statements.append(f"Layout {self.task()} {self.argument()} * {' '.join(words)};")
        for _ in range(draw.randrange(3)):
            self.statements.append(f"InstanceLimit {draw.choice(['*', 'CPU', *TASKS])} {draw.choice([0, 1, 1, 2, 3, 8])};")
        for _ in range(draw.randrange(2)):
            self.statements.append(f"CollectMemory {self.task()} {self.argument()};")
        for _ in range(draw.randrange(2)):
            self.statements.append(f"Priority {self.task()} {draw.randint(-5, 5)};")
        if self.processes > 1 and self.chance(40):
            self.statements.append("ControlReplicate top;")

    def formula(self) -> str:
        """A processor of m; some of them fall outside of the machine."""
        return self.random.choice([
            "m[i * m.size[0] / n / 1 % m.size[0], i % m.size[1]]",
            "m[i / m.size[1] % m.size[0], i % m.size[1]]",
            "m[i % m.size[0], i / m.size[0] % m.size[1]]",
            "m[0, 0]",
            "m[m.size[0] - 1, *]",
            "m[i % m.size[0], *]",
            "m[i, 0]",
        ])

    def add_maps(self) -> None:
        for number in range(self.random.randrange(3)):
            kind = self.random.choice(self.kinds())
            what = self.random.choice(["*", "CPU", *TASKS[:6]])
            condition = self.random.choice(["", "", " if task.ispace.volume > 3", " if task.depth == 1"])
            self.statements.append(f"def map_{number}(Task task) {{\n  m = Machine({kind});\n  i = task.ipoint[0];\n"
                                   f"  n = task.ispace[0];\n  return {self.formula()};\n}}")
            self.statements.append(f"IndexTaskMap {what} map_{number}{condition};")
        if self.chance(25):
            self.statements.append("def single(Task task) {\n  m = Machine(CPU);\n"
                                   "  return m[m.size[0] - 1, m.size[1] - 1];\n}")
            self.statements.append(f"SingleTaskMap {self.random.choice(['*', 'CPU', *TASKS[:5]])} single if task.depth > 0;")

    def mapping(self) -> str:
        self.add_rules()
        self.add_maps()
        return "\n".join(self.statements) + "\n"

    def flags(self) -> list[str]:
        """Memories between far too small and large enough, in MiB."""
        sizes = [1, 2, 2, 3, 4, 6, 8, 64]
        flags = ["-ll:cpu", str(self.cpus), "-ll:csize", str(self.random.choice(sizes)), "-ll:rsize",
                 str(self.random.choice([1, 4, 64]))]
        if self.gpus:
            flags += ["-ll:gpu", str(self.gpus), "-ll:fsize", str(self.random.choice(sizes)), "-ll:zsize",
                      str(self.random.choice([2, 16, 64]))]
        return flags


class Stress:
    def __init__(self, build: pathlib.Path, keep: pathlib.Path | None):
        self.build = build
        self.keep = keep
        self.counts: collections.Counter[str] = collections.Counter()
        self.races = 0

    def run(self, seed: int, folder: pathlib.Path) -> None:
        draw = Draw(seed)
        mapping = folder / "stress.mapping"
        mapping.write_text(draw.mapping(), encoding="utf-8")
        command = [str(self.build / "bin/placewright"), "run", "--mapping", str(mapping), "-n", str(draw.processes),
                   "--timeout", str(LIMIT_S)]
        if draw.gpus:
            command += ["--machine", str(SOURCE / "share/machines/p100x4.toml"), "--correctness", "--time-scale", "0.01"]
        command += ["--", str(self.build / "bin/stress_graph"), "-seed", str(seed), *draw.flags()]
        outcome, text = self.outcome(command)
        self.counts[outcome] += 1
        if outcome in ("right", *DOCUMENTED):
            return
        print(f"seed {seed}: {outcome}\n  {shlex.join(command)}\n{text[-1500:]}", flush=True)
        if self.keep:
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / f"{seed}.mapping").write_text(mapping.read_text(encoding="utf-8"), encoding="utf-8")

    def outcome(self, command: list[str]) -> tuple[str, str]:
        for _ in range(3):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if RUNTIME_RACE not in done.stderr:
                break
            self.races += 1
        text = done.stdout + done.stderr
        if done.returncode == 0:
            return ("right" if "RESULT = right" in done.stdout else "wrong result"), text
        said = re.findall(r"^placewright: (?:the run ended: )?([a-z-]+)(?::|$)", done.stderr, re.MULTILINE)
        if said and said[-1] != "note":
            return said[-1], text
        return ("rejected-mapping" if re.search(r"\.mapping:\d+:\d+: error: ", done.stderr) else "no message"), text

    def failures(self) -> int:
        return sum(count for outcome, count in self.counts.items() if outcome not in ("right", *DOCUMENTED))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    if options.runs is None and options.seconds is None:
        parser.error("one of --runs and --seconds is needed")
    stress = Stress(options.build, options.keep)
    start = time.monotonic()
    seed = options.first
    with tempfile.TemporaryDirectory(prefix="placewright-stress-") as folder:
        while (options.runs is None or seed < options.first + options.runs) and (
                options.seconds is None or time.monotonic() - start < options.seconds):
            stress.run(seed, pathlib.Path(folder))
            seed += 1
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in stress.counts.most_common())
    print(f"{seed - options.first} runs: {outcomes}; {stress.races} races of the runtime run again")
    print(f"{seed - options.first - stress.failures()} passed, {stress.failures()} failed")
    return 1 if stress.failures() else 0


if __name__ == "__main__":
    sys.exit(main())
