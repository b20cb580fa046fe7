#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sets the ratios of ratios.toml beside those of virtual GPUs and writes bench/RESULTS-published.md.

usage: bench/published/published.py BUILD_FOLDER [--only WORD] [--repetitions N]

Every way runs on the machine file's nominal numbers and on both ends of its ranges (the fast end: large bandwidths, short
times). The ratio is that of the medians. Published and virtual numbers have columns of their own; nothing is fitted.
"""

import argparse
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ENDS = ("nominal", "fast", "slow")
# As src/machine/description.cpp: these make a machine faster when they are larger.
FASTER_WHEN_LARGE = ("peak", "efficiency", "bandwidth", "lanes", "utility_processors")
# Ratios nearer to 1 than this point nowhere.
NO_DIFFERENCE = 0.03

HEADING = """# Published ratios beside virtual ones

Written by `bench/published/published.py build/dev` from `bench/published/ratios.toml`, which has
the sources. Throughput of the first over that of the second: above 1, the first is faster.
*Published* numbers were measured on hardware, with other programs of the same names, another Legion
and other mappers; *virtual* ones are modelled times of virtual GPUs, at the nominal numbers of the
machine file and over its ranges, medians of three runs. They are not to be mixed. The runtime's own
work takes modelled time only where the name says so. Ratios within 3 % of 1 count as no difference.
"""


TABLE = """| first / second | node | published | virtual, nominal | over the ranges | same direction | suspected mechanism |
|---|---|---|---|---|---|---|"""


def at_end(text: str, end: str) -> str:
    """A machine file whose values are one end of their ranges."""
    if end == "nominal":
        return text

    def replace(match: re.Match) -> str:
        key, body = match.group(1), match.group(2)
        wanted = "max" if any(word in key for word in FASTER_WHEN_LARGE) == (end == "fast") else "min"
        bound = re.search(rf"\b{wanted} = ([-0-9.e+]+)", body)
        if bound is None:
            return match.group(0)
        body = re.sub(r"\b(min|max) = [-0-9.e+]+, ", "", body)
        return f"{key} = {{{re.sub(r'value = [-0-9.e+]+', 'value = ' + bound.group(1), body)}}}"

    return re.sub(r"^(\w+) = \{(.*)\}$", replace, text, flags=re.MULTILINE)


def machine_options(machine: pathlib.Path, entry: dict) -> list[str]:
    """The words of `run` that say on which machine; without the last, a range in `[runtime]` changes nothing."""
    options = {"machine": machine, "time-scale": entry["time_scale"], "runtime-cost": entry.get("runtime_cost", "none")}
    return [word for name, value in options.items() for word in (f"--{name}", str(value))]


def throughput(build: pathlib.Path, options: list[str], way: dict, repetitions: int) -> float | str:
    """The median over seconds, or why there is none."""
    command = [str(build / "bin/placewright"), "run", *options, "--timeout", "300"]
    if way["way"] == "expert":
        command += ["--mapping", str(ROOT / "apps" / way["application"] / "mappings/expert.mapping")]
    elif way["way"] != "default":
        command += ["--mapping", str(HERE / f"{way['way']}.mapping")]
    command += ["--", str(build / "bin" / way["application"]), *way["words"]]
    values = []
    for _ in range(repetitions):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = re.search(r"ELAPSED TIME = ([0-9.]+)", done.stdout)
        flops = re.search(r"GFLOP/s = ([0-9.]+)", done.stdout)
        if done.returncode != 0 or seconds is None:
            return re.sub(r"^.*error: ", "", done.stderr.strip().splitlines()[-1])[:120]
        values.append(float(flops.group(1)) if flops else 1 / float(seconds.group(1)))
    return statistics.median(values)


def direction(ratio: float) -> int:
    return 0 if abs(ratio - 1) <= NO_DIFFERENCE else 1 if ratio > 1 else -1


def row(build: pathlib.Path, folder: pathlib.Path, entry: dict, repetitions: int) -> str:
    text = (ROOT / "share/machines" / f"{entry['machine']}.toml").read_text(encoding="utf-8")
    ratios = {}
    for end in ENDS:
        machine = folder / f"{entry['machine']}-{end}.toml"
        machine.write_text(at_end(text, end), encoding="utf-8")
        one, other = (throughput(build, machine_options(machine, entry), entry[way], repetitions) for way in ("one", "other"))
        failed = next((value for value in (one, other) if isinstance(value, str)), None)
        if failed is not None:
            return f"| {entry['name']} | {entry['machine']} | {entry['published']:.2f} {entry['source']} | failed | | | {failed} |"
        ratios[end] = one / other
    low, high = min(ratios.values()), max(ratios.values())
    same = direction(ratios["nominal"]) == direction(entry["published"])
    suspect = "" if same else entry["suspect"]
    print(f"{entry['name']}: published {entry['published']:.2f}, virtual {ratios['nominal']:.2f} [{low:.2f}, {high:.2f}]",
          file=sys.stderr, flush=True)
    return (f"| {entry['name']} | {entry['machine']} | {entry['published']:.2f} {entry['source']} | {ratios['nominal']:.2f} "
            f"| {low:.2f} to {high:.2f} | {'yes' if same else '**no**'} | {suspect} |")


def merged(page: list[str], rows: list[str]) -> list[str]:
    """The rows of a page, with those of the same name replaced."""
    by_name = {row.split("|")[1]: row for row in rows}
    found = [line for line in page if line.startswith("| ") and not line.startswith("| first")]
    return [by_name.get(line.split("|")[1], line) for line in found]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--only", default="", help="ratios whose names contain this; the other rows of the page stay")
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    entries = tomllib.loads((HERE / "ratios.toml").read_text(encoding="utf-8"))["ratio"]
    entries = [entry for entry in entries if options.only in entry["name"]]
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(options.build, pathlib.Path(folder), entry, options.repetitions) for entry in entries]
    page = ROOT / "bench/RESULTS-published.md"
    if options.only:
        rows = merged(page.read_text(encoding="utf-8").splitlines(), rows)
    page.write_text("\n".join([HEADING, TABLE, *rows, ""]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
