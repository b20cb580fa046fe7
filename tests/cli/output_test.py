# SPDX-License-Identifier: Apache-2.0
"""What every command writes arrives or is an error with its reason, and nothing else is touched."""

import os
import pathlib
import resource
import signal
import stat
import subprocess
import tempfile
import unittest

PLACEWRIGHT = os.environ["PLACEWRIGHT"]
LOOSE = "Task  *   CPU ;\n"
CANONICAL = "Task * CPU;\n"
MISSPELT = "Task * CPUS;\n"
FORM = '{"tasks": []}'
FULL = "cannot write to standard output: No space left on device"


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="placewright-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file("a.mapping", LOOSE)
        self.file("wrong.mapping", MISSPELT)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def placewright(self, *arguments, **keywords):
        keywords = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **keywords}
        return subprocess.run([PLACEWRIGHT, *map(str, arguments)], cwd=self.folder, text=True,
                              timeout=60, check=False, **keywords)

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())


# Everything that prints a result without running a program.
PRINTING = [
    ["check", "a.mapping"], ["check", "--diagnostics", "json", "wrong.mapping"],
    ["check", "--fix", "a.mapping"], ["codegen", "a.mapping"], ["fmt", "a.mapping"],
    ["eval", "1 + 1"], ["explain"], ["explain", "missing-semicolon"], ["grammar"],
    ["grammar", "--format", "json-schema"], ["doctor"], ["version"], ["--version"], ["--help"],
    ["run", "--help"], ["experiment", "strategies"],
    ["show", "a.mapping", "--machine", "nodes=1,CPU=2", "--task", "t", "--launch", "0..7"],
    ["show", "a.mapping", "--machine", "nodes=1,CPU=2", "--task", "t", "--launch", "0..99999"],
]


