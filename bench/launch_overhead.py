#!/usr/bin/env python3
"""Mapping cost of empty launches through the plug-in against Legion's default mapper, and what the preload adds.

usage: bench/launch_overhead.py BUILD_FOLDER [PAIRS]

Runs the two mappers in interleaved pairs (default 30; the order inside a pair alternates) and prints the ratio of each pair's
times: median with a 95 % interval from the order statistics of the pairs (binomial, no assumption about the distribution).
"""

import json
import math
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

MAPPING = """Task * CPU;
m = Machine(CPU).merge(0, 1);
def block(Task task) { return m[task.ipoint[0] * m.size[0] / task.ispace[0]]; }
IndexTaskMap * block;
"""


def run(build: pathlib.Path, mapping: str | None) -> tuple[float, float]:
    """Seconds that the launches took, and milliseconds that the plug-in's start took."""
    command = [str(build / "bin/placewright"), "run", "--keep-logs", "--timeout", "120"]
    if mapping:
        command += ["--mapping", mapping]
    command += ["--", str(build / "bin/launch_overhead"), "-ll:cpu", "2", "-ll:util", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    folder = re.search(r"logs are in (\S+)", done.stderr)
    elapsed = re.search(r"ELAPSED TIME = ([0-9.]+)", done.stdout)
    assert folder and elapsed, done.stdout + done.stderr
    status = pathlib.Path(folder.group(1), "status_0").read_text(encoding="utf-8")
    shutil.rmtree(folder.group(1))
    events = [json.loads(line) for line in status.splitlines()]
    start_up = next(event["start_up_ms"] for event in events if event["event"] == "started")
    return float(elapsed.group(1)), start_up


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


def main() -> int:
    build = pathlib.Path(sys.argv[1])
    pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    ratios, default_times, own_times, starts = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        mapping = pathlib.Path(folder, "block.mapping")
        mapping.write_text(MAPPING, encoding="utf-8")
        for pair in range(pairs):
            order = [None, str(mapping)] if pair % 2 == 0 else [str(mapping), None]
            times = {}
            for which in order:
                times[which], start_up = run(build, which)
                if which:
                    starts.append(start_up)
            default_times.append(times[None])
            own_times.append(times[str(mapping)])
            ratios.append(times[str(mapping)] / times[None])
    middle, low, high = median_interval(ratios)
    print(f"pairs                 {pairs}")
    print(f"default mapper        {1e3 * statistics.median(default_times):.1f} ms (median)")
    print(f"plug-in               {1e3 * statistics.median(own_times):.1f} ms (median)")
    print(f"ratio                 {middle:.3f} [{low:.3f}, {high:.3f}]")
    print(f"start-up in process   {statistics.median(starts):.2f} ms (median), {max(starts):.2f} ms (largest)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
