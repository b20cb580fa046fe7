#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks that every tracked C++ file is formatted as .clang-format asks; with --fix, formats it.
#
#   scripts/format.sh [--fix]
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1:-} in
  "") mode=(--dry-run -Werror) ;;
  --fix) mode=(-i) ;;
  *) echo "format: unknown option \`$1\` (usage: scripts/format.sh [--fix])" >&2; exit 2 ;;
esac
git ls-files -z '*.h' '*.cpp' '*.cu' '*.cuh' | xargs -0 -r -n 50 -P "$(nproc)" clang-format "${mode[@]}"
