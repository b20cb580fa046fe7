#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every check in order and stops at the first that fails. Prints one line per stage with its time.
#
#   scripts/check.sh              all stages
#   scripts/check.sh STAGE...     only these, in the order given
#
# Stages: setup format rules asan tsan clang tidy long package full. What a stage prints is in build/check/STAGE.txt.
# tidy reads build/clang/compile_commands.json, which the stage clang makes.
set -euo pipefail
cd "$(dirname "$0")/.."
log=build/check

stage_setup() { scripts/setup.sh --with-clang; }
stage_format() { scripts/format.sh; }
# The subjects of older commits were not checked.
first_checked_commit=c8f080fa7b6aedec9b1465fa96c1628f529167fd
# The tests have most of them too; here they fail before anything is compiled.
stage_rules() {
  local name
  for name in layers environment words limits comments; do
    python3 "tools/check_$name.py" || return
  done
  # A shallow clone has no history to check.
  if [[ $(git rev-parse --is-shallow-repository) == false ]]; then
    python3 tools/check_limits.py --commits "$first_checked_commit"
  fi
}
stage_asan() { scripts/test.sh asan; }
stage_tsan() { scripts/test.sh tsan; }
stage_clang() { scripts/test.sh clang; }
stage_long() { scripts/test.sh --long 60; }
stage_package() { scripts/test.sh --package; }
# Its tests also build the examples against an installed tree.
stage_full() { scripts/test.sh full; }

# Sources that the preset clang does not compile (src/legion) are left out.
stage_tidy() {
  local commands=build/clang/compile_commands.json
  [[ -r $commands ]] || { echo "check: $commands is missing: run the stage clang first" >&2; return 1; }
  python3 - "$commands" <<'PYTHON' | xargs -0 -r -n 1 -P "$(nproc)" clang-tidy --quiet -p build/clang
import json, os, sys
files = {os.path.relpath(os.path.join(entry["directory"], entry["file"])) for entry in json.load(open(sys.argv[1]))}
found = sorted(name for name in files if name.startswith("src/"))
if not found:
    sys.exit("check: no source of src/ is in the list of commands")
sys.stdout.write("".join(name + "\0" for name in found))
PYTHON
}

stages=("$@")
[[ $# -gt 0 ]] || stages=(setup format rules asan tsan clang tidy long package full)
for stage in "${stages[@]}"; do
  if ! declare -F "stage_$stage" >/dev/null; then
    echo "check: unknown stage $stage" >&2
    exit 2
  fi
done

mkdir -p "$log"
for stage in "${stages[@]}"; do
  began=$SECONDS
  status=0
  "stage_$stage" >"$log/$stage.txt" 2>&1 || status=$?
  if [[ $status -ne 0 ]]; then
    tail -n 30 "$log/$stage.txt"
    echo "check: $stage failed after $((SECONDS - began)) s; all it printed is in $log/$stage.txt"
    exit 1
  fi
  echo "check: $stage passed in $((SECONDS - began)) s"
done
