#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether the plug-in holds on to memory: resident memory of a long run under a mapping and under Legion's default mapper.

usage: bench/memory_growth.py BUILD_FOLDER [--tasks MILLIONS]

Both ways run `launch_overhead` with so many tasks (10 million), one after the other; the resident size of the process is sampled
once a second. Prints the median over the second and over the last tenth of each run, in MiB, and what a task adds between them.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from overhead import PLACED

POINTS = 64
MIB = 2**20


def process_of(name: str) -> int | None:
    for status in pathlib.Path("/proc").glob("[0-9]*/comm"):
        try:
            # The kernel keeps 15 characters of a name.
            if status.read_text().strip() == name[:15]:
                return int(status.parent.name)
        except OSError:
            continue
    return None


def resident_bytes(process: int) -> int | None:
    try:
        for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return 1024 * int(line.split()[1])
    except OSError:
        pass
    return None


def samples_of(command: list[str]) -> list[int]:
    samples = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as run:
        while run.poll() is None:
            time.sleep(1)
            process = process_of("launch_overhead")
            size = resident_bytes(process) if process else None
            if size is not None:
                samples.append(size)
    if run.returncode != 0:
        sys.exit(f"status {run.returncode}: {' '.join(command)}")
    return samples


def report(name: str, samples: list[int], tasks: int) -> None:
    tenth = len(samples) // 10
    if tenth == 0:
        sys.exit(f"{name}: only {len(samples)} samples, more tasks are needed")
    early, late = statistics.median(samples[tenth:2 * tenth]), statistics.median(samples[-tenth:])
    print(f"{name:10} {early / MIB:8.1f} MiB -> {late / MIB:8.1f} MiB, {(late - early) / (0.8 * tasks):6.2f} bytes a task, "
          f"{len(samples)} samples", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--tasks", type=float, default=10, help="millions of tasks")
    options = parser.parse_args()
    tasks = int(options.tasks * 1e6)
    launches = tasks // POINTS // 2  # The program launches as many again for warming up.
    with tempfile.TemporaryDirectory() as folder:
        mapping = pathlib.Path(folder, "placed.mapping")
        mapping.write_text(PLACED + "InstanceLimit step 64;\n", encoding="utf-8")
        for name, words in (("plug-in", ["--mapping", str(mapping)]), ("default", [])):
            command = [str(options.build / "bin/placewright"), "run", *words, "--",
                       str(options.build / "bin/launch_overhead"), "-launches", str(launches), "-points", str(POINTS),
                       "-args", "1", "-ll:cpu", "2", "-ll:util", "1"]
            report(name, samples_of(command), tasks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
