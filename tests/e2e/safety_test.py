# SPDX-License-Identifier: Apache-2.0
"""Programs, files and studies that mean harm: what they cannot do."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import time

from harness import PLACEWRIGHT, PROBE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 1
METRIC = ["--metric", "ELAPSED TIME = ([0-9.]+) s", "--checksum", "TOTAL = ([0-9]+)"]
SECRET = "hidden-value-of-a-key"
# Statements that leave a study which no search has written.
ODD = [
    "UPDATE fact SET value = '' WHERE key = 'command'",
    "UPDATE fact SET value = '[1, 2]' WHERE key = 'command'",
    "UPDATE fact SET value = '[]' WHERE key = 'command'",
    "UPDATE fact SET value = '{\"a\": 1}' WHERE key IN ('command', 'handwritten_command')",
    "UPDATE fact SET value = 'x' WHERE key IN ('processes', 'time_scale')",
    "UPDATE fact SET value = '-7' WHERE key = 'processes'",
    "UPDATE fact SET value = '99999999999999999999' WHERE key = 'processes'",
    "UPDATE fact SET value = 'nan' WHERE key = 'baseline_wall_s'",
    "UPDATE fact SET value = '{}' WHERE key = 'workload'",
    "UPDATE fact SET value = 'x' WHERE key = 'workload'",
    "UPDATE fact SET value = '1 1 1' WHERE key = 'searcher'",
    "INSERT INTO fact VALUES ('searcher', '0 0 0')",
    "DELETE FROM fact",
    "UPDATE evaluation SET mapping = 'nonsense'",
    "UPDATE evaluation SET mapping = CAST(x'00ff80c3' AS TEXT)",
    "UPDATE evaluation SET move = CAST(x'00ff80c3' AS TEXT), message = CAST(x'ff' AS TEXT)",
    "UPDATE evaluation SET origin = '', strategy = ''",
    "UPDATE evaluation SET origin = 'default'",
    "UPDATE evaluation SET origin = 'hand-written'",
    "UPDATE evaluation SET status = 'crash', accepted = 0, seconds = NULL",
    "UPDATE evaluation SET status = 'cancelled', accepted = 0",
    "UPDATE evaluation SET accepted = 1",
    "UPDATE evaluation SET accepted = -9223372036854775808",
    "UPDATE evaluation SET decisions = 'x'",
    "UPDATE evaluation SET seconds = 9e999",
    "UPDATE sample SET seconds = 9e999",
    "UPDATE sample SET seconds = 1e-300",
    "DELETE FROM sample",
    "DELETE FROM evaluation",
    "PRAGMA foreign_keys = OFF; UPDATE evaluation SET parent = 12345",
    "UPDATE evaluation SET id = -id",
    "INSERT OR REPLACE INTO finding VALUES (1, 0, 'x', 1, 'x', '')",
    "INSERT OR REPLACE INTO finding VALUES (1, 0, 'x', 1, 'x', '[]')",
    "INSERT OR REPLACE INTO finding VALUES (1, 0, 'x', 9e999, 'x', '{\"findings\": [{\"kind\": 1}]}')",
]


class SafetyTestCase(EndToEnd):
    def run_command(self, *arguments, environment=(), **keywords):
        keywords = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **keywords}
        run = subprocess.run([str(PLACEWRIGHT), *map(str, arguments)], text=True, timeout=300,
                             check=False, cwd=self.folder,
                             env={**os.environ, **dict(environment)}, **keywords)
        run.status = run.returncode
        return run

    def shell(self, script, *options, **keywords):
        """Runs a script as the application; its last argument lets the processes be found."""
        return self.run_command("run", *options, "--", "sh", "-c", script, "sh", self.folder,
                                **keywords)

    def tune(self, *options, program=(PROBE,), metric=METRIC, **keywords):
        return self.run_command("tune", "--study", "study.db", "--evaluations", 1, "--budget", "30s",
                                "--strategy", "descent", *metric, *options, "--", *program, **keywords)

    def change(self, statements, study="study.db"):
        with sqlite3.connect(self.folder / study) as database:
            database.executescript(statements)

    def test_program_that_stops_its_supervisor_ends_at_the_limit(self):
        begin = time.monotonic()
        for stop in ("kill -STOP $PPID", "while :; do kill -STOP $PPID; sleep 0.01; done &"):
            run = self.shell(stop + "\nsetsid sh -c 'trap \"\" TERM; sleep 1000' sh $1 & sleep 1000",
                             "--timeout", 1)
            self.assert_fails(run, "timeout", "1 s")
            self.assert_no_process_left("the run")
        self.assertLess(time.monotonic() - begin, 60)

    def test_program_that_kills_its_supervisor_ends_at_once(self):
        begin = time.monotonic()
        run = self.shell("setsid sh -c 'sleep 1000' sh $1 & kill -KILL $PPID; sleep 1000",
                         "--timeout", 100)
        self.assert_fails(run, "crash", "`sh` killed the process that watches it")
        self.assert_no_process_left("the run")
        self.assertLess(time.monotonic() - begin, 50)

    def test_program_ends_at_the_limit_while_placewright_is_stopped(self):
        # The parent of the supervisor is the fourth field of its line in /proc.
        process = subprocess.Popen(
            [str(PLACEWRIGHT), "run", "--timeout", "1", "--", "sh", "-c",
             "kill -STOP $(cut -d' ' -f4 /proc/$PPID/stat); sleep 1000", "sh", str(self.folder)],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.wait_for(lambda: " T " in self.stat_of(process.pid), "placewright to be stopped")
        self.wait_for(lambda: "sleep 1000" not in self.processes(), "the program to end")
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(timeout=60), 1)
        self.assertIn("timeout", process.stderr.read())

    @staticmethod
    def stat_of(pid):
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read()

    def processes(self):
        found = subprocess.run(["pgrep", "-af", str(self.folder)], capture_output=True, text=True,
                               check=False)
        return "\n".join(line for line in found.stdout.splitlines() if str(PLACEWRIGHT) not in line)

    def wait_for(self, condition, what):
        for _ in range(600):
            if condition():
                return
            time.sleep(0.1)
        self.fail(f"waited in vain for {what}")

    def test_tuned_program_sees_no_key_of_a_model(self):
        script = ("{ env; tr '\\0' '\\n' < /proc/$PPID/environ; "
                  "tr '\\0' '\\n' < /proc/$(cut -d' ' -f4 /proc/$PPID/stat)/environ; } >> seen\n"
                  f"exec {PROBE} \"$@\"")
        keys = {name: SECRET for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "SOME_API_KEY",
                                          "PLACEWRIGHT_LLM_KEY")}
        run = self.tune(program=("sh", "-c", script, "sh"), environment={**keys, "MARK": "seen"})
        self.assertEqual(run.returncode, 0, run.stderr)
        seen = (self.folder / "seen").read_text(errors="replace")
        self.assertIn("MARK=seen", seen)
        self.assertNotIn(SECRET, seen)

    def test_temporary_files_of_a_killed_run_are_deleted_by_the_next(self):
        temporary = self.folder / "tmp"
        temporary.mkdir()
        environment = {"TMPDIR": str(temporary)}
        process = subprocess.Popen([str(PLACEWRIGHT), "run", "--explain-decisions", "--", "sh", "-c",
                                    "echo ready; sleep 1000", "sh", str(self.folder)],
                                   cwd=self.folder, stdout=subprocess.PIPE, text=True,
                                   env={**os.environ, **environment})
        self.assertEqual(process.stdout.readline(), "ready\n")
        process.kill()
        process.wait()
        process.stdout.close()
        self.assertNotEqual(list(temporary.iterdir()), [])
        self.assert_no_process_left("the killed run")
        self.shell("exit 0", environment=environment)
        self.assertEqual(list(temporary.iterdir()), [])

    def test_output_that_is_lost_is_an_error_and_other_results_arrive(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            run = self.run_command("run", "--decisions", "decisions", "--", PROBE, stdout=full)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn("cannot write to standard output: No space left on device", run.stderr)
        self.assertIn('"task":"fill"', (self.folder / "decisions").read_text())

    def test_full_disk_for_temporary_files_is_one_message(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        run = self.run_command("run", "--decisions", "decisions", "--", "sh", "-c",
                               f"trap '' XFSZ; exec {PROBE} -points 64", preexec_fn=limit)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertRegex(run.stderr, "cannot write `.*`: File too large")
        self.assertFalse((self.folder / "core").exists())

    def test_second_search_of_a_study_is_refused_with_the_number_of_the_first(self):
        first = subprocess.Popen([str(PLACEWRIGHT), "tune", "--study", "study.db", "--budget", "120s",
                                  *METRIC, "--", "sh", "-c", f"sleep 1; exec {PROBE}"],
                                 cwd=self.folder, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        self.wait_for(lambda: self.has_rows("evaluation"), "an evaluation")
        for options in ([], ["--resume"]):
            run = self.tune(*options)
            self.assert_fails(run, f"process {first.pid} is searching the study `study.db`")
        first.send_signal(signal.SIGINT)
        first.wait(timeout=120)
        run = self.tune("--resume", program=("sh", "-c", f"sleep 1; exec {PROBE}"))
        self.assertNotIn("is searching", run.stderr)

    def has_rows(self, table):
        if not (self.folder / "study.db").exists():
            return False
        try:
            with sqlite3.connect(self.folder / "study.db") as database:
                return database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] > 0
        except sqlite3.OperationalError:
            return False

    def test_failed_start_leaves_no_study(self):
        for program in ((PROBE, "-crash"), ("./nowhere",), ("/bin/true",)):
            self.assert_fails(self.tune(program=program))
            self.assertEqual(list(self.folder.iterdir()), [], program)
        self.assert_fails(self.tune(metric=["--metric", "NO NUMBER = ([0-9]+)"]))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_study_runs_its_command_only_when_asked(self):
        self.assertEqual(self.tune().returncode, 0)
        self.change("DELETE FROM finding; UPDATE fact SET value = '[\"touch\", \"ran\\u001b[2J\"]' "
                    "WHERE key = 'command'")
        explain = ["explain-run", "--study", "study.db", "--evaluation", 1]
        run = self.run_command(*explain)
        self.assert_fails(run, "the study holds no findings of evaluation 1",
                          '["touch","ran\\u001b[2J"]', "add `--run` if you trust the study")
        self.assertEqual(list(self.folder.glob("ran*")), [])
        self.run_command(*explain, "--run")
        self.assertEqual(len(list(self.folder.glob("ran*"))), 1)
        run = self.run_command("explain-run", "--run", "--", PROBE)
        self.assertEqual(run.returncode, 2)
        self.assertIn("--run applies to a study, not to a program", run.stderr)

    def test_odd_study_is_an_error_or_is_used(self):
        self.assertEqual(self.tune().returncode, 0)
        for statements in ODD:
            shutil.copy(self.folder / "study.db", self.folder / "odd.db")
            try:
                self.change(statements, "odd.db")
            except sqlite3.Error:
                continue  # the tables themselves refuse it
            for words in (["explain-run", "--study", "odd.db", "--evaluation", 1],
                          ["tune", "--study", "odd.db", "--replay"],
                          ["tune", "--study", "odd.db", "--resume"]):
                program = [] if words[0] == "explain-run" else [
                    "--evaluations", 1, "--budget", "10s", "--strategy", "descent", *METRIC, "--",
                    PROBE]
                with self.subTest(statements=statements, words=words):
                    run = self.run_command(*words, *program)
                    self.assertIn(run.returncode, (0, 1), run.stderr)
                    self.assertNotIn("internal error", run.stderr)
                    if run.returncode == 1:
                        self.assertIn("placewright: error: ", run.stderr)
