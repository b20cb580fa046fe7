#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs fuzz targets for so many seconds each; called by scripts/test.sh --long. What breaks one is kept in build/fuzz/.
# usage: scripts/fuzz.sh SECONDS [TARGET...]      such as parse or wire; all of them if none is named
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=$1
shift

# What each target reads: its corpus, then more seeds.
declare -A seeds=(
  [parse]="mapping" [evaluate]="mapping" [print]="mapping" [workload]="workload" [machine]="machine" [study]="study"
  [cassette]="cassette" [wire]="wire" [answer]="answer" [profile]="profile" [record]="record")
mapping_seeds=(tests/golden/check tests/golden/show examples)
targets=("$@")
if [[ ${#targets[@]} -eq 0 ]]; then
  targets=(parse evaluate print workload machine study cassette wire answer profile record)
fi

scripts/setup.sh --with-clang
echo "fuzz: building (preset fuzz)"
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --parallel "$(nproc)" --target "${targets[@]/#/fuzz_}" -- --quiet

passed=0
failed=0
for target in "${targets[@]}"; do
  found=build/fuzz/fuzz_$target
  mkdir -p "$found"
  more=()
  if [[ ${seeds[$target]} == mapping ]]; then more=(-dict=tests/fuzz/mapping.dict "${mapping_seeds[@]}"); fi
  echo "fuzz: $target for $seconds s"
  if "build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=4096 \
    -print_final_stats=1 -artifact_prefix="$found-" "$found" "tests/fuzz/corpus/${seeds[$target]}" "${more[@]}" \
    >"$found.log" 2>&1; then
    passed=$((passed + 1))
    grep -aE "number_of_executed_units|peak_rss_mb" "$found.log" | sed 's/^/fuzz:   /'
  else
    failed=$((failed + 1))
    tail -n 30 "$found.log"
  fi
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
