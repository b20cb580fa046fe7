# SPDX-License-Identifier: Apache-2.0
"""What a candidate's failure does to a study: it is named by its class, and the search goes on. Virtual GPUs, the live view."""

import fcntl
import os
import pty
import re
import select
import signal
import sqlite3
import struct
import subprocess
import termios
import time

from harness import BUILD, PLACEWRIGHT, PROBE, SOURCE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 2
METRIC = ["--metric", "ELAPSED TIME = ([0-9.]+) s", "--checksum", "TOTAL = ([0-9]+)"]
INTERLEAVED = "Task * CPU;\nLayout * * * AOS C_order;\n"


class TuneFailureTestCase(EndToEnd):
    def tune(self, *arguments, program=(str(PROBE),), options=()):
        """Status, table, messages and {origin: (status, message)} of the study."""
        command = [str(PLACEWRIGHT), "tune", "--study", "study.db", *METRIC, *options, "--",
                   *program, *map(str, arguments)]
        process = subprocess.run(command, capture_output=True, text=True, timeout=300,
                                 cwd=self.folder, check=False)
        found = {}
        if (self.folder / "study.db").exists():
            with sqlite3.connect(self.folder / "study.db") as database:
                rows = database.execute("SELECT origin, status, message FROM evaluation")
                found = {origin: (status, message) for origin, status, message in rows}
        return process.returncode, process.stdout, process.stderr, found

    def expert_fails(self, text, *arguments, options=()):
        """A study whose expert mapping is `text`: what became of the expert. The rest must be well."""
        path = self.folder / "expert.mapping"
        path.write_text(text)
        status, out, err, found = self.tune(
            *arguments, options=["--expert", str(path), "--budget", "40s", "--evaluations", "1",
                                 *options])
        self.assertEqual(status, 0, err)
        self.assertEqual(found["default"][0], "ok")
        self.assertRegex(out, r"(?m)^default +[0-9.e-]+ ")
        self.assertRegex(out, r"(?m)^expert +" + found["expert"][0])
        self.assert_no_process_left("the study")
        return found["expert"]

    def test_candidate_that_crashes(self):
        status, message = self.expert_fails(INTERLEAVED, "-fragile", "crash")
        self.assertEqual(status, "crash")
        self.assertIn("signal 11", message)

    def test_candidate_that_hangs(self):
        begin = time.monotonic()
        status, message = self.expert_fails(INTERLEAVED, "-fragile", "hang")
        self.assertEqual(status, "timeout")
        self.assertIn("time limit", message)
        self.assertLess(time.monotonic() - begin, 120)

    def test_candidate_that_computes_something_else(self):
        status, message = self.expert_fails(INTERLEAVED, "-fragile", "wrong")
        self.assertEqual(status, "wrong-result")
        self.assertRegex(message, "checksum [0-9]+ instead of [0-9]+")

    def test_candidate_that_the_mapper_refuses(self):
        status, message = self.expert_fails("Task * CPU;\nControlReplicate single;\n",
                                            options=["--processes", "2"])
        self.assertEqual(status, "mapper-error")
        self.assertIn("cannot be replicated", message)

    def test_candidate_that_fills_a_memory(self):
        status, message = self.expert_fails("Task * CPU;\nRegion sum 0 CPU RDMEM;\n", "-side", 200,
                                            "-ll:rsize", 1)
        self.assertEqual(status, "out-of-memory")
        self.assertIn("RDMEM", message)

    def test_application_with_a_mapper_of_its_own(self):
        status, out, err, found = self.tune("-own-mapper")
        self.assertEqual((status, out, found), (1, "", {}), err)
        self.assertIn("--replace-mapper", err)

    def test_application_that_crashes_under_every_mapping(self):
        status, out, err, found = self.tune("-crash")
        self.assertEqual((status, out, found), (1, "", {}), err)
        self.assertIn("signal 11", err)

    def test_full_disk_for_the_study(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        os.symlink("/dev/full", self.folder / "best.mapping")
        status, _, err, _ = self.tune(options=["--evaluations", "1", "--budget", "40s"])
        self.assertEqual(status, 1, err)
        self.assertIn("cannot write `best.mapping`", err)
        with sqlite3.connect(self.folder / "study.db") as database:
            kept = database.execute("SELECT count(*) FROM evaluation").fetchone()[0]
        self.assertEqual(kept, 2, "evaluations are lost")

    def test_search_on_virtual_gpus_with_expert_and_handwritten_mapper(self):
        command = [str(BUILD / "bin" / "circuit"), "-input", "test", "-l", "2", "-warmup", "1"]
        study = self.folder / "circuit.toml"
        study.write_text(
            "[study]\n"
            f"name = 'circuit'\nmachine = '{SOURCE}/share/machines/p100x4.toml'\ntime_scale = 100\n"
            f"command = {command}\ncorrectness_command = {command}\n"
            "[study.baselines]\n"
            f"expert = '{SOURCE}/apps/circuit/mappings/expert.mapping'\n"
            f"handwritten_command = {[*command, '-mapper', 'handwritten']}\n")
        process = subprocess.run(
            [str(PLACEWRIGHT), "tune", str(study), "--study", "study.db", "--budget", "60s",
             "--evaluations", "2", "--strategy", "descent", "--output", "best.mapping"],
            capture_output=True, text=True, timeout=300, cwd=self.folder, check=False)
        self.assertEqual(process.returncode, 0, process.stderr)
        for row in ("default", "expert", "hand-written", "best"):
            self.assertRegex(process.stdout, rf"(?m)^{row} +[0-9.e-]+ ")
        self.assertIn("virtual GPU time", process.stdout)
        with sqlite3.connect(self.folder / "study.db") as database:
            rows = database.execute("SELECT origin, status, checksum FROM evaluation").fetchall()
        searched = [row for row in rows if row[0] == "descent"]
        self.assertEqual(len(searched), 2)
        checksums = {checksum for _, status, checksum in rows if status == "ok" and checksum}
        self.assertEqual(len(checksums), 1)
        run = self.run_well((self.folder / "best.mapping").read_text(), *command[1:],
                            program=command[0],
                            options=["--machine", f"{SOURCE}/share/machines/p100x4.toml", "--correctness"])
        self.assertIn(f"CHECKSUM = {checksums.pop()}", run.stdout)

    def shown_on(self, terminal_type, columns):
        """What a search writes to a terminal."""
        terminal, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen(
            [str(PLACEWRIGHT), "tune", *METRIC, "--budget", "30s", "--evaluations", "1", "--",
             str(PROBE)], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=theirs,
            env={**os.environ, "TERM": terminal_type, "NO_COLOR": "1"})
        os.close(theirs)
        shown = b""
        while True:
            if select.select([terminal], [], [], 120)[0] == []:
                process.send_signal(signal.SIGKILL)
                self.fail("nothing was shown for two minutes")
            try:
                piece = os.read(terminal, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
        os.close(terminal)
        self.assertEqual(process.wait(timeout=60), 0, shown)
        return shown.decode()

    def test_terminal_that_cannot_redraw_shows_lines(self):
        text = self.shown_on("dumb", 80)
        self.assertNotIn("\x1b", text)
        self.assertRegex(text, r"(?m)^#1 default: [0-9.e-]+ s\r?$")
        self.assertRegex(text, r"(?m)^#2 .*; best [0-9.e-]+ s")

    def test_live_view_shows_best_candidate_and_time_left(self):
        text = self.shown_on("xterm", 40)
        for line in text.split("\n"):
            if "now " in line or "last " in line or " left" in line:
                self.assertLess(len(re.sub(r"\x1b\[[0-9]*[A-Z]", "", line).rstrip("\r")), 40, line)
        self.assertRegex(text, r"best [0-9.e-]+ s \(default\)")
        self.assertRegex(text, r"now   default")
        self.assertRegex(text, r"[12] evaluations, 0 failed, 0:[0-9]{2} left")
        self.assertRegex(text, "\x1b\\[4F\x1b\\[J", "nothing is drawn over")
        last = re.split("\x1b\\[4F\x1b\\[J", text)[-1]
        self.assertNotIn("left", last, "the view stays behind")
