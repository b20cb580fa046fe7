#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Downloads the source package of a project from the package index that pip is configured for.

usage: tools/download_source.py NAME VERSION SHA256 FILE

`pip download` cannot do it where the package's own set-up fails: it runs that. Writes FILE, and does nothing if it is there
with this hash. Exit status: 1 if there is no such package, or another hash.
"""

import hashlib
import json
import os
import pathlib
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

JSON = "application/vnd.pypi.simple.v1+json"
TIMEOUT_S = 180
MOST_BYTES = 1 << 30


def configured(name):
    """What pip's configuration says, also from its environment variables; None if nothing."""
    if f"PIP_{name.upper().replace('-', '_')}" in os.environ:
        return os.environ[f"PIP_{name.upper().replace('-', '_')}"]
    found = subprocess.run([sys.executable, "-m", "pip", "config", "get", f"global.{name}"], capture_output=True, text=True,
                           check=False)
    return found.stdout.strip() or None


def index():
    from pip._internal.models.index import PyPI  # pip's default has no public name

    return configured("index-url") or PyPI.simple_url


def read(url, headers):
    context = ssl.create_default_context(cafile=configured("cert"))
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=TIMEOUT_S, context=context) as answer:
        data = answer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        sys.exit(f"error: {url} is larger than {MOST_BYTES} bytes")
    return data


def digest(data):
    return hashlib.sha256(data).hexdigest()


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    name, version, sha256, target = sys.argv[1:4] + [pathlib.Path(sys.argv[4])]
    if target.exists() and digest(target.read_bytes()) == sha256:
        return
    page = f"{index().rstrip('/')}/{name}/"
    try:
        files = json.loads(read(page, {"Accept": JSON}))["files"]
        urls = [each["url"] for each in files if each["filename"] == f"{name}-{version}.tar.gz"]
        if not urls:
            sys.exit(f"error: {page} has no source package {name} {version}")
        data = read(urllib.parse.urljoin(page, urls[0]), {})
    except (OSError, ValueError, KeyError, urllib.error.URLError) as error:
        sys.exit(f"error: {name} {version} cannot be downloaded: {error}")
    if digest(data) != sha256:
        sys.exit(f"error: {name} {version} has the hash {digest(data)}, expected {sha256}")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_bytes(data)
    part.rename(target)


if __name__ == "__main__":
    main()
