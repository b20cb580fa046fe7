#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `placewright tune --simulate` finds for a machine that nobody has here, from recordings with 64 pieces or more.

usage: bench/large_machine.py [--apps NAME,...] [--machine MACHINE] [--folder FOLDER] [--build FOLDER] [--page FILE]

Each application is recorded once, on virtual GPUs of one node; then nothing runs. --page writes a page of results.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import time

from tuning import APPS, ROOT, head_commit, machine_in_words

RECORDED_ON = ROOT / "share" / "machines" / "p100x4.toml"
# 64 pieces, tiles or points of each.
PIECES = {
    "circuit": ["-p", "64"],
    "stencil": ["-ntx", "8", "-nty", "8"],
    "pennant": ["-npieces", "64"],
    "cannon": ["-gx", "4", "-gy", "4", "-px", "2", "-py", "2"],
    "summa": ["-gx", "4", "-gy", "4", "-px", "4", "-py", "1"],
    "pumma": ["-gx", "4", "-gy", "4", "-px", "4", "-py", "1"],
    "johnson": ["-g", "4"],
    "solomonik": ["-rpoc", "4", "-c", "4", "-rpoc3", "4"],
    "cosma": ["-gx", "4", "-gy", "4", "-gz", "4"],
}
PASSES = 4
FOUND = re.compile(r"^(\d+) of (10\^[\d.]+) different mappings were simulated in ([\d.]+) s(.*)$", re.MULTILINE)
BEST = re.compile(r"^best\s+(\S+)\s+(\S+) of default", re.MULTILINE)
TASKS = re.compile(r"^(\d+) tasks in", re.MULTILINE)
HEADING = """# A machine that is not here

*Simulated*, shared level, modelled seconds: nothing ran on such a machine. `bench/large_machine.py`: each application's small input,
cut into 64 pieces or more, recorded on virtual GPUs of one node, then `placewright tune --simulate --machine {target}` with its default
of 25 s. Machine: {machine}. Commit {commit}. Seconds are those of the whole command (goal: 30).

| application | options | tasks | mappings | space | seconds | best, s per step | of default |
|---|---|---|---|---|---|---|---|
"""


def run(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"error: {' '.join(map(str, words))}\n{done.stderr[-2000:]}")
    return done


def row(options, app):
    placewright = options.build / "bin" / "placewright"
    folder = options.folder / app
    folder.mkdir(parents=True, exist_ok=True)
    recording = folder / "large.recording"
    words = ["-input", "small", *PIECES[app], "-l", PASSES]
    recorded = run(placewright, "record", "-o", recording, "--machine", RECORDED_ON, "--", options.build / "bin" / app, *words)
    start = time.monotonic()
    tuned = run(placewright, "tune", "--simulate", "--workload", recording, "--machine", options.machine, "-o", folder / "best.mapping")
    seconds = time.monotonic() - start
    count, space, _, rest = FOUND.search(tuned.stdout).groups()
    best, ratio = BEST.search(tuned.stdout).groups()
    tasks = TASKS.search(recorded.stderr)[1]
    line = f"| {app} | `{' '.join(PIECES[app])}` | {tasks} | {count}{rest} | {space} | {seconds:.1f} | {best} | {ratio} |"
    print(line, flush=True)
    return line


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--apps", default=",".join(APPS))
    parser.add_argument("--machine", default="lassen:16")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build" / "large_machine")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    parser.add_argument("--page", type=pathlib.Path)
    options = parser.parse_args()
    lines = [row(options, app) for app in options.apps.split(",")]
    if options.page:
        options.page.write_text(HEADING.format(target=options.machine, machine=machine_in_words(), commit=head_commit()) +
                                "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
