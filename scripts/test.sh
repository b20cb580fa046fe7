#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets up, builds and runs tests; the last line is `N passed, N failed, N skipped`.
#
#   scripts/test.sh [full]              everything on the real Legion runtime (the default)
#   scripts/test.sh quick               what needs no runtime: format, layers, words, unit and golden tests
#   scripts/test.sh -R REGEX            tests whose names match
#   scripts/test.sh -L LABEL            tests with a label: unit, golden, language, agent, e2e, legion, layers, package, applications,
#                                       timing
#   scripts/test.sh asan|tsan|clang     what needs no Legion, under the sanitizers or with Clang 14
#   scripts/test.sh --applications      all 108 runs of the nine applications (`full` has one of each)
#   scripts/test.sh --long [SECONDS]    feeds mutated mappings to each fuzz target for so many seconds (60)
#   scripts/test.sh --stress [SECONDS]  random task graphs under random mappings in tight memories for so many seconds (1800)
#   scripts/test.sh --soak [KILLS]      kills so many searches at random moments and continues them (200)
#   scripts/test.sh --package           builds the tar.gz and the .deb and tries each in a bare Debian
#   scripts/test.sh --simgrid           random graphs that share links, also simulated by SimGrid
#   scripts/test.sh --legion-examples   programs out of Legion's source, which it downloads (31 MB)
#   scripts/test.sh --llm               a small language model on this machine tunes circuit
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  echo "test: $1" >&2
  sed -n 's/^#   //p' "$0" >&2
  exit 2
}

# Called in an assignment: only there does its exit end the script.
count_of() {
  [[ $1 =~ ^[0-9]+$ ]] || usage "\`$1\` is not a number"
  echo "$1"
}

preset=dev
setup_options=(--with-format)
configure_options=()
# Runs of applications that `full` leaves out, and tests that need a quiet machine.
selection=(-LE '^(applications|timing)$')
then_run=()
case ${1:-full} in
  full) ;;
  quick) selection=(-L '^(unit|golden|layers)$') ;;
  -R | -L) selection=("$1" "${2:?usage: scripts/test.sh $1 PATTERN}") ;;
  asan | tsan) preset=$1 ;;
  clang)
    preset=clang
    setup_options=(--with-clang)
    ;;
  --applications) selection=(-L '^applications$') ;;
  --package) exec scripts/package.sh ;;
  --long)
    seconds=$(count_of "${2:-60}")
    exec scripts/fuzz.sh "$seconds"
    ;;
  --stress)
    seconds=$(count_of "${2:-1800}")
    then_run=(python3 tests/stress/stress.py --build build/dev --seconds "$seconds" --first "$(date +%s)"
      --keep build/dev/stress-failures)
    ;;
  --soak)
    kills=$(count_of "${2:-200}")
    then_run=(python3 tests/soak/kill_study.py build/dev --kills "$kills")
    ;;
  --simgrid)
    setup_options=(--with-simgrid)
    configure_options=(-DPLACEWRIGHT_SIMGRID=ON)
    selection=(-R '^simulator\.simgrid$')
    ;;
  --legion-examples)
    examples=${PLACEWRIGHT_DEPS:-$PWD/build/deps}/legion_source
    configure_options=(-DPLACEWRIGHT_LEGION_EXAMPLES="$examples")
    selection=(-L '^legion_examples$')
    ;;
  --llm) then_run=(scripts/llm.sh "$PWD/build/dev") ;;
  *) usage "unknown word \`$1\`" ;;
esac

scripts/setup.sh "${setup_options[@]}"
[[ -z ${examples:-} ]] || scripts/legion_source.sh "$examples"
echo "test: building (preset $preset)"
began=$SECONDS
cmake --preset "$preset" "${configure_options[@]}" >/dev/null
cmake --build --preset "$preset" --parallel "$(nproc)" -- --quiet
echo "test: built in $((SECONDS - began)) s"
if [[ ${#then_run[@]} -gt 0 ]]; then
  exec "${then_run[@]}"
fi

results=build/$preset/test-results.xml
output=build/$preset/test-output.txt
echo "test: running the tests (whole output: $output)"
status=0
# One more than there are cores: many tests wait for programs that sleep.
ctest --test-dir "build/$preset" --parallel "$(($(nproc) + 1))" --timeout 300 --output-on-failure --no-tests=error \
  "${selection[@]}" --output-junit "$PWD/$results" 2>&1 | tee "$output" | python3 tools/test_progress.py || status=$?
python3 tools/summarize_tests.py "$results" "$output"
exit "$status"
