#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What mappings move between kinds of memory: simulated, and by the profiler of real runs on virtual GPUs.

usage: bench/moves.py [--apps NAME,...] [--processes N] [--folder FOLDER] [--tuned FOLDER] [--build FOLDER] [--runs N] [--page FILE]

For each application it records the small input and simulates the default mapper's decisions, the expert mapping and mappings that a
search of bench/tuning.py chose; each also runs --runs times, untraced, under the profiler. Results are kept in the folder.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

from tuning import APPS, ROOT, head_commit, machine_in_words

MACHINE = "p100x4"
PASSES = 4
MAPPINGS = 8
PLACE = re.compile(r"([A-Z]+)(?: \d+)?(?: of node (\d+))?")
HEADING = """# Moves

*Simulated* against *real runs on virtual GPUs*: copies and fills between kinds of memory, and their bytes. Machine: {machine}. Commit
{commit}.

`bench/moves.py --processes {processes}`: `-input small -l {passes}`, up to {mappings} mappings each, {runs} runs of each. A row is a kind
of source, a kind of target, and whether both are one memory or on two nodes. Exact: all runs agree, and the simulation with them. Inside:
runs differ, and the simulation lies between them. Data of regions only: copies of futures are left out.

| application | mappings | rows | bytes exact | bytes inside | copies exact | copies inside | bytes off | worst row |
|---|---|---|---|---|---|---|---|---|
"""


def run(*words):
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)


def mappings(options, app):
    folder = options.folder / app
    folder.mkdir(parents=True, exist_ok=True)
    default = folder / "default.mapping"
    default.write_text("Task * GPU, CPU;  # what the default mapper does\n")
    found = sorted((options.tuned / app).glob("evaluation*.mapping"), key=lambda path: int(path.stem[10:]))
    return [default, ROOT / "apps" / app / "mappings" / "expert.mapping", *found][:MAPPINGS]


def simulated(options, app, files):
    recording = options.folder / app / "small.recording"
    made = run(options.build / "bin" / "placewright", "record", "-o", recording, "--machine", MACHINE, "--", options.build / "bin" / app,
               "-input", "small", "-l", PASSES)
    if made.returncode != 0:
        sys.exit(f"error: {app}: {made.stderr[-2000:]}")
    machine = MACHINE if options.processes == 1 else f"{MACHINE}:{options.processes}"
    made = run(options.build / "bin" / "placewright", "simulate", "--json", "--workload", recording, "--machine", machine, *files)
    if not made.stdout.startswith("["):
        sys.exit(f"error: {app}: {made.stderr[-2000:]}")
    results = []
    for each in json.loads(made.stdout):
        if "refusal" in each:
            results.append(None)
            continue
        results.append({(move["from"], move["to"], "one memory" if move["local"] else "two nodes" if move["across_nodes"] else ""):
                        (move["bytes"], move["count"]) for move in each.get("moves", [])})
    return results


def profiled(options, app, file):
    """Rows as in simulated(), of one run; None if the run failed."""
    profile = options.folder / app / "profile.json"
    made = run(options.build / "bin" / "placewright", "run", "--replace-mapper", "--profile", profile, "--mapping", file, "--machine", MACHINE,
               "--time-scale", "1e-6", "--processes", options.processes, "--", options.build / "bin" / app, "-input", "small", "-l", PASSES)
    if made.returncode != 0:
        print(made.stderr[-500:], file=sys.stderr)
        return None
    sums = collections.defaultdict(lambda: [0, 0])
    for copy in json.loads(profile.read_text())["copies"]:
        # Copies for no argument are those of futures.
        if not copy["to"] or copy["argument"] < 0:
            continue
        source = PLACE.fullmatch(copy["from"]) if copy["from"] else None
        target = PLACE.fullmatch(copy["to"])
        where = ("" if source is None else "one memory" if copy["from"] == copy["to"] else
                 "two nodes" if source[2] != target[2] else "")
        row = sums[(source[1] if source else "", target[1], where)]
        row[0] += copy["bytes"]
        row[1] += copy["count"]
    return {key: tuple(row) for key, row in sums.items()}


def compare(options, app):
    result = options.folder / app / f"moves{options.processes}.json"
    if result.exists():
        return json.loads(result.read_text())
    files = mappings(options, app)
    rows = []
    for file, expected in zip(files, simulated(options, app, files)):
        runs = [each for each in (profiled(options, app, file) for _ in range(options.runs)) if each is not None]
        if expected is None or not runs:
            print(f"{app}: {file.name}: not compared", flush=True)
            continue
        for key in sorted(set(expected) | {key for each in runs for key in each}):
            rows.append({"mapping": file.name, "key": key, "simulated": expected.get(key, (0, 0)),
                         "runs": [each.get(key, (0, 0)) for each in runs]})
    result.write_text(json.dumps(rows))
    return rows


def line_of(app, rows):
    counts = collections.Counter()
    off, worst = [], ("-", 0)
    for row in rows:
        for which, name in enumerate(("bytes", "copies")):
            runs = [each[which] for each in row["runs"]]
            mine = row["simulated"][which]
            if min(runs) == max(runs) == mine:
                counts[name + " exact"] += 1
            elif min(runs) < max(runs) and min(runs) <= mine <= max(runs):
                counts[name + " inside"] += 1
        nearest = min((abs(each[0] - row["simulated"][0]) for each in row["runs"]))
        largest = max([row["simulated"][0]] + [each[0] for each in row["runs"]])
        off.append(nearest / largest if largest else 0)
        if off[-1] > worst[1]:
            source, target, where = row["key"]
            worst = (f"{row['mapping']}: {source or 'fill'} to {target} {where} {row['simulated']} / {row['runs'][0]}", off[-1])
    total = sum(max(each[0] for each in row["runs"]) for row in rows)
    wrong = sum(min(abs(each[0] - row["simulated"][0]) for each in row["runs"]) for row in rows)
    return (f"| {app} | {len({row['mapping'] for row in rows})} | {len(rows)} | {counts['bytes exact']} | {counts['bytes inside']} | "
            f"{counts['copies exact']} | {counts['copies inside']} | {100 * wrong / total if total else 0:.1f} % | {worst[0]} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--apps", default=",".join(APPS))
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build" / "moves")
    parser.add_argument("--tuned", type=pathlib.Path, default=ROOT / "build" / "tuning")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--page", type=pathlib.Path)
    options = parser.parse_args()
    lines = []
    for app in options.apps.split(","):
        lines.append(line_of(app, compare(options, app)))
        print(lines[-1], flush=True)
    if options.page:
        options.page.write_text(HEADING.format(machine=machine_in_words(), commit=head_commit(), processes=options.processes, passes=PASSES,
                                               mappings=MAPPINGS, runs=options.runs) + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
