#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets up, builds and runs all tests; the last line is `N passed, N failed, N skipped`.
#
#   scripts/test.sh [dev|asan|clang]
#   scripts/test.sh --long [SECONDS]
#   scripts/test.sh --stress [SECONDS]
#   scripts/test.sh --llm
#
# dev (default) builds everything and runs it on the real Legion runtime; asan and clang build and test what needs no Legion.
# --long feeds mutated mappings to the language for so many seconds (60) per fuzz target. --stress runs random task graphs under
# random mappings in tight memories for so many seconds (1800). --llm lets a small language model on this machine tune circuit.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  echo "test: $1 (usage: scripts/test.sh [dev|asan|clang] or scripts/test.sh --long|--stress [SECONDS] or --llm)" >&2
  exit 2
}

preset=${1:-dev}
case $preset in
  dev | asan) setup_options=() ;;
  clang) setup_options=(--with-clang) ;;
  --long)
    seconds=${2:-60}
    [[ $seconds =~ ^[0-9]+$ ]] || usage "$seconds is no number of seconds"
    exec scripts/fuzz.sh "$seconds"
    ;;
  --stress)
    stress_seconds=${2:-1800}
    [[ $stress_seconds =~ ^[0-9]+$ ]] || usage "$stress_seconds is no number of seconds"
    preset=dev
    setup_options=()
    ;;
  --llm)
    with_llm=yes
    preset=dev
    setup_options=()
    ;;
  *) usage "unknown preset $preset" ;;
esac

scripts/setup.sh "${setup_options[@]}"
echo "test: building (preset $preset)"
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" --parallel "$(nproc)" -- --quiet

if [[ -n ${stress_seconds:-} ]]; then
  echo "test: random task graphs for $stress_seconds s"
  exec python3 tests/stress/stress.py --build "build/$preset" --seconds "$stress_seconds" --first "$(date +%s)" \
    --keep "build/$preset/stress-failures"
fi

if [[ -n ${with_llm:-} ]]; then
  exec scripts/llm.sh "$PWD/build/$preset"
fi

results=build/$preset/test-results.xml
echo "test: running the tests"
status=0
# One more than there are cores: many tests wait for programs that sleep.
ctest --test-dir "build/$preset" --parallel "$(($(nproc) + 1))" --timeout 300 --output-on-failure --output-junit "$PWD/$results" \
  >"build/$preset/test-output.txt" 2>&1 || status=$?
python3 tools/summarize_tests.py "$results" "build/$preset/test-output.txt"
exit "$status"
