# SPDX-License-Identifier: Apache-2.0
"""An installed tree, programs that link the plug-in, and programs that the plug-in must refuse."""

import json
import os
import re
import shutil
import subprocess
import unittest

from harness import BUILD, LIMIT_S, PLACEWRIGHT, PROBE, SOURCE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 1
COMPILER = os.environ.get("PLACEWRIGHT_COMPILER", "c++")
HEADERS = os.environ.get("PLACEWRIGHT_LEGION_HEADERS", "").split(":")
EXAMPLE = SOURCE / "examples" / "linked"
MODELLED = SOURCE / "examples" / "modelled"
PROGRAM = 'extern "C" int start() __asm__("_ZN6Legion7Runtime5startEiPPcbbb");\nint main() { return start(); }\n'
START = PROGRAM.splitlines()[0] + "\nint start() { return 0; }\n"
VERSION = """extern "C" const char* version() __asm__("_ZN6Legion7Runtime18get_legion_versionEv");
const char* version() { return "%s"; }
"""


class OwnBuildTestCase(EndToEnd):
    def call(self, *command):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False,
                              cwd=self.folder, timeout=4 * LIMIT_S)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done

    def installed(self):
        """An installed tree with the runtime of this build, as setup_runtime.sh would put it there."""
        prefix = self.folder / "prefix"
        self.call("cmake", "--install", BUILD, "--prefix", prefix)
        runtime = BUILD / "lib" / "placewright" / "runtime"
        if runtime.exists():
            (prefix / "lib" / "placewright").mkdir()
            (prefix / "lib" / "placewright" / "runtime").symlink_to(runtime.resolve())
        return prefix

    def built_example(self, source, prefix):
        """The program of a project in examples/, built against an installed tree."""
        build = self.folder / source.name
        self.call("cmake", "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}",
                  f"-DCMAKE_CXX_COMPILER={COMPILER}")
        self.call("cmake", "--build", build)
        return build / source.name

    def test_installed_tree_without_paths_of_this_machine(self):
        prefix = self.installed()
        files = [path for path in prefix.rglob("*.cmake") if str(SOURCE) in path.read_text()]
        self.assertEqual(files, [])
        for path in [*(prefix / "bin").iterdir(), *prefix.rglob("*.so*")]:
            dynamic = self.call("readelf", "-d", path).stdout
            paths = re.findall(r"(?:RPATH|RUNPATH).*\[(.*)\]", dynamic)
            self.assertTrue(all(each.startswith("$ORIGIN/") for each in paths), f"{path}: {paths}")

    def test_example_with_a_modelled_task(self):
        prefix = self.installed()
        program, tool = self.built_example(MODELLED, prefix), prefix / "bin" / "placewright"
        decisions = self.folder / "decisions"
        run = self.call(tool, "run", "-m", MODELLED / "gpus.mapping", "--machine",
                        prefix / "share" / "placewright" / "machines" / "p100x4.toml", "--correctness",
                        "--decisions", decisions, "--", program)
        self.assertIn("SUM = 3000\n", run.stdout)
        lines = map(json.loads, decisions.read_text().splitlines())
        places = [(line["kind"], line["processor"], line["arguments"][0]["memory"])
                  for line in lines if line["task"] == "double_values"]
        self.assertEqual(sorted(places), sorted(("GPU", x % 4, "FBMEM") for x in range(8)))
        # Without a model the same program runs its bodies on CPUs.
        self.assertIn("SUM = 3000\n", self.call(tool, "run", "--", program).stdout)

    def test_example_against_an_installed_tree(self):
        prefix = self.installed()
        program, tool = self.built_example(EXAMPLE, prefix), prefix / "bin" / "placewright"
        doctor = self.call(tool, "doctor")
        self.assertIn(str(prefix / "lib" / "libplacewright_legion.so"), doctor.stdout)
        comparison = self.call(tool, "experiment", "mappers", "--quick", "--machine", "cpu", "--apps", "circuit")
        self.assertRegex(comparison.stdout, r"circuit +ok +ok +ok +equal [0-9a-f]{16}\n")
        linked = self.call(tool, "run", "--", program, EXAMPLE / "backwards.mapping", "-ll:cpu", 3)
        self.assertIn("SUM = 285", linked.stdout)
        decisions = self.folder / "decisions"
        self.call(tool, "run", "-m", EXAMPLE / "backwards.mapping", "--decisions", decisions, "--",
                  program, "-ll:cpu", 3)
        places = dict(re.findall(r'"point":\[(\d+)\].*?"processor":(\d+)', decisions.read_text()))
        self.assertEqual(places, {str(x): str(2 - x % 3) for x in range(10)})
        other = subprocess.run([PLACEWRIGHT, "run", "--", program, EXAMPLE / "backwards.mapping"],
                               capture_output=True, text=True, check=False, timeout=LIMIT_S)
        self.assertEqual(other.returncode, 1)
        self.assertIn("two plug-ins in one program", other.stderr)

    def compile(self, text, output, *flags):
        source = self.folder / f"{output}.cpp"
        source.write_text(text)
        self.call(COMPILER, "-o", output, source, *flags)
        return self.folder / output

    def with_other_legion(self, soname, text):
        """A program whose Legion is a library of our own making."""
        self.compile(text, soname, "-shared", "-fPIC", f"-Wl,-soname,{soname}")
        return self.compile(PROGRAM, "program", f"-L{self.folder}", f"-l:{soname}",
                            f"-Wl,--disable-new-dtags,-rpath,{self.folder}")

    def test_program_of_another_legion_library(self):
        program = self.with_other_legion("libelse.so.7", START)
        self.assert_fails(self.run_program(None, program=program), "`libelse.so.7`",
                          "but the plug-in was built for `")

    def test_program_of_another_legion_version(self):
        soname = self.legion_library()
        program = self.with_other_legion(soname, START + VERSION % "legion-24.03.0")
        self.assert_fails(self.run_program(None, program=program), "Legion `legion-24.03.0`",
                          f"was built for `{self.legion_version()}`")

    def test_legion_that_lacks_what_the_plugin_needs(self):
        soname = self.legion_library()
        program = self.with_other_legion(soname, START + VERSION % self.legion_version())
        self.assert_fails(self.run_program(None, program=program), "cannot load the plug-in",
                          "undefined symbol")

    def legion_library(self):
        found = subprocess.run(["ldd", PROBE], capture_output=True, text=True, check=True).stdout
        return re.search(r"(liblegion\S*) =>", found)[1]

    def legion_version(self):
        for folder in HEADERS:
            path = os.path.join(folder, "legion_defines.h")
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    return re.search(r'LEGION_VERSION "(.*)"', file.read())[1]
        self.fail("legion_defines.h is not among the headers")

    def test_second_preload(self):
        copy = self.folder / "libplacewright_preload.so"
        shutil.copy(BUILD / "lib" / "libplacewright_preload.so", copy)
        run = self.run_program(None, environment={"LD_PRELOAD": str(copy)})
        self.assert_fails(run, "two plug-ins in one program", str(copy))

    def test_statically_linked_program(self):
        program = self.compile("int main() { return 0; }\n", "static", "-static")
        self.assert_fails(self.run_program(None, program=program), "is statically linked")

    @unittest.skipUnless(os.getuid() == 0, "changing the owner of a file needs root")
    def test_program_that_runs_as_another_user(self):
        program = self.folder / "setuid"
        shutil.copy(PROBE, program)
        os.chown(program, 65534, -1)
        os.chmod(program, 0o4755)
        self.assert_fails(self.run_program(None, program=program), "set-uid")

    def test_layout_that_the_task_does_not_bear(self):
        run = self.run_well("Task * CPU;\nLayout * * * SOA F_order;\n", "-feature", "layout_constraints",
                            program=BUILD / "bin" / "legion_features")
        self.assertIn("the task demands AOS F_order, the rule at", run.stderr)
        self.assertIn("test.mapping:2:1 asks for SOA F_order; the task gets what it demands",
                      run.stderr)
