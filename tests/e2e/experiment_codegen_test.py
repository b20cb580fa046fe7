# SPDX-License-Identifier: Apache-2.0
"""`placewright experiment`: ten mapping strategies, judged by what Legion did, and a model that is asked for them."""

import contextlib
import http.server
import json
import os
import re
import subprocess
import threading

from harness import LIMIT_S, PLACEWRIGHT, SOURCE, EndToEnd

LABELS = ["e2e", "legion", "agent"]
PROCESSORS = 1
STRATEGIES = SOURCE / "share" / "strategies"
REFERENCES = sorted(STRATEGIES.glob("[0-9]*.mapping"))
START = (STRATEGIES / "start.mapping").read_text()
START_CPP = (STRATEGIES / "start.cpp").read_text()
NATIVE = "--allow-native-code"
LIMIT_ALL_S = 10 * LIMIT_S
CRASHING = START_CPP + "\n__attribute__((constructor)) static void crash() { __builtin_trap(); }\n"
HANGING = START_CPP + "\n__attribute__((constructor)) static void hang() { for (volatile int i = 0;; i = 1) {} }\n"
# Fortran and C order are one and the same in one dimension, so the starting code does strategy 4 already.
WRONG = {4: (STRATEGIES / "03-array-of-structs.mapping").read_text()}


def reference(number):
    return REFERENCES[number - 1].read_text()


def generated_mapper(mapping):
    """The mapping as a C++ mapper that installs itself when it is loaded."""
    done = subprocess.run([str(PLACEWRIGHT), "codegen", "-", "--name", "reference"], input=mapping,
                          capture_output=True, text=True, check=True, timeout=LIMIT_S)
    return "#define INSTALL_WHEN_LOADED\n" + done.stdout


class ScriptedServer(http.server.BaseHTTPRequestHandler):
    """Speaks OpenAI's chat completions. `answers` maps a target and words of the task to what is answered."""

    answers = {}
    asked = []

    def do_POST(self):  # noqa: N802
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        task = body["messages"][1]["content"].rsplit("# Your task", 1)[-1]
        target = "cpp" if "#include <legion.h>" in body["messages"][1]["content"] else "mapping"
        self.asked.append((target, body))
        for (wanted, word), texts in self.answers.items():
            if wanted == target and word in task:
                text = texts.pop(0) if len(texts) > 1 else texts[0]
                break
        else:
            text = "I do not know."
        read = sum(len(message["content"]) for message in body["messages"]) // 4
        self.reply({"id": "x", "object": "chat.completion", "model": "scripted",
                    "choices": [{"index": 0, "finish_reason": "stop",
                                 "message": {"role": "assistant", "content": text}}],
                    "usage": {"prompt_tokens": read, "completion_tokens": 10}})

    def do_GET(self):  # noqa: N802
        self.send_error(404)

    def reply(self, value):
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def server(answers):
    """A model that gives each task's answers one after the other, the last one again and again."""
    handler = type("Handler", (ScriptedServer,), {"answers": answers, "asked": []})
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=service.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{service.server_port}/v1#scripted", handler
    finally:
        service.shutdown()
        service.server_close()
        thread.join()


def fenced(code):
    return f"Here it is:\n```\n{code}\n```\nIt should work.\n"


