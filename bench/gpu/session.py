#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the microbenchmarks and the applications on a real GPU and writes what was measured.

Mappings of one application and input take turns, so that a change of the machine meets all of them. A run counts only if its
checksum is that of the application's CPU run, or of its first run where CPUs would take minutes.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

import machine_file
import report

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
# Application, words, and whether the CPU run that gives the checksum ends in seconds.
CASES = [
    ("circuit", ["-input", "small"], True),
    ("circuit", ["-input", "medium"], True),
    ("circuit", ["-input", "large", "-l", "2"], False),
    ("stencil", ["-input", "small"], True),
    ("stencil", ["-input", "medium"], True),
    ("summa", ["-input", "small"], True),
    ("summa", ["-input", "medium"], False),
]
# The case that also runs with single arguments in zero-copy memory.
ALONE_CASE = ("circuit", ["-input", "medium"])
# In MiB. The runtime pins host memory page by page at start, so no more than is needed.
MEMORIES = {"frame_buffer": 24000, "zero_copy": 8000}
GPU_WORDS = ["-ll:gpu", "1", "-ll:fsize", str(MEMORIES["frame_buffer"]), "-ll:zsize", str(MEMORIES["zero_copy"]),
             "-ll:csize", "4000", "-ll:cpu", "2"]
CPU_WORDS = ["-ll:csize", "16000", "-ll:cpu", "2"]


# Circuit's shared and ghost nodes, one argument in zero-copy memory at a time: task and number of the argument.
ALONE_IN_ZERO_COPY = [("calculate_new_currents", 1), ("calculate_new_currents", 2), ("distribute_charge", 1),
                      ("distribute_charge", 2), ("update_voltages", 2), ("update_voltages", 3)]


def mappings_alone(folder):
    """For each argument a mapping that puts it alone into zero-copy memory, written into the folder."""
    text = (HERE / "mappings" / "frame_buffer.mapping").read_text()
    paths = {}
    for task, argument in ALONE_IN_ZERO_COPY:
        path = folder / f"{task}-{argument}.mapping"
        path.write_text(f"{text}Region {task} {argument} GPU ZCMEM;\n")
        paths[f"{task} {argument}"] = path
    return paths


def mappings_of(application):
    """Mapping files by name; None is Legion's default mapper."""
    return {
        "default": None,
        "expert": ROOT / "apps" / application / "mappings" / "expert.mapping",
        "frame buffer": HERE / "mappings" / "frame_buffer.mapping",
        "zero-copy": HERE / "mappings" / "zero_copy.mapping",
    }


class Session:
    def __init__(self, bundle, timeout_s):
        self.bundle = bundle
        self.timeout_s = timeout_s
        self.environment = dict(os.environ)
        known = self.environment.get("LD_LIBRARY_PATH", "")
        self.environment["LD_LIBRARY_PATH"] = f"{bundle / 'lib'}:{known}"

    def output_of(self, words):
        done = subprocess.run([str(word) for word in words], env=self.environment, capture_output=True, text=True,
                              timeout=self.timeout_s, check=False)
        return done.returncode, done.stdout + done.stderr

    def microbenchmarks(self):
        status, text = self.output_of([self.bundle / "bin" / "gpu_memory_access"])
        if status != 0:
            sys.exit(f"session: the microbenchmarks failed:\n{text}")
        return json.loads(text)

    def run(self, application, words, mapping, runtime_words):
        command = [self.bundle / "bin" / "placewright", "run"]
        if mapping is not None:
            command += ["--mapping", mapping]
        command += ["--", self.bundle / "bin" / application, *words, *runtime_words]
        try:
            status, text = self.output_of(command)
        except subprocess.TimeoutExpired:
            return {"failure": f"no result after {self.timeout_s} s"}
        seconds = re.search(r"^ELAPSED TIME = (\S+) s", text, re.M)
        checksum = re.search(r"^CHECKSUM = (\S+)", text, re.M)
        if status != 0 or not seconds or not checksum:
            return {"failure": f"exit status {status}: {text.strip()[-600:]}"}
        return {"seconds": float(seconds[1]), "checksum": checksum[1]}


def measure_case(session, application, words, on_cpus, rounds, mappings):
    """Per mapping the seconds of every round, or the first failure."""
    cpu = session.run(application, words, None, CPU_WORDS) if on_cpus else {}
    expected = cpu.get("checksum")
    rows = {name: {"seconds": []} for name in mappings}
    for _ in range(rounds):
        for name, mapping in mappings.items():
            row = rows[name]
            if "failure" in row:
                continue
            result = session.run(application, words, mapping, GPU_WORDS)
            expected = expected or result.get("checksum")
            if "failure" in result:
                row["failure"] = result["failure"]
            elif result["checksum"] != expected:
                row["failure"] = f"checksum {result['checksum']} instead of {expected}"
            else:
                row["seconds"].append(result["seconds"])
    for row in rows.values():
        if row["seconds"]:
            row["median"] = statistics.median(row["seconds"])
    return {"cpu": cpu, "mappings": rows}


def machine_facts():
    """Driver and GPU as the driver names them."""
    query = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total,clocks.max.sm,pcie.link.gen.max,pcie.link.width.max",
             "--format=csv,noheader"]
    try:
        return subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown (no nvidia-smi)"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--timeout", type=float, default=60, help="seconds of one run")
    parser.add_argument("--seconds", type=float, default=420, help="no new case after so many seconds")
    options = parser.parse_args()
    start = time.monotonic()
    session = Session(options.bundle.resolve(), options.timeout)
    results = {"machine": machine_facts(), "cores": os.cpu_count(), "rounds": options.rounds, "memory_mib": MEMORIES,
               "microbenchmarks": session.microbenchmarks(),
               "cases": [{"application": application, "words": words, "failure": "not run: the session ended before it"}
                         for application, words, _ in CASES]}
    (options.output / "machine.toml").write_text(machine_file.text_of(results))
    for index, (application, words, on_cpus) in enumerate(CASES):
        if time.monotonic() - start > options.seconds:
            break
        mappings = mappings_of(application)
        if (application, words) == ALONE_CASE:
            mappings |= mappings_alone(options.output)
        measured = measure_case(session, application, words, on_cpus, options.rounds, mappings)
        results["cases"][index] = {"application": application, "words": words, **measured}
        # After every case: what was measured survives an end of the lease.
        (options.output / "results.json").write_text(json.dumps(results, indent=1))
        (options.output / "RESULTS-gpu.md").write_text(report.text_of(results))
    print((options.output / "RESULTS-gpu.md").read_text())


if __name__ == "__main__":
    main()
