#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job, from nothing: sets up, builds, and tunes the circuit simulation's small and medium inputs on a virtual node with four
# P100 GPUs (real Legion runtime, modelled kernel and copy times). Prints one table per input and keeps the best mappings.
#
#   scripts/demo.sh [BUDGET]      tuning time per input, 3m by default
set -euo pipefail
cd "$(dirname "$0")/.."

budget=${1:-3m}
results=build/demo

scripts/setup.sh
# Only what it runs: the command, the plug-in, the virtual GPUs and circuit.
targets=(placewright placewright_legion placewright_preload placewright_no_gpu placewright_ucx_yield placewright_network
  placewright_virtual_gpu circuit)
echo "demo: building ${#targets[@]} targets (preset release)"
began=$SECONDS
cmake --preset release >/dev/null
cmake --build --preset release --parallel "$(nproc)" --target "${targets[@]}"
echo "demo: built in $((SECONDS - began)) s"

rm -rf "$results"
mkdir -p "$results"
for input in small medium; do
  echo
  echo "demo: tuning circuit, $input input, at most $budget"
  build/release/bin/placewright tune "apps/circuit/$input.study.toml" --strategy descent --budget "$budget" \
    --study "$results/$input.db" --output "$results/$input.mapping"
done
echo
echo "demo: the best mappings are $results/small.mapping and $results/medium.mapping"