class ExperimentTestCase(EndToEnd):
    def experiment(self, *words, environment=()):
        return subprocess.run([str(PLACEWRIGHT), "experiment", *map(str, words)], capture_output=True, text=True,
                              check=False, timeout=LIMIT_ALL_S, cwd=self.folder,
                              env={**os.environ, **dict(environment)})

    def judge(self, number, code, *options, suffix="mapping"):
        path = self.folder / f"answer.{suffix}"
        path.write_text(code)
        return self.experiment("judge", number, path, *options)

    def assert_grade(self, process, grade, *words):
        self.assertEqual(process.stderr, "")
        self.assertRegex(process.stdout, rf"\A[a-z-]+: {grade} \(")
        self.assertEqual(process.returncode, 0 if grade == "right" else 1)
        for word in words:
            self.assertIn(word, process.stdout)

    def assert_pair(self, number, *words):
        """The reference is right, and what does not do the strategy is not."""
        self.assert_grade(self.judge(number, reference(number)), "right")
        self.assert_grade(self.judge(number, WRONG.get(number, START)), "fails", *words)

    def test_strategy_01_blocked(self):
        self.assert_pair(1, "should run on GPU 1 of node 0")

    def test_strategy_02_shared_zero_copy(self):
        self.assert_pair(2, "(rp_ghost): was in FBMEM, should be in ZCMEM")

    def test_strategy_03_array_of_structs(self):
        self.assert_pair(3, "was laid out as SOA, should be AOS")

    def test_strategy_04_fortran_order(self):
        self.assert_pair(4, "was laid out as AOS, should be SOA")

    def test_strategy_05_aligned(self):
        self.assert_pair(5, "aligns fields to an unspecified number of bytes", "not a multiple of 64")

    def test_strategy_06_currents_on_cpu(self):
        self.assert_pair(6, "`calculate_new_currents`: ran on a GPU, should run on a CPU")

    def test_strategy_07_collected(self):
        self.assert_pair(7, "not marked for early collection", "Legion released none of the instances")

    def test_strategy_08_limited(self):
        self.assert_pair(8, "more than 4 points were in flight at a time, should be 4")

    def test_strategy_09_second_argument_zero_copy(self):
        self.assert_pair(9, "`distribute_charge` argument 1 (rp_shared): was in FBMEM")

    def test_strategy_10_cyclic(self):
        self.assert_pair(10, "`calculate_new_currents` point 2")

    def test_too_much_is_wrong_too(self):
        everything = START.replace("Region * * GPU FBMEM;", "Region * * GPU ZCMEM;")
        self.assert_grade(self.judge(2, everything), "fails", "(rp_wires): was in ZCMEM, should be in FBMEM")
        self.assert_grade(self.judge(8, START + "InstanceLimit calculate_new_currents 2;\n"), "fails",
                          "at most 2 points were in flight")

    def test_mapping_that_does_not_compile(self):
        self.assert_grade(self.judge(1, START + "Region * * GPU FBMME;\n"), "does-not-compile",
                          "unknown memory kind `FBMME`", "did you mean `FBMEM`?")

    def test_mapping_that_fails_at_run_time(self):
        outside = START + ("def far(Task task) { return mgpu[7, task.ipoint[0]]; }\n"
                           "IndexTaskMap GPU far;\n")
        self.assert_grade(self.judge(1, outside), "fails", "the run ended (mapper-error)")

    def test_native_code_is_refused_without_leave(self):
        process = self.judge(4, START_CPP, suffix="cpp")
        self.assert_refused(process, "--allow-native-code", status=2)
        self.assert_refused(self.experiment("codegen", "--target", "both", "--model", "ollama:x"),
                            "--allow-native-code", status=2)

    def assert_refused(self, process, *words, status=1):
        self.assertEqual(process.returncode, status, process.stdout)
        for word in words:
            self.assertIn(word, process.stderr)

    def test_starting_mapper_compiles_and_does_no_strategy(self):
        self.assert_grade(self.judge(4, START_CPP, NATIVE, suffix="cpp"), "right")
        self.assert_grade(self.judge(2, START_CPP, NATIVE, suffix="cpp"), "fails", "was in FBMEM")

    def test_examples_of_the_documents_compile(self):
        document = (SOURCE / "share" / "prompts" / "codegen-cpp.md").read_text()
        blocks = re.findall(r"```cpp\n(.*?)```", document, re.DOTALL)
        self.assertEqual(len(blocks), 2)
        code = START_CPP.replace("class StudyMapper", "\n".join(blocks) + "\nclass StudyMapper")
        code += "\nPinnedTable* one(MapperRuntime* r, Machine m, Processor p) { return new PinnedTable(r, m, p); }\n"
        code += "OnLast* two(MapperRuntime* r, Machine m, Processor p) { return new OnLast(r, m, p); }\n"
        self.assert_grade(self.judge(4, code, NATIVE, suffix="cpp"), "right")
        document = (SOURCE / "share" / "prompts" / "codegen-mapping.md").read_text()
        for block in re.findall(r"```\n(# .*?)```", document, re.DOTALL):
            self.assert_grade(self.judge(4, START + block), "right")

    def test_generated_mappers_are_judged_like_their_mappings(self):
        for number in (2, 7, 8, 10):
            with self.subTest(strategy=number):
                code = generated_mapper(reference(number))
                self.assert_grade(self.judge(number, code, NATIVE, suffix="cpp"), "right")

    def test_mappers_that_crash_hang_or_are_none(self):
        self.assert_grade(self.judge(4, CRASHING, NATIVE, suffix="cpp"), "fails", "the run ended (")
        self.assert_grade(self.judge(4, HANGING, NATIVE, "--timeout", 5, suffix="cpp"), "fails",
                          "the run ended (timeout)")
        self.assert_grade(self.judge(4, "int x;\n", NATIVE, suffix="cpp"), "fails", "installed no mapper")
        self.assert_grade(self.judge(4, START_CPP + "}", NATIVE, suffix="cpp"), "does-not-compile",
                          "mapper.cpp:")
        half = START_CPP + "void no_such_function();\n__attribute__((constructor)) static void f() { no_such_function(); }\n"
        self.assert_grade(self.judge(4, half, NATIVE, suffix="cpp"), "fails", "cannot load the mapper",
                          "undefined symbol")

    def test_native_code_sees_no_keys(self):
        peek = START_CPP + """
#include <cstdio>
#include <cstdlib>
__attribute__((constructor)) static void peek() {
  const char* key = std::getenv("OPENAI_API_KEY");
  if (key != nullptr && *key != 0) std::abort();
}
"""
        path = self.folder / "answer.cpp"
        path.write_text(peek)
        process = self.experiment("judge", 4, path, NATIVE, environment={"OPENAI_API_KEY": "not-a-real-key-0000"})
        self.assert_grade(process, "right")

    def test_model_is_asked_recorded_and_replayed(self):
        answers = {
            ("mapping", "in blocks"): [fenced(reference(1))],
            ("mapping", "array of structs"): [fenced("Layout * * * AOSS;"), fenced(START), fenced(reference(3))],
            ("mapping", "zero-copy memory when"): [fenced(START)],
        }
        with server(answers) as (address, handler):
            process = self.experiment("codegen", "--model", address, "--strategies", "1,3,9", "--refine", 2,
                                      "--record", "answers.cassette")
            self.assertEqual(process.returncode, 0, process.stderr)
            self.assertEqual(len(handler.asked), 1 + 3 + 3)
        self.assertIn("strategy           1   3   9   right\n"
                      "mapping single    ok   -   x   1 of 3 (33 %)\n"
                      "mapping refined   ok  ok   x   2 of 3 (66 %)\n", process.stdout)
        self.assertIn("7 calls", process.stdout)
        replayed = self.experiment("codegen", "--cassette", "answers.cassette", "--strategies", "1,3,9", "--refine",
                                   2, "--json")
        self.assertEqual(replayed.returncode, 0, replayed.stderr)
        result = json.loads(replayed.stdout)
        self.assertEqual([(trial["single"], trial["refined"]) for trial in result["trials"]],
                         [("right", "right"), ("does-not-compile", "right"), ("fails", "fails")])
        attempts = result["trials"][1]["attempts"]
        self.assertEqual([attempt["verdict"] for attempt in attempts], ["does-not-compile", "fails", "right"])
        self.assertIn("was laid out as SOA, should be AOS", attempts[1]["message"])
        self.assertTrue(all(attempt["replayed"] for attempt in attempts))
        self.assertEqual(attempts[0]["tokens"]["output"], 10)
        missed = self.experiment("codegen", "--cassette", "answers.cassette", "--strategies", "1,5")
        self.assert_refused(missed, "answers.cassette")
        self.assertIn("mapping refined   ok   .   1 of 1", missed.stdout)

    def test_model_writes_mappers_in_cpp(self):
        answers = {("cpp", "array of structs"): [fenced(START_CPP + "}"), fenced(START_CPP),
                                                 fenced(generated_mapper(reference(3)))]}
        with server(answers) as (address, handler):
            process = self.experiment("codegen", "--model", address, "--target", "cpp", NATIVE, "--strategies", 3,
                                      "--refine", 3)
            self.assertEqual(process.returncode, 0, process.stderr)
        self.assertIn("C++ single         -   0 of 1 (0 %)\nC++ refined       ok   1 of 1 (100 %)\n",
                      process.stdout)
        told = [body["messages"][-1]["content"] for _, body in handler.asked]
        self.assertIn("does not compile", told[1])
        self.assertIn("mapper.cpp", told[1])
        self.assertIn("was laid out as SOA, should be AOS", told[2])

    def test_model_that_cannot_be_reached(self):
        with server({}) as (address, _):
            pass
        process = self.experiment("codegen", "--model", address, "--strategies", 1)
        self.assertEqual(process.returncode, 1)
        self.assertIn("placewright: error:", process.stderr)
        self.assert_refused(self.experiment("codegen"), "no language model is configured")

    def test_circuit_that_is_not_there(self):
        self.assert_refused(self.judge(1, START, "--circuit", "no/such/circuit"),
                          "no program `no/such/circuit`")
