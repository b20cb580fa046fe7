#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the language's documents to the truth.

    check_documents.py --program build/dev/bin/placewright

Every diagnostic id of src/lang/diagnostic_ids.def has a section in docs/diagnostics.md and a test that expects it; a section
has an id. Every rule of the grammar and every operator has a golden case, and every item of the list of deviations names its
tests. The ids in the tables of docs/diagnostics.md occur in the sources and in a test. Every block marked ```mapping is run
through `placewright check`: in docs/language.md it must be free of errors and in the canonical layout, in docs/diagnostics.md
it must give the id of its section. What the pages in SESSIONS show after `$ placewright ...` is what the command prints.
"""
import argparse
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIMEOUT_S = 60
problems = []


def placewright(program, command, text):
    result = subprocess.run([program, *command, "-"], input=text, capture_output=True, text=True, timeout=TIMEOUT_S,
                            check=False)
    return result.returncode, result.stdout + result.stderr


def blocks(text):
    return re.findall(r"^```mapping\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def sections(text):
    """The (heading, body) pairs of third-level headings."""
    parts = re.split(r"^### `?([^`\n]+)`?\n", text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def check_language(program):
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    for block in blocks(text):
        status, output = placewright(program, ["check"], block)
        if status != 0 or "warning" in output:
            problems.append(f"docs/language.md: an example has messages\n{block}{output}")
        status, output = placewright(program, ["fmt"], block)
        if output != block:
            problems.append(f"docs/language.md: an example is not in the canonical layout, which is\n{output}")


SESSIONS = ("decompose", "first-mapping", "language")


def check_sessions(program):
    """Blocks of a page, in their order: a mapping becomes the file my.mapping, a session is typed in its folder."""
    for page in SESSIONS:
        text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            for kind, block in re.findall(r"^```(mapping|text)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
                if kind == "mapping":
                    pathlib.Path(folder, "my.mapping").write_text(block, encoding="utf-8")
                    continue
                for command, expected in re.findall(r"^\$ placewright (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
                    printed = subprocess.run([program, *shlex.split(command)], cwd=folder, stdout=subprocess.PIPE,
                                             stderr=subprocess.STDOUT, text=True, timeout=TIMEOUT_S, check=False).stdout
                    if printed != expected:
                        problems.append(f"docs/{page}.md: `placewright {command}` prints\n{printed}")


OPERATORS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "remainder", "<": "less", ">": "greater",
             "<=": "less_equal", ">=": "greater_equal", "==": "equal", "!=": "not_equal", "&&": "and", "||": "or", "!": "not",
             "?": "conditional", ".": "member", "[": "index", "(": "call"}


def check_golden_cases(program):
    """Every rule of the grammar and every operator has a golden case."""
    golden = ROOT / "tests" / "golden"
    grammar = subprocess.run([program, "grammar"], capture_output=True, text=True, timeout=TIMEOUT_S, check=True).stdout
    rules = dict(re.findall(r"^(\w+) *:= (.*)$", grammar, re.MULTILINE))
    problems.extend(f"tests/golden/fmt/rule_{name}.mapping: the grammar's rule has no golden case"
                    for name in rules if not (golden / "fmt" / f"rule_{name}.mapping").exists())
    levels = ("expression", "or", "and", "equality", "comparison", "sum", "product", "unary", "postfix")
    found = {token for name in levels for token in re.findall(r"'([^'\w]+)'", rules[name])} - {")", "]", ":", ","}
    problems.extend(f"tools/check_documents.py: operator `{token}` has no name" for token in found - OPERATORS.keys())
    problems.extend(f"tests/golden/eval/operator_{name}.mapping: the operator has no golden case" for name in OPERATORS.values()
                    if not (golden / "eval" / f"operator_{name}.mapping").exists())


def check_deviations():
    """Every item of the list of deviations names the tests that hold it."""
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    section = text[text.index("## Where it differs"):]
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*")
                      if path.suffix in (".py", ".cpp"))
    for item in re.findall(r"^- .*?(?=^- |\Z)", section, re.MULTILINE | re.DOTALL):
        named = re.search(r"<!-- tests: (.*?) -->", item, re.DOTALL)
        if not named:
            problems.append(f"docs/language.md: no test is named for: {item[:60]}")
            continue
        for name in re.split(r",\s*", named.group(1)):
            if not (ROOT / "tests" / "golden" / f"{name}.mapping").exists() and name not in tests:
                problems.append(f"docs/language.md: there is no test `{name}`")


def check_diagnostics(program, ids):
    text = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    found = sections(text)
    names = [name for name, _ in found]
    problems.extend(f"docs/diagnostics.md: no section for `{name}`" for name in ids if name not in names)
    problems.extend(f"docs/diagnostics.md: `{name}` is not a diagnostic" for name in names if name not in ids)
    if names != sorted(names):
        problems.append("docs/diagnostics.md: the sections are not in alphabetical order")
    for name, body in found:
        for block in blocks(body):
            _, output = placewright(program, ["check"], block)
            if f"[{name}]" not in output:
                problems.append(f"docs/diagnostics.md: an example of `{name}` gives\n{output}")


def check_tables():
    """The ids of tables in docs/diagnostics.md, which come from other rooms than the language."""
    text = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    ids = re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.cpp"))
    problems.extend(f"docs/diagnostics.md: `{name}` is in no source" for name in ids if f'"{name}"' not in sources)
    return ids


def check_grammar(program):
    grammar = subprocess.run([program, "grammar"], capture_output=True, text=True, check=True).stdout
    if f"```text\n{grammar}```\n" not in (ROOT / "docs" / "language.md").read_text(encoding="utf-8"):
        problems.append("docs/language.md: the grammar is not what `placewright grammar` prints")


def check_tests(ids):
    golden = "".join(path.read_text(encoding="utf-8", errors="replace")
                     for path in (ROOT / "tests" / "golden").rglob("*.expected"))
    unit = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "unit").rglob("*.cpp"))
    for name in ids:
        if f"[{name}]" not in golden + unit and f'"{name}"' not in unit:
            problems.append(f"no golden case and no unit test expects `{name}`")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    program = str(pathlib.Path(parser.parse_args().program).resolve())
    kinds = (ROOT / "src" / "lang" / "diagnostic_ids.def").read_text(encoding="utf-8")
    ids = re.findall(r'^PLACEWRIGHT_DIAGNOSTIC\(\w+, "([a-z-]+)"', kinds, re.MULTILINE)
    check_language(program)
    check_grammar(program)
    check_sessions(program)
    check_golden_cases(program)
    check_deviations()
    check_diagnostics(program, ids)
    ids += check_tables()
    check_tests(ids)
    print("\n".join(problems) or f"{len(ids)} diagnostics are documented and tested")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
