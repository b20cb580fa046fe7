#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every fuzz target for so many seconds; called by scripts/test.sh --long. What breaks one is kept in build/fuzz/.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=$1

scripts/setup.sh --with-clang
echo "fuzz: building (preset fuzz)"
cmake --preset fuzz >/dev/null
targets=(fuzz_parse fuzz_evaluate fuzz_print)
cmake --build --preset fuzz --parallel "$(nproc)" --target "${targets[@]}" -- --quiet

passed=0
failed=0
for target in "${targets[@]}"; do
  found=build/fuzz/$target
  mkdir -p "$found"
  echo "fuzz: $target for $seconds s"
  if "build/fuzz/bin/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 \
    -artifact_prefix="$found-" -dict=tests/fuzz/mapping.dict "$found" tests/fuzz/corpus tests/golden/check tests/golden/show \
    examples >"$found.log" 2>&1; then
    passed=$((passed + 1))
    grep -aE "number_of_executed_units|peak_rss_mb" "$found.log" | sed 's/^/fuzz:   /'
  else
    failed=$((failed + 1))
    tail -n 30 "$found.log"
  fi
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
