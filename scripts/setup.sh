#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what Placewright needs on Debian 12 and says what it does. A second run changes nothing.
#
#   scripts/setup.sh [--with-format] [--with-clang]
#
# Toolchain and libraries come from Debian; Legion, UCX and UCC come from PyPI wheels, pinned by hash, and are unpacked into
# build/deps (or $PLACEWRIGHT_DEPS). Needs root for the Debian part only, and only where a package is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

deps=${PLACEWRIGHT_DEPS:-$PWD/build/deps}
runtime=$deps/runtime
requirements=scripts/requirements-runtime.txt

packages=(
  ca-certificates ccache cmake g++ git make ninja-build python3 python3-pip
  libbenchmark-dev libcli11-dev libcurl4-openssl-dev libexpected-dev libfmt-dev libgmock-dev libgtest-dev libopenblas-dev
  librapidcheck-dev libsqlite3-dev libsqlitecpp-dev libtomlplusplus-dev libxxhash-dev nlohmann-json3-dev
  openmpi-bin pkg-config sqlite3 zlib1g-dev
)
for argument in "$@"; do
  case $argument in
    --with-format) packages+=(clang-format) ;;
    --with-clang) packages+=(clang clang-format clang-tidy libclang-rt-14-dev) ;;
    *) echo "setup: unknown option $argument (usage: scripts/setup.sh [--with-format] [--with-clang])" >&2; exit 2 ;;
  esac
done

install_debian_packages() {
  local missing=() name
  for name in "${packages[@]}"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    echo "setup: all ${#packages[@]} Debian packages are installed"
    return
  fi
  echo "setup: installing ${#missing[@]} Debian packages: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    echo "setup: this needs root; run: sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

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

install_runtime() {
  local stamp=$runtime/.requirements
  if cmp -s "$requirements" "$stamp"; then
    echo "setup: the Legion runtime is installed"
    return
  fi
  echo "setup: downloading the Legion runtime, UCX and UCC (about 125 MB)"
  local download staging
  download=$(mktemp -d)
  staging=$deps/runtime.new
  trap 'rm -rf "$download" "$staging"' EXIT
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
    --implementation cp --platform manylinux_2_28_x86_64 --require-hashes -r "$requirements" -d "$download"
  echo "setup: unpacking it into $runtime"
  rm -rf "$staging" "$runtime"
  unpack_runtime "$download" "$staging"
  cp "$requirements" "$staging/.requirements"
  mv "$staging" "$runtime"
  rm -rf "$download"
  trap - EXIT
}

install_debian_packages
mkdir -p "$deps"
install_runtime
echo "setup: done"
