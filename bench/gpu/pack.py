#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packs programs, plug-in, mappings and every library they need but the C library and the driver into one archive.

The archive runs on a machine where nothing is installed: its programs find their libraries through LD_LIBRARY_PATH.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

LIMIT_BYTES = 64 * 2**20
PROGRAMS = ["placewright", "gpu_memory_access", "circuit", "stencil", "summa"]
LIBRARIES = ["libplacewright_preload.so", "libplacewright_legion.so", "libplacewright_cublas.so"]
# Taken from the machine it runs on: the C library and its loader must fit the kernel, the driver the GPU, cuBLAS the driver.
FROM_THE_MACHINE = re.compile(r"(ld-linux.*|libc|libm|libdl|librt|libpthread|libresolv|libcuda|libcublas|libcublasLt)\.so")


def needed_libraries(file, search_path):
    """Paths of the shared libraries that `file` needs, as the loader finds them."""
    environment = dict(os.environ, LD_LIBRARY_PATH=search_path)
    listing = subprocess.run(["ldd", file], env=environment, capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        found = re.match(r"\s*(\S+) => (\S+) \(", line)
        if found and not FROM_THE_MACHINE.match(found[1]):
            yield pathlib.Path(found[2])


def runtime_path(build):
    """Folders of the Legion runtime, as the build tree knows them."""
    cache = (build / "CMakeCache.txt").read_text()
    return re.search(r"^PLACEWRIGHT_RUNTIME_LIBRARY_PATH:INTERNAL=(.*)$", cache, re.M)[1]


def collect(build, folder):
    (folder / "bin").mkdir()
    (folder / "lib").mkdir()
    files = []
    for kind, names in (("bin", PROGRAMS), ("lib", LIBRARIES)):
        for name in names:
            source = build / kind / name
            if not source.exists():
                sys.exit(f"pack: {source} is missing: build everything with a CUDA compiler first")
            files.append((source, folder / kind / name))
    path = f"{build / 'lib/no_gpu'}:{runtime_path(build)}"
    libraries = {library.name: library for source, _ in files for library in needed_libraries(source, path)}
    for source, target in files:
        shutil.copy(source, target)
        subprocess.run(["strip", "--strip-unneeded", target], check=True)
    for name, library in libraries.items():
        # As they are: strip breaks libraries whose headers a wheel has moved.
        shutil.copy(library, folder / "lib" / name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        collect(options.build.resolve(), folder)
        with tarfile.open(options.output, "w:xz", preset=3) as archive:
            for part in sorted(folder.iterdir()):
                archive.add(part, part.name)
    size = options.output.stat().st_size
    print(f"pack: {options.output}: {size / 2**20:.1f} MiB")
    if size > LIMIT_BYTES:
        sys.exit(f"pack: more than {LIMIT_BYTES // 2**20} MiB")


if __name__ == "__main__":
    main()
