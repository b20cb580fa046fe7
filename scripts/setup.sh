#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what Placewright needs on Debian 12 and says what it does. A second run changes nothing.
#
#   scripts/setup.sh [--with-format] [--with-clang] [--with-debootstrap] [--with-simgrid]
#
# Toolchain and libraries come from Debian; Legion, UCX and UCC come from scripts/setup_runtime.sh and are unpacked into
# build/deps (or $PLACEWRIGHT_DEPS). Needs root for the Debian part only, and only where a package is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  ca-certificates ccache cmake g++ git make ninja-build python3 python3-jsonschema python3-pip
  libbenchmark-dev libboost-dev libcli11-dev libcurl4-openssl-dev libexpected-dev libfmt-dev libgmock-dev libgtest-dev libhwloc-dev libopenblas-dev
  librapidcheck-dev libre2-dev libsqlite3-dev libsqlitecpp-dev libtomlplusplus-dev libxxhash-dev nlohmann-json3-dev
  openmpi-bin pkg-config sqlite3 zlib1g-dev
)
for argument in "$@"; do
  case $argument in
    --with-format) packages+=(clang-format) ;;
    --with-clang) packages+=(clang clang-format clang-tidy libclang-rt-14-dev) ;;
    --with-debootstrap) packages+=(debootstrap) ;;
    --with-simgrid) packages+=(libsimgrid-dev) ;;
    *)
      echo "setup: unknown option $argument (usage: scripts/setup.sh [--with-format] [--with-clang] [--with-debootstrap] [--with-simgrid])" >&2
      exit 2
      ;;
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

install_debian_packages
scripts/setup_runtime.sh "${PLACEWRIGHT_DEPS:-$PWD/build/deps}"
echo "setup: done"
