# SPDX-License-Identifier: Apache-2.0
"""`placewright tune` with a language model behind a real HTTP server, on the real runtime."""

import http.server
import json
import os
import re
import sqlite3
import threading
import time
import unittest

from harness import BUILD, PLACEWRIGHT, EndToEnd, run_again_after_race

LABELS = ["e2e", "legion", "agent"]
PROCESSORS = 1
KEY = "sk-secret-0123456789abcdef"
CIRCUIT = [BUILD / "bin" / "circuit", "-input", "small", "-l", "3", "-ll:cpu", "2"]
GOOD = "=== CANDIDATE: ghost nodes\nRegion * rp_ghost CPU SYSMEM;\nLayout * rp_private * AOS F_order;\n"


class ModelServer:
    """Speaks OpenAI's chat protocol on loopback; `answer(number)` gives the text of a reply, or a status and an error."""

    def __init__(self, answer):
        outer = self
        self.keys = []
        self.tokens = 0  # Sum over all questions.
        self.questions = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_error(404)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.keys.append(self.headers.get("Authorization", ""))
                outer.questions.append(json.loads(body))
                status, reply = answer(len(outer.questions))
                if "usage" in reply:
                    reply["usage"]["prompt_tokens"] = len(body) // 4
                    outer.tokens += len(body) // 4
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(reply).encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1#scripted"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def says(text):
    message = {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
               "model": "scripted", "usage": {"completion_tokens": 20}}
    return lambda _: (200, message)


def refuses(status, text):
    return lambda _: (status, {"error": {"message": text, "type": "error"}})


