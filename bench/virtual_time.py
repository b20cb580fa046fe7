#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures how near virtual time is to the model, as `placewright run` sets a run up.

usage: virtual_time.py BUILD [--rounds N] [--time-scale X]

Chains of 100 dependent kernels on four GPUs; copies of 16 MiB alone and two at once, on buses of their own and on a shared one;
the same between two processes. Prints every median over its model, in rounds, so that load that changes meets all of them, and the
load average before each round. Numbers are virtual GPU numbers: they say what the driver and this machine add, nothing of a GPU.
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys

MACHINES = pathlib.Path(__file__).resolve().parents[1] / "share" / "machines"
RATIO = re.compile(r"^(?:(?P<name>.*): \d+ MiB each.*, )?median ratio (?P<ratio>[0-9.]+)", re.MULTILINE)
RUNS = [
    ("chain of 100 x 5 ms", "p100x4", 1, ["bench_virtual_gpu_chain", "-model-us", "5000", "-repetitions", "3"]),
    ("chain of 100 x 1.25 ms", "p100x4", 1, ["bench_virtual_gpu_chain", "-model-us", "1250", "-repetitions", "3"]),
    ("own buses", "p100x4", 1, ["bench_virtual_gpu_copies"]),
    ("shared bus", "p100x4-switch", 1, ["bench_virtual_gpu_copies"]),
    ("network", "p100x4", 2, ["bench_virtual_gpu_copies"]),
]


def measure(build: pathlib.Path, machine: str, processes: int, words: list[str], scale: float) -> list[tuple[str, float]]:
    """(name of a case, or empty; median over its model) of one run."""
    command = [build / "bin" / "placewright", "run", "--machine", MACHINES / f"{machine}.toml", "--processes", str(processes),
               "--time-scale", str(scale), "--timeout", "120", "--", build / "bin" / words[0], *words[1:]]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"virtual_time: {run.stderr}")
    return [(found["name"] or "", float(found["ratio"])) for found in RATIO.finditer(run.stdout)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--time-scale", type=float, default=4)
    options = parser.parse_args()
    ratios: dict[str, list[float]] = {}
    loads = []
    for _ in range(options.rounds):
        loads.append(os.getloadavg()[0])
        for title, machine, processes, words in RUNS:
            for name, ratio in measure(options.build, machine, processes, words, options.time_scale):
                ratios.setdefault(f"{title}: {name}" if name else title, []).append(ratio)
    print(f"time scale {options.time_scale:g}, {options.rounds} rounds, load average {min(loads):.1f} to {max(loads):.1f}")
    print("| case | median / model | range |\n|---|---|---|")
    for name, values in ratios.items():
        print(f"| {name} | {statistics.median(values):.3f} | {min(values):.3f} to {max(values):.3f} |")


if __name__ == "__main__":
    main()
