#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How well simulated steps agree with those that searches timed on virtual GPUs.

usage: bench/simulator.py [--apps NAME,...] [--folder FOLDER] [--build FOLDER] [--page FILE] [--measured COMMIT]

For each application it records the small input and simulates every mapping that a search of bench/tuning.py timed in steps; the
searches are in the folder. --page writes a page of results.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

from tuning import APPS, ROOT, head_commit, machine_in_words

MACHINE = ROOT / "share" / "machines" / "p100x4.toml"
PASSES = 6
NEAR = 1.5
BATCH = 200
HEADING = """# Simulator

*Simulated* steps (driver level: the prices of the virtual GPU driver) against steps that searches timed on *virtual GPUs*, in modelled
seconds. Machine: {machine}. Simulated at commit {commit}; the searches: {measured}.

`bench/simulator.py`, after `bench/tuning.py`: `-input small -l {passes}` recorded, `share/machines/p100x4.toml`.

Error: |simulated / timed - 1|. Apart are two mappings whose timed steps differ by more than the application's resolution: twice the
spread, about their median, that 95 % of the repeated steps of its mappings stay within. Kendall's tau over all such pairs, and over
those among mappings within {near} times the best. Regret: how much longer the timed steps of the mapping predicted best take than the
best ones, and of the best of the ten predicted best.

| application | mappings | resolution | median error | 90 % within | tau | pairs | tau near the best | pairs | regret | of ten | ms per mapping |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""
NOTES = """
## What the table does not show

- A search times few steps of a mapping, and many only once. One that is left after two slow steps may not have reached its steady
  state: 3.3 ms where 0.068 is simulated (circuit).
- The mappings of one search are not independent: many are neighbours of its best.
- Milliseconds per mapping include reading its text, the recording and the machine file, for {batch} mappings at once; one core.
"""


def run(*words):
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)


def recording(options, app):
    path = options.folder / app / "small.recording"
    if not path.exists():
        made = run(options.build / "bin" / "placewright", "record", "-o", path, "--machine", MACHINE, "--", options.build / "bin" / app,
                   "-input", "small", "-l", PASSES)
        if made.returncode != 0:
            sys.exit(f"error: {app}: {made.stderr[-2000:]}")
    return path


def timed(options, app):
    """What the search timed in steps: (samples, text of the mapping)."""
    exported = run(options.build / "bin" / "placewright", "study", "export", options.folder / app / "study.db", "--format", "json")
    if exported.returncode != 0:
        sys.exit(f"error: {app}: {exported.stderr[-2000:]}")
    study = json.loads(exported.stdout)
    if study["unit"] != "s/step":
        return []
    return [(each["samples"], each["mapping"]) for each in study["evaluations"] if each["status"] == "ok" and each["mapping"]]


def simulated(options, app, texts):
    """Steps in seconds, None where the simulator refuses; and the seconds that it took."""
    folder = options.folder / app / "simulated"
    folder.mkdir(exist_ok=True)
    files = []
    for number, text in enumerate(texts):
        files.append(folder / f"{number}.mapping")
        files[-1].write_text(text)
    path = recording(options, app)
    steps = []
    start = time.monotonic()
    for first in range(0, len(files), BATCH):
        made = run(options.build / "bin" / "placewright", "simulate", "--json", "--workload", path, "--machine", MACHINE,
                   *files[first:first + BATCH])
        if not made.stdout.startswith("["):
            sys.exit(f"error: {app}: {made.stderr[-2000:]}")
        steps += [each.get("step_s") for each in json.loads(made.stdout)]
    return steps, time.monotonic() - start


def resolution(samples):
    """Twice the relative spread about their median that 95 % of repeated steps stay within."""
    spreads = sorted(abs(value / statistics.median(each) - 1) for each in samples if len(each) > 2 for value in each)
    return 2 * spreads[int(0.95 * (len(spreads) - 1))] if spreads else 0.0


def tau(pairs, least):
    """Kendall's, over pairs whose timed steps differ by more than `least`; and how many those are."""
    score = count = 0
    for number, (one, one_simulated) in enumerate(pairs):
        for other, other_simulated in pairs[:number]:
            if max(one, other) <= (1 + least) * min(one, other):
                continue
            count += 1
            # Equal predictions neither agree nor disagree.
            order = (one_simulated > other_simulated) - (one_simulated < other_simulated)
            score += order if one > other else -order
    return (score / count if count else float("nan")), count


def row(options, app):
    measured = timed(options, app)
    steps, seconds = simulated(options, app, [text for _, text in measured])
    pairs = [(statistics.median(samples), step) for (samples, _), step in zip(measured, steps) if step is not None]
    errors = sorted(abs(step / real - 1) for real, step in pairs)
    best = min(real for real, _ in pairs)
    least = resolution([samples for samples, _ in measured])
    everywhere, count = tau(pairs, least)
    near, near_count = tau([pair for pair in pairs if pair[0] <= NEAR * best], least)
    by_prediction = [real for real, _ in sorted(pairs, key=lambda pair: pair[1])]
    line = (f"| {app} | {len(pairs)} | {100 * least:.1f} % | {100 * statistics.median(errors):.1f} % | "
            f"{100 * errors[int(0.9 * (len(errors) - 1))]:.1f} % | {everywhere:.2f} | {count} | {near:.2f} | {near_count} | "
            f"{100 * (by_prediction[0] / best - 1):.1f} % | {100 * (min(by_prediction[:10]) / best - 1):.1f} % | "
            f"{1000 * seconds / len(measured):.1f} |")
    print(line, flush=True)
    return line


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--apps", default=",".join(APPS))
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build" / "tuning")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    parser.add_argument("--page")
    parser.add_argument("--measured", default="of an unknown commit", help="the commit of the searches")
    options = parser.parse_args()
    lines = [row(options, app) for app in options.apps.split(",") if (options.folder / app / "study.db").exists()]
    if not options.page:
        return
    pathlib.Path(options.page).write_text(
        HEADING.format(machine=machine_in_words(), commit=head_commit(), measured=options.measured, passes=PASSES, near=NEAR) +
        "\n".join(lines) + "\n" + NOTES.format(batch=BATCH))


if __name__ == "__main__":
    main()
