# SPDX-License-Identifier: Apache-2.0
"""What a generated mapper decides is what the plug-in decides, for every application's mapping."""

import collections
import json
import os
import pathlib
import subprocess
import sys

from harness import BUILD, LINEAR, LIMIT_S, PLACEWRIGHT, PROBE, SOURCE, EndToEnd, run_again_after_race

sys.path.insert(0, str(SOURCE / "tests" / "grammar"))
from draw import Grammar  # noqa: E402

LABELS = ["e2e", "language"]
PROCESSORS = 1
HEADERS = os.environ.get("PLACEWRIGHT_LEGION_HEADERS", "")
COMPILER = os.environ.get("PLACEWRIGHT_COMPILER", "c++")
MACHINE = str(SOURCE / "share" / "machines" / "p100x4.toml")
ON_GPUS = ["--machine", MACHINE, "--correctness"]
COMPILE_S = 300
SAMPLE = 20


def argument_of(line):
    """A region argument as (memory, bytes, layout, order); a reduction has no interleaving to compare."""
    if "layout" not in line:
        return (line["memory"],)
    return (line["memory"], line["instance_bytes"], line["layout"], line["order"])


def argument_in_log(text):
    memory, *rest = text.split(",")
    if not rest:
        return (memory,)
    size, dimensions = rest
    order = [d for d in dimensions if d != "f"]
    word = "F" if order == sorted(order) else "C" if order == sorted(order, reverse=True) else "mixed"
    return (memory, int(size), "AOS" if dimensions.startswith("f") else "SOA", word)


def decisions_of(lines, logged):
    """How often each decision was taken. Where the mapper left a choice of processors, Legion may take any of them."""
    choices = {(task, point): processors for task, point, _, _, processors, *_ in logged}
    result = collections.Counter()
    for line in lines:
        point = tuple(line.get("point", ()))
        chosen = choices.get((line["task"], point), ())
        processors = chosen if line["processor"] in chosen else (line["processor"],)
        result[(line["task"], point, line["kind"], line["node"], processors, line["variant"],
                tuple(argument_of(each) for each in line["arguments"]))] += 1
    return result


def numbers(text, separator):
    return tuple(int(x) for x in text.split(separator)) if text else ()


def decisions_in_log(lines):
    result = collections.Counter()
    for line in lines:
        words = [word.partition("=")[::2] for word in line.split(" ")]
        fields = dict(words)
        arguments = tuple(argument_in_log(value) for key, value in words if key == "argument")
        result[(fields["task"], numbers(fields["point"], ","), fields["kind"], int(fields["node"]),
                numbers(fields["processors"], "+"), int(fields["variant"]), arguments)] += 1
    return result


