#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Simulated steps against steps on this machine's own processors: the hardware column.

usage: bench/accuracy.py [--apps NAME,...] [--folder FOLDER] [--build FOLDER] [--runs N] [--page FILE] [--again]

Describes this machine (`placewright machine discover`). Each application is recorded and timed at four sizes, on one and on two
processors. `placewright machine calibrate` sees its three smaller sizes on one processor; the others are predicted. Programs that state
no cost are recorded on one processor with the times of their tasks; among them are examples of Legion's own, if the build has
them (`scripts/test.sh --legion-examples`). Results are kept in the folder; --again describes the machine anew and keeps the times.
"""

import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys

from tuning import ROOT, head_commit, machine_in_words

# Four sizes each, the last one never seen by a calibration. A step takes 3 ms or more.
SIZES = {
    "circuit": [["-p", "4", "-npp", str(n), "-wpp", str(4 * n), "-steps", "100"] for n in (250, 500, 1000, 2000)],
    "stencil": [["-nx", str(n), "-ny", str(n), "-ntx", "2", "-nty", "2"] for n in (1000, 1400, 2000, 2800)],
    "pennant": [["-nzx", "320", "-nzy", str(n), "-npieces", "4"] for n in (40, 80, 160, 320)],
    "cannon": [["-n", str(n)] for n in (400, 600, 800, 1200)],
    "johnson": [["-n", str(n)] for n in (400, 600, 800, 1200)],
    "solomonik": [["-n", str(n)] for n in (400, 600, 800, 1200)],
}
# Programs that know nothing of Placewright, by what follows `e2e_loops`. A task takes 2 ms or more.
UNSTATED = {
    "solver": ["-shape", "solver", "-size", "2000000", "-work", "2"],
    "graph": ["-shape", "graph", "-size", "1000000", "-work", "4"],
    "output": ["-shape", "output", "-size", "2000000", "-work", "2"],
}
# Examples out of Legion's source, by what follows `legion_`: whole runs.
EXAMPLES = {
    "privileges": ["-n", "20000000"],
    "partitioning": ["-n", "20000000", "-b", "8"],
    "multiple_partitions": ["-n", "20000000", "-b", "8"],
    "transpose": ["-n", "4000"],
}
LOOPS = 20
PROCESSORS = (1, 2)
FITTED = 3  # of the sizes, on one processor
STEPS = 10
MAPPING = "Task * CPU;\nRegion * * CPU SYSMEM;\n"
GOAL = 0.15
HEADING = """# Accuracy on hardware

*Simulated* steps against *measured* ones on this machine's own processors. Machine: {machine}. Commit {commit}.

`bench/accuracy.py`: `placewright machine discover`, then for each application `placewright machine calibrate` on {fitted} sizes on one
processor. A row is a size or a number of processors that the calibration did not see. Measured: the median of {runs} runs of {steps}
steps each, all tasks on processors, all data in system memory. Spread: largest less smallest run, over the median. Off: simulated over
measured, less one. The goal is {goal:.0f} %.

With as many processors as this machine has cores, the runtime's own work and its copies share them with the tasks; so they do in the
simulation, with what `placewright machine discover` assumes of the runtime. Not simulated: tasks that take longer while another one runs.

| application | size | processors | measured, ms | spread | simulated, ms | off | before calibration |
|---|---|---|---|---|---|---|---|
"""


def run(*words, check=True):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    if check and done.returncode != 0:
        sys.exit(f"error: {' '.join(map(str, words))}\n{done.stderr[-2000:]}")
    return done


UNSTATED_HEADING = """
## Programs that state no cost

`e2e_loops`, whose tasks nobody described: a solver with dot products, a graph of launches in a row, and a solver with an output task
every tenth step. `placewright record` on one processor measured what its tasks take; their steps are simulated on one and on two.

| program | processors | measured, ms | spread | simulated, ms | off |
|---|---|---|---|---|---|
"""

EXAMPLES_HEADING = """
## Programs of others

Examples out of Legion's source, unmodified (`scripts/test.sh --legion-examples`). `placewright record` on one processor measured what
their tasks take. Measured and simulated: from the first task to the last one.

