#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the studies of the applications measure stays as it is until hardware says otherwise.

Results are compared over time, so commands, time scales and machine files do not follow what makes a search look good. A change
needs a reason from hardware, and new numbers wherever the old ones stand (bench/, README.md, docs/). Then
`fixed_studies_test.py --write` writes the new hashes.
"""

import hashlib
import json
import pathlib
import sys
import tomllib
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HASHES = HERE / "fixed_studies.json"
FACTS = ("command", "correctness_command", "processes", "time_scale")


def hashes():
    """By study: the hash of what it runs, and on which machine."""
    result = {}
    for path in sorted([*ROOT.glob("apps/*/*.study.toml"), *ROOT.glob("bench/studies/*.study.toml")]):
        study = tomllib.loads(path.read_text(encoding="utf-8"))["study"]
        facts = {fact: study.get(fact) for fact in FACTS}
        # Comments and sources may be improved.
        facts["machine"] = tomllib.loads((path.parent / study["machine"]).read_text(encoding="utf-8"))
        text = json.dumps(without_sources(facts), sort_keys=True)
        result[str(path.relative_to(ROOT))] = hashlib.sha256(text.encode()).hexdigest()
    return result


def without_sources(value):
    if isinstance(value, dict):
        return {key: without_sources(each) for key, each in value.items() if key != "source"}
    return [without_sources(each) for each in value] if isinstance(value, list) else value


class FixedStudiesTest(unittest.TestCase):
    def test_studies_measure_what_they_measured(self):
        known = json.loads(HASHES.read_text(encoding="utf-8"))
        self.assertEqual(hashes(), known, "see the head of tests/tools/fixed_studies_test.py")

    def test_a_value_counts_and_its_source_does_not(self):
        self.assertEqual(without_sources({"a": [{"value": 1, "source": "x"}]}), {"a": [{"value": 1}]})


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        HASHES.write_text(json.dumps(hashes(), indent=1) + "\n", encoding="utf-8")
    else:
        unittest.main()