class AgentTestCase(EndToEnd):
    def tune(self, *words, key=None, budget="60s"):
        command = [PLACEWRIGHT, "tune", "--budget", budget, "--study", "study.db", *words, "--", *CIRCUIT]
        environment = dict(os.environ, **({"PLACEWRIGHT_LLM_KEY": key} if key else {}))
        return run_again_after_race(list(map(str, command)), timeout=300, cwd=self.folder, env=environment)

    def rows(self, query):
        with sqlite3.connect(self.folder / "study.db") as database:
            return database.execute(query).fetchall()

    def reflect(self, server, *words, **options):
        return self.tune("--strategy", "reflect", "--model", server.url, "--iterations", "2", "--candidates", "1", *words,
                         **options)

    def test_answers_become_candidates(self):
        with ModelServer(says(GOOD)) as server:
            done = self.reflect(server)
        self.assertEqual(done.returncode, 0, done.stderr)
        status = self.rows("SELECT status FROM evaluation WHERE origin = 'reflect'")
        self.assertEqual(status, [("ok",)], done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"answers: 2, 0 unreadable")
        self.assertIn(f"{server.tokens} + 40 tokens", done.stdout)

    def test_nonsense_ends_with_the_default_mapping(self):
        with ModelServer(says("The quick brown fox jumps over the lazy dog.")) as server:
            done = self.reflect(server)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("nothing was tried", done.stdout)
        self.assertRegex(done.stdout, r"answers: [1-9]\d*, [1-9]\d* unreadable")
        self.assertEqual(self.rows("SELECT COUNT(*) FROM evaluation WHERE origin = 'reflect'"), [(0,)])
        self.assertIn("Nothing else was tried", (self.folder / "best.mapping").read_text())

    def test_mapping_for_other_tasks_is_never_run(self):
        with ModelServer(says("=== CANDIDATE: other\nTask no_such_task GPU;\nRegion * fog CPU NOMEM;\n")) as server:
            done = self.reflect(server)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.rows("SELECT COUNT(*) FROM evaluation WHERE origin = 'reflect'"), [(0,)])
        self.assertRegex(done.stdout, r"[1-9]\d* invalid")

    def test_answers_that_contradict_pinned_rules_are_not_run(self):
        (self.folder / "start.mapping").write_text("Layout calculate_new_currents 4 * AOS F_order;\n")
        (self.folder / "pin.mapping").write_text("Layout * 0 * SOA F_order;\n")
        restricted = ("--start", "start.mapping", "--pin", "pin.mapping")
        with ModelServer(says("=== CANDIDATE: nodes\nLayout update_voltages 0 * AOS F_order;\n")) as server:
            done = self.reflect(server, *restricted)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.rows("SELECT origin FROM evaluation"), [("default",), ("start",)])
        self.assertIn("were not tried: they contradict --pin", done.stderr)
        asked = json.dumps(server.questions)
        # Whichever of default and start was faster, one is told as it differs from the other.
        self.assertRegex(asked, r"(SOA F_order -> AOS|AOS F_order -> SOA) F_order: `calculate_new_currents` argument 4")
        self.assertIn("Layout * 0 * SOA F_order;", asked)

    def test_key_stays_out_of_everything(self):
        # The server sends the key back in an answer and in an error.
        leak = says(f"my key is {KEY}\n{GOOD}# {KEY}\n")
        with ModelServer(lambda n: leak(n) if n == 1 else refuses(401, f"bad key {KEY}")(n)) as server:
            done = self.reflect(server, "--cassette", "recorded.jsonl", key=KEY)
            self.assertIn(f"Bearer {KEY}", server.keys)
        self.assertNotIn(KEY, done.stdout + done.stderr)
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        self.assertGreaterEqual(len(files), 2)
        for path in files:
            self.assertNotIn(KEY.encode(), path.read_bytes(), path.name)

    def test_refused_key_keeps_the_study(self):
        with ModelServer(refuses(401, "invalid api key")) as server:
            done = self.reflect(server, key=KEY)
        self.assertEqual(done.returncode, 1)
        self.assertIn("bad-key", done.stderr)
        self.assertEqual(self.rows("SELECT status FROM evaluation WHERE origin = 'default'"), [("ok",)])
        with ModelServer(says(GOOD)) as server:
            # The same server as far as the study can tell: it keeps the address.
            resumed = self.tune("--strategy", "reflect", "--model", server.url, "--resume", "--iterations", "2",
                                "--candidates", "1", key=KEY)
        self.assertEqual(resumed.returncode, 1)
        self.assertIn("was started with another agent", resumed.stderr)

    def test_server_that_is_not_there(self):
        with ModelServer(says(GOOD)) as server:
            url = server.url
        done = self.tune("--strategy", "reflect", "--model", url, "--max-calls", "2")
        self.assertEqual(done.returncode, 1)
        self.assertIn("unreachable", done.stderr)

    def test_question_that_is_not_answered_ends_with_the_budget(self):
        asked = threading.Event()
        self.addCleanup(asked.set)

        def silent(_):
            asked.wait(120)
            return 500, {}

        with ModelServer(silent) as server:
            begin = time.monotonic()
            done = self.reflect(server, budget="25s")
            self.assertLess(time.monotonic() - begin, 27)
            asked.set()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the rest of the budget is for the closing comparison", done.stderr)
        self.assertIn("nothing was tried", done.stdout)
        self.assertNotIn("nothing left to try", done.stderr)

    def test_spent_budget_ends_in_peace(self):
        with ModelServer(says(GOOD)) as server:
            done = self.reflect(server, "--max-calls", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("no further requests to the model", done.stdout)

    def test_recorded_study_replays_without_runs_and_model(self):
        answers = [GOOD, "=== CANDIDATE: C order\nLayout * * * SOA C_order;\nLayout * rp_shared * AOS F_order;\n"]
        with ModelServer(lambda n: says(answers[(n - 1) % 2])(n)) as server:
            recorded = self.reflect(server)
        self.assertEqual(recorded.returncode, 0, recorded.stderr)
        count = self.rows("SELECT COUNT(*) FROM evaluation WHERE origin = 'reflect'")[0][0]
        self.assertEqual(count, 2, recorded.stdout + recorded.stderr)
        before = self.rows("SELECT * FROM call")
        replayed = self.tune("--strategy", "reflect", "--iterations", "2", "--candidates", "1", "--replay")
        self.assertEqual(replayed.returncode, 0, replayed.stderr)
        self.assertIn("2 of 2 candidates in the recorded order", replayed.stdout)
        self.assertEqual(self.rows("SELECT * FROM call"), before)

    def test_replay_by_other_options_is_refused(self):
        with ModelServer(says(GOOD)) as server:
            self.assertEqual(self.reflect(server).returncode, 0)
        done = self.tune("--strategy", "reflect", "--iterations", "3", "--candidates", "1", "--replay")
        self.assertEqual(done.returncode, 1)
        self.assertIn("was started with another agent", done.stderr)

    def test_advisor_needs_no_model(self):
        done = self.tune("--evaluations", "3")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("strategy: advisor (no language model is configured", done.stderr)
        self.assertRegex(done.stdout, r"advisor: \d+ findings")
        self.assertRegex(self.explain(1).stdout, r"#1 default: .*\n1\. \[[a-z-]+")

    def explain(self, evaluation, *options):
        command = [str(PLACEWRIGHT), "explain-run", "--study", "study.db", "--evaluation", str(evaluation), *options]
        return run_again_after_race(command, timeout=300, cwd=self.folder)

    def test_findings_that_a_study_lacks_are_found_out(self):
        done = self.tune("--strategy", "random", "--evaluations", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.rows("SELECT COUNT(*) FROM finding WHERE evaluation = 1"), [(0,)])
        self.assertIn("add `--run` if you trust the study", self.explain(1).stderr)
        self.assertRegex(self.explain(1, "--run").stdout, r"#1 default: .*\n1\. \[[a-z-]+")
        self.assertTrue(json.loads(self.explain(1, "--run", "--json").stdout))

    def test_findings_of_an_evaluation_that_is_not_there(self):
        self.assertEqual(self.tune("--strategy", "random", "--evaluations", "1").returncode, 0)
        done = self.explain(77)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("the study has no evaluation 77", done.stderr)
        self.assertRegex(done.stderr, r"it has 1 to \d+\n")

    def test_strategy_that_asks_a_model_wants_one(self):
        done = self.tune("--strategy", "opro")
        self.assertEqual(done.returncode, 1)
        self.assertIn("none is configured", done.stderr)

    def test_names_of_the_application_reach_the_model_as_data(self):
        with ModelServer(says(GOOD)) as server:
            self.reflect(server)
            text = json.dumps(server.questions)
        for name in ("calculate_new_currents", "rp_shared"):
            self.assertIn(name, text)
        self.assertIsNone(re.search(r"[\x00-\x08\x0b-\x1f]", text))

    def experiment(self, *words):
        """An experiment with circuit on CPUs; returns the finished process."""
        program = ", ".join(json.dumps(str(word)) for word in CIRCUIT)
        (self.folder / "tiny.study.toml").write_text(f'[study]\nname = "tiny"\nbudget = "40s"\ncommand = [{program}]\n')
        command = [PLACEWRIGHT, "experiment", *words, "--apps", "tiny.study.toml", "--runs", 1, "--folder", "studies"]
        return run_again_after_race(list(map(str, command)), timeout=600, cwd=self.folder)

    def test_search_experiment_compares_strategies_and_continues(self):
        words = ("search", "--strategies", "random@1,descent@2", "--json")
        done = self.experiment(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual(result["time"], "measured time of this machine")
        self.assertEqual([run["contestant"] for run in result["runs"]], ["random@1", "descent@2"])
        for run, most in zip(result["runs"], (1, 2)):
            self.assertLessEqual(run["candidates"], most)
            self.assertEqual(len(run["curve"]), run["candidates"])
            self.assertEqual(run["curve"], sorted(run["curve"]))
        # Everything is in the studies: a second time nothing is run.
        again = json.loads(self.experiment(*words).stdout)
        self.assertEqual(again, result)
        table = self.experiment(*words[:-1]).stdout
        self.assertIn("throughput relative to Legion's default mapper", table)
        self.assertRegex(table, r"tiny +descent@2 +1 ")

    def test_search_experiment_of_other_settings_is_refused(self):
        self.assertEqual(self.experiment("search", "--strategies", "random@1").returncode, 0)
        path = self.folder / "studies"
        next(path.glob("*.db")).rename(path / "tiny.descent@1.1.study.db")
        done = self.experiment("search", "--strategies", "descent@1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("was started with another strategy", done.stderr)

    def test_search_experiment_with_an_unknown_strategy(self):
        done = self.experiment("search", "--strategies", "decent")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean `descent`?", done.stderr)
        done = self.experiment("search", "--strategies", "descent@many")
        self.assertEqual(done.returncode, 2)
        self.assertIn("write it as descent@50", done.stderr)

    def test_ablation_asks_with_less_and_more_feedback(self):
        answer = json.dumps({"reasoning": "", "answer": "", "suggestion": {"layout_decision": "Layout * rp_private * AOS F_order;"}})
        with ModelServer(lambda _: says(answer)(0)) as server:
            done = self.experiment("ablation", "--wording", "paper", "--model", server.url, "--iterations", 1, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        runs = json.loads(done.stdout)["runs"]
        self.assertEqual([run["contestant"] for run in runs],
                         ["0-shot", "5-shot", "paper-execution", "paper-explain", "paper-suggest"])
        # The first two want a mapping instead of JSON, and ask a second time for one.
        self.assertEqual([run["calls"] for run in runs], [2, 2, 1, 1, 1])


if __name__ == "__main__":
    unittest.main()