class CodegenTestCase(EndToEnd):
    def generate(self, mapping):
        """The shared library of a mapping's generated mapper."""
        source = self.folder / "mapper.cpp"
        library = self.folder / "mapper.so"
        subprocess.run([str(PLACEWRIGHT), "codegen", mapping, "-o", str(source)], check=True,
                       capture_output=True, timeout=LIMIT_S)
        includes = [word for folder in HEADERS.split(":") for word in ("-isystem", folder)]
        done = subprocess.run([COMPILER, "-std=c++20", "-O0", "-Wall", "-Wextra", "-Werror", "-fPIC",
                               "-shared", "-DINSTALL_WHEN_LOADED", *includes, str(source), "-o",
                               str(library)], capture_output=True, text=True, check=False,
                              timeout=COMPILE_S)
        self.assertEqual(done.returncode, 0, done.stderr[:4000])
        return library

    def run_generated(self, library, program, arguments, options):
        """Runs a program with the mapper preloaded after Placewright's own preload."""
        starter = self.folder / "start.sh"
        starter.write_text(f'#!/bin/sh\nLD_PRELOAD="$LD_PRELOAD:{library}" exec "$@"\n')
        starter.chmod(0o755)
        for old in self.folder.glob("log_*"):
            old.unlink()
        environment = dict(os.environ, MAPPING_LOG=str(self.folder / "log"))
        process = run_again_after_race(
            [str(PLACEWRIGHT), "run", "--timeout", str(LIMIT_S), *options, "--", str(starter),
             str(program), *map(str, arguments), "-lg:no_tracing"],
            timeout=2 * LIMIT_S, cwd=self.folder, env=environment)
        self.assertEqual(process.returncode, 0, process.stderr)
        lines = [line for path in sorted(self.folder.glob("log_*"))
                 for line in path.read_text().splitlines()]
        return process, lines

    def compare(self, mapping, *arguments, program=PROBE, options=()):
        text = mapping.read_text() if isinstance(mapping, pathlib.Path) else mapping
        library = self.generate(self.mapping(text))
        # Which instances a task finds depends on the order in which Legion maps independent tasks.
        for _ in range(3):
            plugin = self.run_program(text, *arguments, program=program, options=options)
            self.assertEqual(plugin.status, 0, plugin.stderr)
            process, lines = self.run_generated(library, program, arguments, options)
            ours = decisions_in_log(lines)
            wanted = decisions_of(plugin.decisions, ours)
            if ours == wanted:
                break
        self.assertEqual(sorted((ours - wanted).items()), sorted((wanted - ours).items()))
        self.assertGreater(len(lines), 10)
        totals = [[line for line in out.splitlines() if line.startswith("TOTAL")]
                  for out in (process.stdout, plugin.stdout)]
        self.assertEqual(*totals)

    def compare_expert(self, name, *arguments):
        """The application's own mapping, on its smallest input."""
        self.compare(SOURCE / f"apps/{name}/mappings/expert.mapping", *arguments,
                     program=BUILD / "bin" / name, options=ON_GPUS)

    def test_circuit_expert(self):
        self.compare_expert("circuit", "-p", 4, "-npp", 20, "-wpp", 60, "-l", 3)

    def test_stencil_expert(self):
        self.compare_expert("stencil", "-l", 3)

    def test_pennant_expert(self):
        self.compare_expert("pennant", "-l", 3)

    def test_summa_expert(self):
        """Cannon's and PUMMA's mappings are the same text."""
        self.compare_expert("summa", "-l", 1)

    def test_cosma_expert(self):
        self.compare_expert("cosma", "-gx", 4, "-l", 1)

    def test_johnson_expert(self):
        self.compare_expert("johnson", "-l", 1)

    def test_solomonik_expert(self):
        self.compare_expert("solomonik", "-rpoc", 4, "-l", 1)

    def test_concurrent_launch(self):
        """A concurrent launch cannot have all its points on one processor."""
        library = self.generate(self.mapping("""
m = Machine(CPU);
def one(Task task) { return m[0, 0]; }
IndexTaskMap * one;
"""))
        process, _ = self.run_generated(library, BUILD / "bin/legion_features",
                                        ["-feature", "concurrent_launches", "-ll:cpu", 2], [])
        self.assertEqual(process.stdout.count("RESULT points 12"), 2)

    def test_every_kind_of_rule(self):
        self.compare("""
Task fill,sum GPU, CPU;
Task single CPU if task.depth == 1;
Region * strips GPU ZCMEM if task.ispace.volume > 4;
Region sum 1 GPU ZCMEM, FBMEM;
Region * * GPU FBMEM;
Layout fill strips * AOS C_order Align == 64;
Layout sum 0 FBMEM SOA F_order Compact;
InstanceLimit fill 2;
InstanceLimit GPU 3;
CollectMemory sum strips;
Priority sum 7;
Priority GPU 1;
Priority * -2;
width = Machine(GPU).size[1];
m = Machine(GPU).merge(0, 1);
def shifted(IPoint p, int by) { return tuple((i + by) % width for i in p); }
def place(Task task) {
  register = shifted(task.ipoint - task.lo, 1);
  return task.ispace[0] > 2 && m.len == 1 ? m[*register] : m[0];
}
def last(Task task) { c = Machine(CPU); return c[c.size[0] - 1, c.size[1] - 1]; }
IndexTaskMap GPU place;
SingleTaskMap single last if task.tag == 0;
""", "-ll:cpu", 2, options=ON_GPUS)

    def test_two_processes(self):
        self.compare("Task * CPU;\nControlReplicate top;\n" + LINEAR.format(kind="CPU", tasks="*"),
                     "-ll:cpu", 2, options=["--processes", "2"])

    def run_feature_in_tight_memory(self, mapping, feature, *flags, options=()):
        library = self.generate(self.mapping(mapping))
        process, lines = self.run_generated(library, BUILD / "bin/legion_features",
                                            ["-feature", feature, *flags], options)
        return process, [argument_in_log(value) for line in lines if line.startswith("task=fill_tile ")
                         for key, value in (word.split("=", 1) for word in line.split(" "))
                         if key == "argument"]

    def test_tasks_wait_for_memory(self):
        """60 regions go through the memory of one, two tasks of a kind at a time."""
        process, _ = self.run_feature_in_tight_memory(
            "Task * CPU;\nRegion * * CPU SYSMEM;\nInstanceLimit * 2;\n", "short_lived_regions",
            "-ll:cpu", 2, "-ll:csize", 1)
        self.assertIn("RESULT sum 1770\n", process.stdout)
        self.assertIn("SYSMEM is full, so it waits for 1048576 bytes", process.stderr)

    def test_full_memory_sends_data_to_the_next_one(self):
        """16 regions of 1 MiB; the frame buffer has room for 14."""
        process, arguments = self.run_feature_in_tight_memory("""
Task top CPU;
Task * GPU, CPU;
m = Machine(GPU);
def first(Task task) { return m[0, 0]; }
SingleTaskMap sum_tile first;
SingleTaskMap fill_tile first;
Region * * GPU FBMEM, ZCMEM;
""", "long_lived_regions", "-ll:cpu", 2, "-ll:fsize", 14, "-ll:zsize", 64, options=ON_GPUS)
        self.assertIn("RESULT sum 120\n", process.stdout)
        memories = collections.Counter(memory for memory, *_ in arguments)
        self.assertEqual(memories, {"FBMEM": 14, "ZCMEM": 2})

    def test_data_that_stays_ends_the_run(self):
        library = self.generate(self.mapping("Task * CPU;\nRegion * * CPU SYSMEM;\n"))
        done = subprocess.run([str(PLACEWRIGHT), "run", "--", "env", f"LD_PRELOAD={library}",
                               str(BUILD / "bin/legion_features"), "-feature", "long_lived_regions",
                               "-ll:cpu", "2", "-ll:csize", "8"], capture_output=True, text=True,
                              check=False, timeout=LIMIT_S)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("test.mapping:2: error: out of memory: argument 0 (`tile`) of task `fill_tile`",
                      done.stderr)

    def test_mapping_without_an_answer_ends_the_run(self):
        text = ("Task * CPU;\nm = Machine(CPU);\n"
                "def far(Task task) { return m[0, task.ipoint[0] + 99]; }\nIndexTaskMap fill far;\n")
        library = self.generate(self.mapping(text))
        done = subprocess.run([str(PLACEWRIGHT), "run", "--", "env", f"LD_PRELOAD={library}",
                               str(PROBE), "-ll:cpu", "1"], capture_output=True, text=True,
                              check=False, timeout=LIMIT_S)
        self.assertNotEqual(done.returncode, 0)

    def test_sample_of_random_mappings(self):
        workload = self.folder / "workload.json"
        self.run_well(None, "-ll:cpu", 2, options=[*ON_GPUS, "--discover", str(workload)],
                      decisions=False)
        export = subprocess.run([str(PLACEWRIGHT), "grammar", "--format", "gbnf", "--workload",
                                 str(workload)], capture_output=True, text=True, check=True)
        grammar = Grammar(export.stdout, False)
        for seed in range(SAMPLE):
            with self.subTest(seed=seed):
                self.compare(grammar.draw(seed), "-ll:cpu", 2, options=ON_GPUS)
