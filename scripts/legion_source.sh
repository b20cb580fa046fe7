#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Downloads the source of Legion 24.06 and unpacks it into FOLDER. A second run changes nothing.
#
#   scripts/legion_source.sh FOLDER
#
# It is inside the source package of FlexFlow (31 MB), pinned by hash; it keeps its own licence.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:?usage: scripts/legion_source.sh FOLDER}
version=25.2.1
hash=233bfd202ef0cfef65e708c92e0f55225bc4e783afdd0da82d578b1c4b871b44

if [[ $(cat "$folder/.package" 2>/dev/null) == "$hash" ]]; then
  echo "legion_source: Legion's source is there"
  exit
fi
download=$(mktemp -d)
trap 'rm -rf "$download"' EXIT
echo "legion_source: downloading Legion's source (31 MB)"
python3 tools/download_source.py flexflow "$version" "$hash" "$download/package.tar.gz"
rm -rf "$folder"
mkdir -p "$folder"
tar -xzf "$download/package.tar.gz" -C "$folder" --strip-components=3 "flexflow-$version/deps/legion"
echo "$hash" >"$folder/.package"
