# SPDX-License-Identifier: Apache-2.0
"""Reads back what `placewright explain-run` finds in a run."""

import json
import os
import subprocess

from harness import LIMIT_S, PLACEWRIGHT, PROBE, EndToEnd


class Findings(EndToEnd):
    def explain_run(self, mapping, *arguments, program=PROBE, options=()):
        """The finished process of `placewright explain-run`."""
        command = [PLACEWRIGHT, "explain-run", *options]
        if "--timeout" not in options:
            command += ["--timeout", LIMIT_S]
        if mapping is not None:
            command += ["--mapping", self.mapping(mapping)]
        command += ["--", program, *arguments]
        return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False,
                              timeout=3 * LIMIT_S, cwd=self.folder,
                              env={**os.environ, "TMPDIR": str(self.folder)})

    def explain(self, *arguments, options=(), status=None, **keywords):
        """The findings of a run, most important first."""
        process = self.explain_run(*arguments, options=["--json", *options], **keywords)
        if status is not None:
            self.assertEqual(process.returncode, status, process.stderr)
        self.assertNotEqual(process.stdout, "", process.stderr)
        return json.loads(process.stdout)["findings"]

    def first(self, *arguments, **keywords):
        findings = self.explain(*arguments, **keywords)
        self.assertTrue(findings)
        return findings[0]

    @staticmethod
    def facts(finding, name):
        return [fact["value"] for fact in finding["evidence"] if fact["name"] == name]

    @staticmethod
    def of_kind(findings, kind):
        return [finding for finding in findings if finding["kind"] == kind]
