#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills searches by SIGKILL at random moments and continues them: no finished evaluation may be lost, and no process may stay.

usage: tests/soak/kill_study.py BUILD_FOLDER [--kills N] [--seed N]

The searches time mappings in steps of one run (`e2e_loops`). A study that ends before it is killed is replaced by a new one.
Prints the counts; exit status 1 after the first loss.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = ["-ll:cpu", "2", "-steps", "200", "-size", "100000", "-work", "16", "-traced"]
LONGEST_S = 8.0
LONGEST_END_S = 15.0


def processes_with(word: str) -> list[int]:
    """Processes whose command lines hold the word, other than this one."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if word in entry.joinpath("cmdline").read_bytes().decode(errors="replace"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


class Soak:
    def __init__(self, build: pathlib.Path, folder: pathlib.Path, seed: int):
        self.placewright = str(build / "bin" / "placewright")
        # A copy in the folder: its processes can be told from others.
        self.program = folder / "loops"
        shutil.copy(build / "bin" / "e2e_loops", self.program)
        self.folder = folder
        self.random = random.Random(seed)
        self.studies = 0
        self.kills = 0
        self.study = folder / "study0.db"
        self.known: list[dict] = []

    def evaluations(self) -> list[dict] | None:
        """None while the study holds nothing."""
        if not self.study.exists():
            return None
        done = subprocess.run([self.placewright, "study", "export", str(self.study), "--format", "json"],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return None
        return json.loads(done.stdout)["evaluations"]

    def new_study(self) -> None:
        self.studies += 1
        self.study = self.folder / f"study{self.studies}.db"
        self.known = []

    def kill_once(self) -> str | None:
        """What was lost, if anything."""
        options = ["--resume"] if self.known else []
        search = subprocess.Popen(
            [self.placewright, "tune", "--study", str(self.study), "-o", str(self.folder / "best.mapping"), "--budget", "1h",
             "--evaluations", "400", *options, "--", str(self.program), *PROGRAM], stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        time.sleep(self.random.uniform(0.05, LONGEST_S))
        if search.poll() is not None:
            error = search.stderr.read()
            if search.returncode != 0:
                return f"the search ended with status {search.returncode}: {error}"
            self.new_study()
            return None
        seen = self.evaluations()
        search.send_signal(signal.SIGKILL)
        search.communicate()
        self.kills += 1
        return self.problem(seen)

    def problem(self, seen: list[dict] | None) -> str | None:
        end = time.monotonic() + LONGEST_END_S
        while processes_with(str(self.folder)):
            if time.monotonic() > end:
                return f"processes are left: {processes_with(str(self.folder))}"
            time.sleep(0.05)
        after = self.evaluations()
        expected = seen if seen is not None else self.known
        if after is None:
            # A search that was killed before its first evaluation may leave a study without any.
            self.new_study()
            return "the study is unreadable" if expected else None
        ids = [each["id"] for each in after]
        lost = [each["id"] for each in self.known + (seen or []) if each["id"] not in ids]
        if lost:
            return f"evaluations {lost} are lost"
        self.known = after
        if not after:
            self.new_study()
        return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="placewright-soak-") as name:
        soak = Soak(options.build.resolve(), pathlib.Path(name), options.seed)
        kept = 0
        while soak.kills < options.kills:
            before = len(soak.known)
            problem = soak.kill_once()
            kept += max(0, len(soak.known) - before)
            if problem:
                print(f"kill {soak.kills}, seed {options.seed}: {problem}")
                return 1
        print(f"{soak.kills} searches killed, {kept} evaluations kept, {soak.studies + 1} studies, none lost")
    return 0


if __name__ == "__main__":
    sys.exit(main())
