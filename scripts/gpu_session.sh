#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures on a real GPU: microbenchmarks of its memories, and applications with CUDA variants under several mappings.
#
#   scripts/gpu_session.sh pack            builds and packs what a bare machine needs into build/gpu-session.tar.xz (at most 64 MiB)
#   scripts/gpu_session.sh run FOLDER      on a machine with an NVIDIA driver, python3 and that file: runs everything, writes into FOLDER
#   scripts/gpu_session.sh FOLDER          both, where the GPU is in the machine that builds
#
# FOLDER gets results.json, RESULTS-gpu.md (for bench/) and machine.toml (for share/machines/).
set -euo pipefail
cd "$(dirname "$0")/.."
bundle=build/gpu-session.tar.xz

usage() {
  echo "gpu_session: $1 (usage: scripts/gpu_session.sh pack | run FOLDER | FOLDER)" >&2
  exit 2
}

pack() {
  scripts/setup.sh
  if ! command -v nvcc >/dev/null && [[ ! -x /usr/local/cuda/bin/nvcc ]]; then
    echo "gpu_session: no CUDA compiler: put nvcc on PATH" >&2
    exit 1
  fi
  cmake --preset dev -DPLACEWRIGHT_CUDA=ON >/dev/null
  cmake --build --preset dev --parallel "$(nproc)" -- --quiet
  python3 bench/gpu/pack.py --build build/dev --output "$bundle"
}

run() {
  [[ -r $bundle ]] || { echo "gpu_session: $bundle is missing: make it with \`scripts/gpu_session.sh pack\` where the project builds" >&2; exit 1; }
  mkdir -p "$1"
  local unpacked
  unpacked=$(mktemp -d)
  trap 'rm -rf "$unpacked"' EXIT
  python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' "$bundle" "$unpacked"
  python3 bench/gpu/session.py --bundle "$unpacked" --output "$1"
}

case ${1:-} in
  pack) pack ;;
  run) run "${2:?usage: scripts/gpu_session.sh run FOLDER}" ;;
  "" | -*) usage "a folder for the results is missing" ;;
  *) pack && run "$1" ;;
esac
