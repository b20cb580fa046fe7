#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the tar.gz and the .deb, and tries each in a bare Debian of its own; the last line is `N passed, N failed`.
#
#   scripts/package.sh        the packages are in build/package/packages
#
# Needs root, for chroot and mounts. The bare Debian is of this machine's release and comes from this machine's package sources; it
# is made once and kept in build/package/bare.tar.
set -euo pipefail
cd "$(dirname "$0")/.."
source=$PWD
build=$source/build/package
packages=$build/packages

# A tool's own messages are shown only if it fails.
quietly() {
  local status=0
  "$@" >"$build/log.txt" 2>&1 || status=$?
  if [[ $status -ne 0 ]]; then
    tail -n 40 "$build/log.txt" >&2
    echo "package: failed with status $status: $*" >&2
  fi
  return "$status"
}

build_packages() {
  echo "package: building"
  quietly cmake --preset release -B "$build" -DPLACEWRIGHT_TESTS=OFF -DPLACEWRIGHT_BENCH=OFF -DPLACEWRIGHT_CUDA=OFF
  quietly cmake --build "$build" --parallel "$(nproc)"
  rm -rf "$packages"
  quietly cpack --config "$build/CPackConfig.cmake" -B "$packages"
  tarball=$(echo "$packages"/*.tar.gz)
  deb=$(echo "$packages"/*.deb)
  version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")
}

# Lines of apt's sources: this machine's, of Debian only.
package_sources() { apt-get indextargets --format "$1" 'Created-By: Packages' 'Origin: Debian' "${@:2}"; }

make_bare_root() {
  local codename mirror
  [[ -s $build/bare.tar ]] && return
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  mirror=$(package_sources '$(SITE)' "Release: $codename" | head -n 1)
  echo "package: making a bare Debian ($codename)"
  : "${mirror:?package: no Debian mirror among the sources of apt}"
  quietly debootstrap --variant=minbase "$codename" "$scratch/bare" "$mirror"
  package_sources 'deb $(SITE) $(RELEASE) $(COMPONENT)' | sort -u >"$scratch/bare/etc/apt/sources.list"
  tar -C "$scratch/bare" --one-file-system -cf "$build/bare.tar.new" .
  mv "$build/bare.tar.new" "$build/bare.tar"
  rm -rf "$scratch/bare"
}

# new_root NAME: a fresh bare Debian in $root.
new_root() {
  root=$scratch/$1
  runtime_at=
  mkdir "$root"
  tar -C "$root" -xf "$build/bare.tar"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
}

# Runs a command in $root. Mounts are made in a namespace that ends with the command, so none is left, however this script ends.
# With $runtime_at, the Legion runtime is at that place.
inside() {
  RUNTIME=$(realpath "${PLACEWRIGHT_DEPS:-$source/build/deps}/runtime") RUNTIME_AT=$runtime_at ROOT=$root \
    unshare --mount --pid --fork --kill-child bash -c '
      mount -t proc proc "$ROOT/proc" && mount -t tmpfs none "$ROOT/dev/shm" || exit
      if [[ -n $RUNTIME_AT ]]; then
        mkdir -p "$ROOT$RUNTIME_AT" && mount --bind "$RUNTIME" "$ROOT$RUNTIME_AT" || exit
        mount -o remount,ro,bind "$ROOT$RUNTIME_AT" || exit
      fi
      exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy=$http_proxy} chroot "$ROOT" "$@"' inside "$@"
}

passed=0
failed=0
# verify FACT EXPECTED COMMAND...: the command succeeds, and what it prints matches the extended regular expression, unless that is
# empty.
verify() {
  local fact=$1 expected=$2 status=0
  shift 2
  "$@" >"$scratch/output" 2>&1 </dev/null || status=$?
  if [[ $status -eq 0 ]] && { [[ -z $expected ]] || grep -Eq -- "$expected" "$scratch/output"; }; then
    passed=$((passed + 1))
    echo "ok      $fact"
  else
    failed=$((failed + 1))
    echo "FAILED  $fact (status $status, expected: $expected)"
    tail -n 20 "$scratch/output"
  fi
}
refused() { ! "$@"; }

# try KIND PREFIX PROGRAM: what an installed Placewright has to do.
try() {
  local kind=$1 prefix=$2 program=$3 apps=$2/share/placewright/apps
  local mapping=$apps/circuit/mappings/expert.mapping machine=$prefix/share/placewright/machines/p100x4.toml
  verify "$kind: there is no compiler" '' refused inside sh -c 'command -v cc gcc c++ g++ clang'
  verify "$kind: version" "^placewright ${version//./\\.}\$" inside "$program" version
  verify "$kind: --version" "^placewright ${version//./\\.}\$" inside "$program" --version
  verify "$kind: check" '' inside "$program" check "$mapping"
  verify "$kind: show" 'GPU' inside "$program" show "$apps/cosma/mappings/expert.mapping" --machine nodes=2,GPU=4 \
    --task task_4 --kind GPU --launch 0,0,0..1,1,1
  verify "$kind: eval" '' inside "$program" eval 'Machine(GPU).merge(0, 1)[5]' --machine nodes=6,GPU=4
  verify "$kind: explain" 'missing-semicolon' inside "$program" explain missing-semicolon
  verify "$kind: codegen" 'Mapper' inside "$program" codegen "$mapping"
  verify "$kind: doctor names the script for the runtime" "fix: $prefix/share/placewright/setup_runtime.sh" \
    refused inside "$program" doctor
  runtime_at=$prefix/lib/placewright/runtime
  verify "$kind: circuit on virtual GPUs under its expert mapping" 'CHECKSUM = e1fbaea3891e6c28' \
    inside "$program" run --mapping "$mapping" --machine "$machine" --correctness -- "$prefix/bin/circuit" -input test
  verify "$kind: two programs under three mappers" '^cannon +ok +ok +ok +equal' \
    inside "$program" experiment mappers --quick --machine p100x4 --apps circuit,cannon
}

if [[ $(id -u) -ne 0 ]]; then
  echo "package: this needs root, for chroot and mounts" >&2
  exit 1
fi
scripts/setup.sh --with-debootstrap
mkdir -p "$build"
# Not in /tmp, which may be mounted without devices.
scratch=$(mktemp -d -p "$build")
trap 'rm -rf --one-file-system "$scratch"' EXIT
# After the command that runs, so that nothing writes to the folder any more.
trap 'exit 1' INT TERM
build_packages
make_bare_root

mkdir "$scratch/unpacked"
tar -C "$scratch/unpacked" --strip-components=1 -xf "$tarball"
verify "no path of this checkout is in the package" '' refused grep -rlF "$source" "$scratch/unpacked"
verify "the version is the project's" "^$version\$" dpkg-deb --field "$deb" Version

new_root tarball
unusual=/srv/été/placewright
mkdir -p "$root/srv/été"
mv "$scratch/unpacked" "$root$unusual"
verify "tar.gz: apt-get installs what debian-packages lists" '' \
  inside sh -c "apt-get update && apt-get install -y --no-install-recommends \$(cat $unusual/share/doc/placewright/debian-packages)"
try tar.gz "$unusual" "$unusual/bin/placewright"

new_root deb
cp "$deb" "$root/placewright.deb"
verify "deb: apt-get installs it" '' inside sh -c 'apt-get update && apt-get install -y /placewright.deb'
try deb /opt/placewright placewright
runtime_at=
verify "deb: the copyright file names licence and holder" 'Copyright .* The Placewright Authors' \
  inside grep -B 3 -A 3 'Apache License' /usr/share/doc/placewright/copyright
rmdir -p --ignore-fail-on-non-empty "$root/opt/placewright/lib/placewright/runtime"
verify "deb: apt-get removes all of it" '' \
  inside sh -c 'apt-get remove -y placewright && ! ls -d /opt/placewright /usr/bin/placewright'

echo "package: $(basename "$tarball") and $(basename "$deb") are in ${packages#"$source"/}"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