| program | arguments | processors | measured, ms | spread | simulated, ms | off |
|---|---|---|---|---|---|---|
"""


class Bench:
    def __init__(self, options):
        self.options = options
        self.placewright = options.build / "bin" / "placewright"
        self.machine = options.folder / "here.toml"
        self.mapping = options.folder / "cpus.mapping"
        options.folder.mkdir(parents=True, exist_ok=True)
        self.mapping.write_text(MAPPING)
        if options.again or not self.machine.exists():
            run(self.placewright, "machine", "discover", "-o", self.machine)

    def program(self, app, size, processors):
        return [self.options.build / "bin" / app, "-input", "small", *SIZES[app][size], "-l", STEPS, "-warmup", 3, "-ll:cpu", processors,
                "-ll:csize", 4000]

    def unstated(self, name, processors):
        return [self.options.build / "bin" / "e2e_loops", *UNSTATED[name], "-steps", LOOPS, "-ll:cpu", processors, "-ll:csize", 4000]

    def timed(self, name, steps, program):
        """Seconds of a step, by run."""
        path = self.options.folder / f"{name}.json"
        if path.exists():
            return json.loads(path.read_text())
        values = []
        for _ in range(self.options.runs):
            done = run(self.placewright, "run", "--replace-mapper", "--mapping", self.mapping, "--", *program)
            values.append(float(re.search(r"ELAPSED TIME = ([0-9.]+)", done.stdout)[1]) / steps)
        path.write_text(json.dumps(values))
        return values

    def samples(self, app, size, processors):
        return self.timed(f"{app}-{size}-{processors}", STEPS, self.program(app, size, processors))

    def record(self, name, program):
        path = self.options.folder / f"{name}.recording"
        if not path.exists():
            run(self.placewright, "record", "--replace-mapper", "-o", path, "--", *program)
        return path

    def recording(self, app, size):
        return self.record(f"{app}-{size}", self.program(app, size, 1))

    def calibrated(self, app):
        lines = []
        for size in range(FITTED):
            seconds = statistics.median(self.samples(app, size, 1))
            lines.append(f'[[run]]\nrecording = "{self.recording(app, size).name}"\nmapping = "{self.mapping.name}"\nseconds = {seconds}\n'
                         "cpus = 1\n")
        runs = self.options.folder / f"{app}.runs.toml"
        runs.write_text("".join(lines))
        output = self.options.folder / f"{app}.toml"
        print(app, run(self.placewright, "machine", "calibrate", self.machine, runs, "-o", output).stdout, sep="\n", flush=True)
        return output

    def example(self, name, processors):
        return [self.options.build / "bin" / f"legion_{name}", *EXAMPLES[name], "-ll:cpu", processors, "-ll:csize", 6000]

    def spans(self, name, processors):
        """Seconds from the first task to the last one, by run."""
        path = self.options.folder / f"legion_{name}-{processors}.json"
        if path.exists():
            return json.loads(path.read_text())
        values = []
        profile = self.options.folder / "profile.json"
        for _ in range(self.options.runs):
            run(self.placewright, "run", "--replace-mapper", "--mapping", self.mapping, "--profile", profile, "--",
                *self.example(name, processors))
            values.append(json.loads(profile.read_text())["span_s"])
        path.write_text(json.dumps(values))
        return values

    def example_rows(self):
        for name in EXAMPLES:
            if not self.example(name, 1)[0].exists():
                continue
            recording = self.record(f"legion_{name}", self.example(name, 1))
            for processors in PROCESSORS:
                simulated = self.prediction(recording, processors, self.machine)["all_s"]
                yield name, " ".join(EXAMPLES[name]), processors, self.spans(name, processors), simulated

    def prediction(self, recording, processors, machine, *options):
        text = re.sub(r"cpu_processors = \{value = \d+", f"cpu_processors = {{value = {processors}", machine.read_text())
        changed = self.options.folder / "changed.toml"
        changed.write_text(text)
        done = run(self.placewright, "simulate", "--json", *options, "--workload", recording, "--machine", changed, self.mapping)
        return json.loads(done.stdout)[0]

    def simulated(self, recording, processors, machine, steps=STEPS):
        return self.prediction(recording, processors, machine, "--passes", steps)["step_s"]

    def rows(self, app):
        machine = self.calibrated(app)
        for processors in PROCESSORS:
            for size in range(len(SIZES[app])):
                if processors == 1 and size < FITTED:
                    continue
                samples = self.samples(app, size, processors)
                recording = self.recording(app, size)
                yield (app, " ".join(SIZES[app][size]), processors, samples, self.simulated(recording, processors, machine),
                       self.simulated(recording, processors, self.machine))

    def unstated_rows(self):
        for name in UNSTATED:
            recording = self.record(name, self.unstated(name, 1))
            for processors in PROCESSORS:
                samples = self.timed(f"{name}-{processors}", LOOPS, self.unstated(name, processors))
                yield name, processors, samples, self.simulated(recording, processors, self.machine, LOOPS)


def line_of(row):
    app, size, processors, samples, calibrated, discovered = row
    measured = statistics.median(samples)
    spread = (max(samples) - min(samples)) / measured
    return (f"| {app} | `{size}` | {processors} | {1e3 * measured:.2f} | {100 * spread:.0f} % | {1e3 * calibrated:.2f} | "
            f"{100 * (calibrated / measured - 1):+.1f} % | {100 * (discovered / measured - 1):+.1f} % |")


def unstated_line(row):
    name, processors, samples, simulated = row
    measured = statistics.median(samples)
    return (f"| {name} | {processors} | {1e3 * measured:.2f} | {100 * (max(samples) - min(samples)) / measured:.0f} % | "
            f"{1e3 * simulated:.2f} | {100 * (simulated / measured - 1):+.1f} % |")


def example_line(row):
    name, arguments, *numbers = row
    return f"| {name} | `{arguments}` |" + unstated_line((name, *numbers)).split("|", 2)[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--apps", default=",".join(SIZES))
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build" / "accuracy")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--page", type=pathlib.Path)
    options = parser.parse_args()
    bench = Bench(options)
    lines, off = [], []
    for app in options.apps.split(","):
        for row in bench.rows(app):
            lines.append(line_of(row))
            off.append(abs(row[4] / statistics.median(row[3]) - 1))
            print(lines[-1], flush=True)
    within = sum(each <= GOAL for each in off)
    lines.append(f"\nWithin the goal: {within} of {len(off)}; median {100 * statistics.median(off):.1f} %.")
    print(lines[-1])
    lines.append(UNSTATED_HEADING.rstrip("\n"))
    for row in bench.unstated_rows():
        lines.append(unstated_line(row))
        print(lines[-1], flush=True)
    lines.append(EXAMPLES_HEADING.rstrip("\n"))
    for row in bench.example_rows():
        lines.append(example_line(row))
        print(lines[-1], flush=True)
    if options.page:
        options.page.write_text(HEADING.format(machine=machine_in_words(), commit=head_commit(), fitted=FITTED, runs=options.runs,
                                               steps=STEPS, goal=100 * GOAL) + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
