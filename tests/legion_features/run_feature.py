# SPDX-License-Identifier: Apache-2.0
"""run_feature.py FEATURE MAPPER PROCESSES: runs one feature and compares its results with expected.json.

`default` is Legion's default mapper, `trivial` and `decided` the mappings of this folder by preloading, `linked` is
`decided` in a program that is linked with the plug-in, `generated` the mapper that `codegen` makes of it. `--update`
writes what the default mapper gives. Every decision of a preloaded mapping is recorded and decided again by src/decide
alone (replay_decisions).
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
from harness import BUILD, LIMIT_S, PLACEWRIGHT, run_again_after_race  # noqa: E402

EXPECTED = HERE / "expected.json"
CPUS = {1: 3, 2: 2}
# What does not work in Legion 25.12, as (feature, mapper, processes): a word of the message that it ends with. A case that
# works one day is reported, so that this list stays true.
SHARDING = "AffineLinearizedIndexSpace"  # of the default mapper, which linearizes points by their own coordinates
TOGETHER = "multiple write-collective users of the same instance"  # The default mapper gives all points the same one.
LOCAL_FIELDS = "Local field creation is not currently supported for control replication"
ARRIVALS = "adjust_arrival"  # Realm's barriers when arrivals are changed in two processes.
DEFECTS = {
    ("collective_writes", "default", 1): TOGETHER,
    ("collective_writes", "default", 2): TOGETHER,
    # The default mapper sends a shard's local functions to the other node.
    ("local_functions", "default", 2): "local function",
    ("phase_barriers", "default", 2): ARRIVALS,
    ("phase_barriers", "trivial", 2): ARRIVALS,
    ("phase_barriers", "decided", 2): ARRIVALS,
    ("local_fields", "default", 2): LOCAL_FIELDS,
    ("local_fields", "trivial", 2): LOCAL_FIELDS,
    ("local_fields", "decided", 2): LOCAL_FIELDS,
    ("lower_bounds", "default", 2): SHARDING,
    ("lower_bounds", "trivial", 2): SHARDING,
    # The default mapper places each argument by itself.
    ("colocation", "default", 2): "be co-located with prior requirement",
    # Restricted attachments cannot be replicated, and the default mapper replicates the top-level task.
    ("acquire_and_release", "default", 2): "requested a restriction",
    ("acquire_and_release", "trivial", 2): "requested a restriction",
    ("acquire_and_release", "decided", 2): "requested a restriction",
}


def command_of(feature, mapper, processes):
    program = "legion_features_linked" if mapper == "linked" else "legion_features"
    command = [PLACEWRIGHT, "run", "--timeout", LIMIT_S, "--processes", processes]
    if mapper in ("trivial", "decided"):
        command += ["--mapping", HERE / f"{mapper}.mapping"]
    if feature == "automatic_traces":
        command.append("--automatic-tracing")
    application = [BUILD / "bin" / program]
    if mapper == "linked":
        application.append(HERE / "decided.mapping")
    application += ["-ll:cpu", CPUS[processes], "-feature", feature]
    if feature == "local_fields":
        application += ["-lg:local", 4]
    if mapper == "generated":
        preload = f'LD_PRELOAD="$LD_PRELOAD:{BUILD}/lib/libdecided_mapper.so" exec "$@"'
        application = ["sh", "-c", preload, "sh", *application]
    if feature == "unequal_processors" and processes > 1:
        # The last -ll:cpu counts: 2 for process 0, 3 for process 1.
        application = ["sh", "-c", 'exec "$@" -ll:cpu $((OMPI_COMM_WORLD_RANK + 2))', "sh", *application]
    return [str(word) for word in [*command, "--", *application]]


def results_of(feature, mapper, processes):
    """The results, in order (every process that runs the top-level task prints the same ones), status and output."""
    with tempfile.TemporaryDirectory(prefix="placewright-feature-") as folder:
        records = pathlib.Path(folder) / "records_%"
        environment = dict(os.environ, PLACEWRIGHT_RECORDS=str(records))
        done = run_again_after_race(command_of(feature, mapper, processes), timeout=2 * LIMIT_S,
                                    cwd=folder, env=environment)
        if done.returncode == 0 and mapper in ("trivial", "decided"):
            decide_again(HERE / f"{mapper}.mapping", sorted(records.parent.glob("records_*")))
    lines = [line.partition("RESULT ")[2] for line in done.stdout.splitlines() if "RESULT " in line]
    return lines, done.returncode, done.stdout + done.stderr


def decide_again(mapping, records):
    done = subprocess.run([str(BUILD / "bin" / "replay_decisions"), str(mapping), *map(str, records)],
                          capture_output=True, text=True, check=False, timeout=LIMIT_S)
    if done.returncode != 0:
        sys.exit(f"src/decide decides otherwise:\n{done.stdout[-4000:]}{done.stderr}")
    print(done.stdout, end="")


def main():
    feature, mapper, processes = sys.argv[1], sys.argv[2], int(sys.argv[3])
    lines, status, output = results_of(feature, mapper, processes)
    defect = DEFECTS.get((feature, mapper, processes))
    if defect is not None:
        if status == 0 or defect not in output:
            sys.exit(f"expected a failure with `{defect}`, status {status}\n{output}")
        return
    if status != 0:
        sys.exit(f"status {status}\n{output}")
    expected = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}
    if "--update" in sys.argv:
        expected[feature] = lines
        EXPECTED.write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
        return
    wanted = [line.replace("PROCESSES", str(processes)) for line in expected[feature]]
    times = len(lines) // max(1, len(wanted))
    if times not in range(1, processes + 1) or sorted(lines) != sorted(wanted * times):
        sys.exit(f"expected {wanted}, found {lines}")


main()
