#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What three minutes of tuning find in the nine applications, and how well times of steps agree with whole runs.

usage: bench/tuning.py [--apps NAME,...] [--budget TIME] [--closing TIME] [--folder FOLDER] [--build FOLDER] [--page FILE]
       [--commit COMMIT] [--searches-only]

For each application it runs `placewright tune apps/NAME/small.study.toml`; after all searches, whole runs of a dozen of the
mappings that each timed in steps: the expert mapping and others, half of them within 1.5 times the best; and steps of the same
mappings in a run of their own, two visits to each in opposite orders. Every result is kept in the folder, so an interrupted
benchmark continues. --page writes bench/RESULTS-tuning.md from what is there.
"""

import argparse
import json
import math
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
APPS = ["circuit", "stencil", "pennant", "cannon", "summa", "pumma", "johnson", "solomonik", "cosma"]
TIME_SCALE = {"circuit": 1000, "stencil": 111, "pennant": 1000}  # as in the study files; the others have 100
LOOPS = 8
FARTHEST = 5  # times the best; whole runs of slower mappings would take most of the time
ROUNDS = 3
VISIT = 8  # steps, of which the first two may move data; the others count as pairs, since steps may alternate
MOST_STEPS = {"cannon": 60, "summa": 60, "pumma": 60}  # of one run: the page says why
ROW = re.compile(r"^(untouched|default|expert|hand-written|candidate|best)\s+(\S+)\s+\[(\S+), (\S+)\]\s+(\S+)(?: \[(\S+), (\S+)\])?"
                 r"(?:\s+(\S+)(?: \[(\S+), (\S+)\])?)?\s+(\d+)\b", re.MULTILINE)
EVALUATIONS = re.compile(r"^(\d+) evaluations of .* in (\d+) s", re.MULTILINE)
EXPLORED = re.compile(r"^(\d+) mappings were timed in (\d+) steps of (\d+) runs?", re.MULTILINE)
HEADING = """# Tuning

*Virtual GPU*, modelled seconds. Times of different kinds never share a column: what was timed in steps of one run and what in
whole runs is said. Machine: {machine}. Commit {commit}.
"""

NOTES = """
## What the tables do not show

- One search each. Mappings of one search are not independent: many are neighbours of its best.
- Two runs go on at the same time in a search where the default mapper's steps are not disturbed by it.
- What a search itself timed is often one visit, and a pause of the machine can spoil it as a whole: a mapping of SUMMA had 5.6 ms in
  the search, 3.2 ms in the second run of steps, and 3.6 ms in whole runs.