class OutputTestCase(Folder):
    def test_every_command_tells_a_full_disk(self):
        for command in PRINTING:
            with self.subTest(command=command), open("/dev/full", "w") as full:
                run = self.placewright(*command, stdout=full)
                self.assertEqual(run.returncode, 1, run.stderr)
                self.assertIn(FULL, run.stderr)

    def test_every_command_tells_a_closed_output(self):
        for command in PRINTING:
            with self.subTest(command=command):
                run = self.placewright(*command, stdout=None, preexec_fn=lambda: os.close(1))
                self.assertEqual(run.returncode, 1, run.stderr)
                self.assertIn("cannot write to standard output: Bad file descriptor", run.stderr)

    def test_full_standard_error_ends_no_command_by_a_signal(self):
        for command in [["check", "wrong.mapping"], ["check", "none.mapping"], ["fmt", "none.mapping"],
                        ["check", "a.mapping"], ["nonsense"], ["explain", "nonsense"]]:
            with self.subTest(command=command), open("/dev/full", "w") as full:
                run = self.placewright(*command, stderr=full)
                self.assertIn(run.returncode, (0, 1, 2))

    def test_full_output_and_error_together(self):
        with open("/dev/full", "w") as full:
            run = self.placewright("grammar", stdout=full, stderr=full)
        self.assertEqual(run.returncode, 1)

    def test_limit_on_the_size_of_files_is_an_error(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        run = self.placewright("codegen", "a.mapping", "-o", "a.cpp", preexec_fn=limit)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn("cannot write `a.cpp`: File too large", run.stderr)
        with open(self.folder / "out", "w") as out:
            run = self.placewright("grammar", stdout=out, preexec_fn=limit)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn("cannot write to standard output: File too large", run.stderr)
        self.assertEqual(self.names(), ["a.mapping", "out", "wrong.mapping"])

    def test_reader_that_leaves_ends_the_command_silently(self):
        process = subprocess.Popen([PLACEWRIGHT, "grammar"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdout.close()
        self.assertIn(process.wait(timeout=60), (0, -signal.SIGPIPE))
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()


class FileTestCase(Folder):
    def test_devices_stay_and_tell_their_errors(self):
        for path in ("/dev/full", "/dev/null"):
            before = os.stat(path)
            run = self.placewright("codegen", "a.mapping", "-o", path)
            self.assertEqual((os.stat(path).st_mode, os.stat(path).st_rdev),
                             (before.st_mode, before.st_rdev))
            self.assertEqual(run.returncode, 1 if path == "/dev/full" else 0)
            if path == "/dev/full":
                self.assertIn("cannot write `/dev/full`: No space left on device", run.stderr)

    def test_output_can_be_standard_output_by_its_name(self):
        plain = self.placewright("codegen", "a.mapping", "-o", "-").stdout
        self.assertEqual(self.placewright("codegen", "a.mapping", "-o", "/dev/stdout").stdout, plain)
        with open(self.folder / "out", "w") as out:
            self.assertEqual(self.placewright("codegen", "a.mapping", "-o", "/dev/stdout",
                                              stdout=out).returncode, 0)
        self.assertEqual((self.folder / "out").read_text(), plain)

    def test_pipe_without_a_reader_is_an_error(self):
        os.mkfifo(self.folder / "pipe")
        run = self.placewright("codegen", "a.mapping", "-o", "pipe")
        self.assertEqual(run.returncode, 1)
        self.assertIn("cannot write `pipe`: nothing reads from this pipe", run.stderr)

    def test_pipe_with_a_reader_receives_the_text(self):
        os.mkfifo(self.folder / "pipe")
        with open(self.folder / "out", "w") as out:
            reader = subprocess.Popen(["cat", "pipe"], cwd=self.folder, stdout=out)
        for _ in range(100):  # until cat has opened it
            run = self.placewright("codegen", "a.mapping", "-o", "pipe")
            if run.returncode == 0:
                break
        self.assertEqual(reader.wait(timeout=60), 0)
        self.assertEqual((self.folder / "out").read_text(),
                         self.placewright("codegen", "a.mapping").stdout)
        self.assertTrue(stat.S_ISFIFO(os.stat(self.folder / "pipe").st_mode))

    def test_rewriting_keeps_the_mode(self):
        for command in (["fmt", "--write"], ["check", "--fix"]):
            path = self.file("a.mapping", LOOSE if command[0] == "fmt" else MISSPELT)
            path.chmod(0o640)
            self.assertEqual(self.placewright(*command, "a.mapping").returncode, 0)
            self.assertEqual(path.read_text(), CANONICAL)
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)

    def test_rewriting_keeps_the_owner(self):
        if os.geteuid() != 0:
            self.skipTest("only root can write another user's file")
        os.chown(self.folder / "a.mapping", 1234, 1235)
        self.assertEqual(self.placewright("fmt", "--write", "a.mapping").returncode, 0)
        facts = os.stat(self.folder / "a.mapping")
        self.assertEqual((facts.st_uid, facts.st_gid), (1234, 1235))

    def test_rewriting_follows_no_link_beside_the_file(self):
        victim = self.file("victim", "old")
        for name in ("a.mapping.new", "a.mapping.tmp", "a.mapping~", ".a.mapping.new"):
            (self.folder / name).symlink_to(victim)
        before = self.names()
        self.assertEqual(self.placewright("fmt", "--write", "a.mapping").returncode, 0)
        self.assertEqual(victim.read_text(), "old")
        self.assertEqual(self.names(), before)
        self.assertEqual((self.folder / "a.mapping").read_text(), CANONICAL)

    def test_rewriting_keeps_links_and_further_names(self):
        (self.folder / "link.mapping").symlink_to("a.mapping")
        os.link(self.folder / "a.mapping", self.folder / "second.mapping")
        self.assertEqual(self.placewright("fmt", "--write", "link.mapping").returncode, 0)
        self.assertTrue((self.folder / "link.mapping").is_symlink())
        self.assertEqual((self.folder / "second.mapping").read_text(), CANONICAL)

    def test_endless_and_other_files_are_refused(self):
        for path, message in [("/dev/zero", "`/dev/zero` is larger than 16 MiB"),
                              (".", "`.` is a folder, not a file"),
                              ("none", "no such file: `none`")]:
            run = self.placewright("check", path)
            self.assertEqual(run.returncode, 1)
            self.assertIn(message, run.stderr)

    def test_output_in_no_folder_is_an_error(self):
        run = self.placewright("codegen", "a.mapping", "-o", "no/a.cpp")
        self.assertEqual(run.returncode, 1)
        self.assertIn("cannot write `no/a.cpp`: No such file or directory", run.stderr)


if __name__ == "__main__":
    unittest.main()
