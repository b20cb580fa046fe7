# SPDX-License-Identifier: Apache-2.0
"""tools/check_words.py on small samples."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_words  # noqa: E402


def words(text, name="docs/sample.md", allowed=None):
    return [word for _, word, _ in check_words.mistakes(name, text, allowed or {})]


def lines(text):
    return [line for line, _, _ in check_words.mistakes("src/sample.h", text, {})]


class CheckWordsTestCase(unittest.TestCase):
    def test_every_word_is_found(self):
        for text, word in (("it mends this", "mend"), ("Mended.", "mend"), ("go on with it", "go on with"),
                           ("it goes on with it", "go on with"), ("is passed over;", "passed over"),
                           ("// Of the row.", "Of ..."), ("int a;  ///< Of the row.", "Of ..."), ("x  # Of it", "Of ..."),
                           ("it is no number", "is no"), ("that is no `Task`", "is no"), ("behind the comma", "behind")):
            self.assertEqual(words(text), [word], text)

    def test_what_is_right_is_not_found(self):
        for text in ("recommended amendments", "it goes on", "is passed overland", "// Often", "it is no longer there",
                     "is no more than", "is no less", "there is no file", "There is no file", "there are no files",
                     "this is not a file", "leaves no process behind", "# Official"):
            self.assertEqual(words(text), [], text)

    def test_sentences_over_two_lines(self):
        self.assertEqual(lines("int a;\n/// This is\n/// no number.\n"), [2])
        self.assertEqual(lines('f("what is "\n  "no number");\n'), [1])
        self.assertEqual(lines("// there\n// is no file\n"), [])

    def test_allowed_files(self):
        self.assertEqual(words("behind", allowed={"behind": {"docs/sample.md": "why"}}), [])
        self.assertEqual(words("mend behind", allowed={"behind": {"docs/sample.md": "why"}}), ["mend"])
        self.assertEqual(words("mend behind", allowed={"any": {"docs/sample.md": "why"}}), [])

    def test_the_list_of_words_is_skipped(self):
        text = "# A\nmend\n## Words\nbehind\n## B\nbehind\n"
        found = check_words.mistakes("CONTRIBUTING.md", text, {})
        self.assertEqual([(line, word) for line, word, _ in found], [(2, "mend"), (6, "behind")])

    def test_every_word_stands_in_the_list(self):
        section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Words\n")[1].split("\n## ")[0]
        for word, _, _ in check_words.RULES:
            self.assertIn(f"`{word}", section)


if __name__ == "__main__":
    unittest.main()