- Where programs time a part of every step themselves, that part counts, in steps as in whole runs.
- The expert mapping of SUMMA repeats its steps now in a faster, now in a slower way, with the same decisions and copies: 7 to 10 ms.
- Cannon, SUMMA and PUMMA cannot run longer than 70 to 200 iterations, under any mapping or none ("completion queue ID space exhausted", a
  limit of Realm's). A search begins a new run then.
- The default mapper itself is timed in steps through the plug-in, which makes its decisions: on circuit they take 0.118 to 0.121 ms a
  step, where whole runs under Legion's own mapper take 0.107.
"""


def numbers(values):
    return [float(value) for value in values if value is not None]


def tune(options, app, folder):
    """The table that `tune` ends with, as numbers."""
    result = folder / "tuned.json"
    if result.exists():
        return json.loads(result.read_text())
    for old in folder.glob("*.db"):
        old.unlink()
    command = [options.build / "bin" / "placewright", "tune", ROOT / "apps" / app / "small.study.toml", "--budget", options.budget,
               "--closing", options.closing, "--study", folder / "study.db", "-o", folder / "best.mapping"]
    process = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    (folder / "output.txt").write_text(process.stdout + process.stderr)
    if process.returncode != 0:
        sys.exit(f"error: {app}: {process.stderr[-2000:]}")
    rows = {}
    for match in ROW.finditer(process.stdout):
        name, *values = match.groups()
        rows[name] = {"median": float(values[0]), "to_default": numbers(values[3:6]), "to_expert": numbers(values[6:9]),
                      "rounds": int(values[9])}
    evaluations = EVALUATIONS.search(process.stdout)
    explored = EXPLORED.search(process.stdout)
    tuned = {"rows": rows, "evaluations": int(evaluations[1]), "seconds": int(evaluations[2]),
             "mappings": int(explored[1]) if explored else 0, "steps": int(explored[2]) if explored else 0,
             "runs": int(explored[3]) if explored else 0, "equal": "best decides like expert" in process.stdout}
    result.write_text(json.dumps(tuned))
    return tuned


def chosen(evaluations):
    """Expert and twelve others, of which up to six are 1.5 times the best to FARTHEST, the others nearer; spread over their times."""
    timed = sorted((each for each in evaluations if each["status"] == "ok" and each["mapping"]),
                   key=lambda each: each["estimate"]["median"])
    best = timed[0]["estimate"]["median"]
    expert = [each for each in timed if each["origin"] == "expert"]
    others = [each for each in timed if each["origin"] != "expert"]
    near = [each for each in others if each["estimate"]["median"] <= 1.5 * best]
    far = [each for each in others if 1.5 * best < each["estimate"]["median"] <= FARTHEST * best]

    def spread(values, count):
        if len(values) <= count:
            return values
        return [values[i * (len(values) - 1) // (count - 1)] for i in range(count)]
    far = spread(far, 6)
    return expert + spread(near, 12 - len(far)) + far


def agreement(options, app, folder):
    """For each chosen mapping the seconds of a step: in a run of steps, and by whole runs."""
    result = folder / "agreement.json"
    if result.exists():
        return json.loads(result.read_text())
    study = subprocess.run([str(options.build / "bin" / "placewright"), "study", "export", str(folder / "study.db"), "--format", "json"],
                           capture_output=True, text=True, check=True)
    exported = json.loads(study.stdout)
    if exported["unit"] != "s/step":
        return []
    mappings = chosen(exported["evaluations"])
    files = []
    for each in mappings:
        file = folder / f"evaluation{each['id']}.mapping"
        file.write_text(each["mapping"])
        files.append(file)
    command = [options.build / "bin" / "placewright", "compare", *files, "--rounds", ROUNDS, "--machine",
               ROOT / "share" / "machines" / "p100x4.toml", "--time-scale", TIME_SCALE.get(app, 100), "--json", "--",
               options.build / "bin" / app, "-input", "small", "-l", LOOPS]
    process = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if not process.stdout.startswith("{"):
        sys.exit(f"error: {app}: {process.stderr[-2000:]}")
    pairs = []
    for each, whole in zip(mappings, json.loads(process.stdout)["mappings"]):
        if whole["status"] == "ok":
            pairs.append({"evaluation": each["id"], "origin": each["origin"], "steps": each["samples"],
                          "whole": [value / LOOPS for value in whole["samples"]]})
    result.write_text(json.dumps(pairs))
    return pairs


def visited(options, app, files, log):
    """Lets one run take turns with mappings: two visits to each, the second ones in the opposite order."""
    plan = log.with_suffix(".plan")
    lines = [{"format": "placewright-exploration", "version": 1, "step": "", "ahead": 2, "waits": False},
             {"visit": 1, "mapping": "", "steps": VISIT}]
    for number, file in enumerate([*files, *reversed(files)]):
        lines.append({"visit": number + 2, "mapping": str(file), "steps": VISIT, "whole": True})
    plan.write_text("".join(json.dumps(line) + "\n" for line in [*lines, {"end": ""}]))
    log.write_text("")
    command = [options.build / "bin" / "placewright", "run", "--replace-mapper", "--plan", plan, "--explored", log, "--machine",
               ROOT / "share" / "machines" / "p100x4.toml", "--time-scale", TIME_SCALE.get(app, 100), "--", options.build / "bin" / app,
               "-input", "small", "-l", VISIT * (2 * len(files) + 1) + 4]
    process = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if process.returncode != 0:
        log.unlink()
        sys.exit(f"error: {app}: {process.stderr[-2000:]}")


def steady_pairs(log, scale):
    """Modelled seconds of a step by mapping: means of two successive steady steps; where the program times a part of every step itself, of
    that part."""
    pairs = {}
    for line in log.read_text().splitlines():
        visit = json.loads(line).get("visit")
        if not visit or not visit["mapping"] or len(visit["steps"]) < VISIT:
            continue
        times_itself = all(step["window"] > 0 for step in visit["steps"][1:])
        seconds = [step["window" if times_itself else "seconds"] / scale for step in visit["steps"][VISIT % 2 + 2:]]
        pairs.setdefault(visit["mapping"], []).extend(sum(seconds[i:i + 2]) / 2 for i in range(0, len(seconds), 2))
    return pairs


def visits(options, app, folder, pairs):
    """The steps of the mappings of pairs, by their evaluation."""
    result = folder / "visits.json"
    if result.exists():
        return {int(number): steps for number, steps in json.loads(result.read_text()).items()}
    files = {folder / f"evaluation{pair['evaluation']}.mapping": pair["evaluation"] for pair in pairs}
    at_once = max(1, (MOST_STEPS.get(app, 10**6) // VISIT - 1) // 2)
    steps = {}
    for begin in range(0, len(files), at_once):
        log = folder / f"visits{begin}.log"
        if not log.exists():
            visited(options, app, list(files)[begin:begin + at_once], log)
        steps |= steady_pairs(log, TIME_SCALE.get(app, 100))
    found = {number: steps[str(file)] for file, number in files.items() if len(steps.get(str(file), [])) >= 6}
    result.write_text(json.dumps(found))
    return found


def apart(one, other):
    return one[1] < other[0] or other[1] < one[0]


def median_interval(samples):
    """Order statistics with at least 95 % coverage of the median; of fewer than six samples the smallest and largest."""
    ordered, count = sorted(samples), len(samples)
    rank = 0
    while 2 * sum(math.comb(count, i) for i in range(rank + 1)) / 2**count <= 0.05 and rank + 1 < count / 2:
        rank += 1
    rank = max(rank, 1)
    return ordered[rank - 1], ordered[-rank]


def tau(pairs, steps):
    """Kendall's, over pairs of mappings whose whole runs are apart, and so are the intervals of their steps where they have many; nan without
    any. And how many pairs those are. `steps` gives those of a pair."""
    score, count = 0, 0
    for i, one in enumerate(pairs):
        for other in pairs[:i]:
            if not apart(median_interval(one["whole"]), median_interval(other["whole"])):
                continue
            has_many = min(len(steps(one)), len(steps(other))) >= 6
            if has_many and not apart(median_interval(steps(one)), median_interval(steps(other))):
                continue
            count += 1
            by_whole = statistics.median(one["whole"]) < statistics.median(other["whole"])
            by_steps = statistics.median(steps(one)) < statistics.median(steps(other))
            score += 1 if by_whole == by_steps else -1
    return (score / count if count else float("nan")), count


def interval(values):
    if len(values) < 3:
        return f"{values[0]:.3f}" if values else "-"
    return f"{values[0]:.3f} [{values[1]:.3f}, {values[2]:.3f}]"


def machine_in_words():
    model = subprocess.run(["sh", "-c", "grep -m1 'model name' /proc/cpuinfo | cut -d: -f2"], capture_output=True, text=True, check=True)
    return "two shared cores of" + model.stdout.rstrip()


def head_commit():
    return subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True,
                          check=True).stdout.strip()


def page(options, results):
    lines = [HEADING.format(machine=machine_in_words(), commit=options.commit or head_commit()),
             f"`bench/tuning.py`: `placewright tune apps/NAME/small.study.toml --budget {options.budget} "
             f"--closing {options.closing}`, default strategy.\n",
             "## What was found\n",
             "Decision sets timed in steps of one run, and the closing comparison of whole runs: median of the ratios within rounds",
             "and their interval. `=` means the same decisions as the expert mapping.\n",
             "| application | decision sets | steps | runs | seconds | best / default | best / expert | expert / default | rounds |",
             "|---|---|---|---|---|---|---|---|---|"]
    for app, (tuned, _) in results.items():
        best, expert = tuned["rows"].get("best", {}), tuned["rows"].get("expert", {})
        to_expert = "=" if tuned["equal"] else interval(best.get("to_expert", []))
        lines.append(f"| {app} | {tuned['evaluations']} | {tuned['steps']} | {tuned['runs']} | {tuned['seconds']} | "
                     f"{interval(best.get('to_default', []))} | {to_expert} | {interval(expert.get('to_default', []))} | "
                     f"{best.get('rounds', 0)} |")
    if any(pairs for _, pairs in results.values()):
        lines += agreement_table(options, results)
    pathlib.Path(options.page).write_text("\n".join(lines) + "\n" + NOTES)


def agreement_columns(pairs, steps):
    off = [abs(statistics.median(pair["whole"]) / statistics.median(steps(pair)) - 1) for pair in pairs]
    value, count = tau(pairs, steps)
    return f"{100 * statistics.median(off):.1f} % | {100 * max(off):.1f} % | {value:.2f} | {count}"


def agreement_table(options, results):
    lines = ["", "## Steps and whole runs", "",
              f"Up to 13 mappings of each search: {ROUNDS} whole runs of `-input small -l {LOOPS}`, per step, against the steady steps of two visits",
              "in another run of steps, and against what the search timed, often one visit. Off: the median over mappings of",
              "|whole runs / steps - 1|, and the largest. Kendall's tau over those pairs of mappings whose whole runs do not overlap and",
              "whose steps are apart, where there are six or more, by their 95 % intervals.\n",
              "| application | mappings | off | largest | tau | pairs | search: off | largest | tau | pairs |",
              "|---|---|---|---|---|---|---|---|---|---|"]
    for app, (_, pairs) in results.items():
        if not pairs:
            continue
        again = visits(options, app, options.folder / app, pairs)
        known = [pair for pair in pairs if pair["evaluation"] in again]
        lines.append(f"| {app} | {len(known)} | {agreement_columns(known, lambda pair, again=again: again[pair['evaluation']])} | "
                     f"{agreement_columns(pairs, lambda pair: pair['steps'])} |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--apps", default=",".join(APPS))
    parser.add_argument("--budget", default="3m")
    parser.add_argument("--closing", default="2m")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build" / "tuning")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    parser.add_argument("--page")
    parser.add_argument("--commit", help="that the results in the folder were measured at (default: HEAD)")
    parser.add_argument("--searches-only", action="store_true", help="no whole runs of further mappings")
    options = parser.parse_args()
    results = {}
    for app in options.apps.split(","):
        folder = options.folder / app
        folder.mkdir(parents=True, exist_ok=True)
        tuned = tune(options, app, folder)
        results[app] = (tuned, [])
        print(f"{app}: {tuned['evaluations']} decision sets in {tuned['steps']} steps, best / default "
              f"{interval(tuned['rows']['best']['to_default'])}", flush=True)
    for app, (tuned, _) in results.items():
        folder = options.folder / app
        if options.searches_only and not (folder / "agreement.json").exists():
            continue
        pairs = agreement(options, app, folder)
        results[app] = (tuned, pairs)
        if pairs:
            visits(options, app, folder, pairs)
        print(f"{app}: {len(pairs)} mappings by whole runs", flush=True)
    if options.page:
        page(options, results)


if __name__ == "__main__":
    main()
