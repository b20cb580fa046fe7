# SPDX-License-Identifier: Apache-2.0
"""Placewright by FetchContent in another project: what is public can be linked, and nothing of that project changes."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
COMPILER = os.environ.get("PLACEWRIGHT_COMPILER", "c++")


class SubProjectTestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.build = pathlib.Path(folder.name)

    def call(self, *command):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=240)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_project_around_placewright_stays_as_it_is(self):
        self.call("cmake", "-S", HERE / "sub_project", "-B", self.build, "-G", "Ninja",
                  f"-DCMAKE_CXX_COMPILER={COMPILER}", f"-DPLACEWRIGHT_SOURCE={HERE.parents[1]}",
                  "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")
        self.assertIn("CMAKE_BUILD_TYPE:STRING=\n", (self.build / "CMakeCache.txt").read_text())
        commands = json.loads((self.build / "compile_commands.json").read_text())
        [command] = [entry["command"] for entry in commands if entry["file"].endswith("sub_project/main.cpp")]
        words = command.split()[1:]
        include = str(HERE.parents[1] / "include")
        # The headers and the language that they need; no warnings, no optimisation, no folder of our sources.
        self.assertEqual([word for word in words if word.startswith(("-W", "-O", "-I", "-D", "-f", "-g"))], [f"-I{include}"])

        self.call("cmake", "--build", self.build, "--target", "around")
        self.assertEqual(self.call(self.build / "around"), "32 s\n")


if __name__ == "__main__":
    unittest.main()
