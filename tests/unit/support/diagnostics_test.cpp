// SPDX-License-Identifier: Apache-2.0
#include "support/diagnostics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/for_terminal.h"

namespace placewright {
namespace {

TEST(Diagnostics, ShowsPositionLineCaretAndHelp) {
  const SourceFile file("stencil.mapping", "# halo\nTask step GPUS;\n");
  Diagnostics diagnostics(file);
  diagnostics.error("unknown-processor-kind", {17, 21}, "unknown processor kind `GPUS`").help =
      "did you mean `GPU`?";
  EXPECT_EQ(diagnostics.to_text(),
            "stencil.mapping:2:11: error: unknown processor kind `GPUS` [unknown-processor-kind]\n"
            "    2 | Task step GPUS;\n"
            "      |           ^~~~\n"
            "      = help: did you mean `GPU`?\n");
}

TEST(Diagnostics, SortsByPositionAndDropsTheSameMessageTwice) {
  const SourceFile file("m", "a b\n");
  Diagnostics diagnostics(file);
  diagnostics.error("late", {2, 3}, "second");
  diagnostics.warning("early", {0, 1}, "first");
  diagnostics.error("late", {2, 3}, "second again");
  const auto sorted = diagnostics.sorted();
  ASSERT_EQ(sorted.size(), 2u);
  EXPECT_EQ(sorted[0].message, "first");
  EXPECT_EQ(sorted[1].message, "second");
}

TEST(Diagnostics, AnErrorAtTheEndOfTheFileHasAPositionAndACaret) {
  const SourceFile file("m", "Task a GPU");
  Diagnostics diagnostics(file);
  diagnostics.error("missing-semicolon", {10, 10}, "expected `;`");
  EXPECT_EQ(diagnostics.to_text(),
            "m:1:11: error: expected `;` [missing-semicolon]\n"
            "    1 | Task a GPU\n"
            "      |           ^\n");
}

TEST(Diagnostics, ALongLineIsCutAroundTheCaret) {
  const std::string line = std::string(5000, 'x') + "GPUS" + std::string(5000, 'y');
  const SourceFile file("m", line + "\n");
  Diagnostics diagnostics(file);
  diagnostics.error("unknown", {5000, 5004}, "unknown");
  diagnostics.error("begin", {0, 2}, "begin");
  diagnostics.error("end", {10003, 10004}, "end");
  EXPECT_EQ(diagnostics.to_text(),
            "m:1:1: error: begin [begin]\n"
            "    1 | " +
                std::string(160, 'x') +
                "...\n"
                "      | ^~\n"
                "m:1:5001: error: unknown [unknown]\n"
                "    1 | ..." +
                std::string(60, 'x') + "GPUS" + std::string(96, 'y') +
                "...\n"
                "      |    " +
                std::string(60, ' ') +
                "^~~~\n"
                "m:1:10004: error: end [end]\n"
                "    1 | ..." +
                std::string(160, 'y') +
                "\n"
                "      |    " +
                std::string(159, ' ') + "^\n");
}

TEST(Diagnostics, ALongMarkEndsWithTheExcerptAndCharactersStayWhole) {
  std::string line;
  for (int i = 0; i < 300; ++i) line += "\xC3\xA9";
  const SourceFile file("m", line + "\n");
  Diagnostics diagnostics(file);
  diagnostics.error("all", {301, 600}, "all");
  const std::string text = diagnostics.to_text();
  // 61 bytes before the caret, of which the first is the second half of a character.
  const size_t begin = text.find("| ...") + 5;
  EXPECT_EQ(text.substr(begin, 2), "\xC3\xA9");
  EXPECT_EQ(text.substr(text.find("...\n") - 2, 2), "\xC3\xA9");
  EXPECT_LT(std::count(text.begin(), text.end(), '~'), 160);
}

TEST(Diagnostics, TheCaretIsBelowWhatAWideOrControlCharacterPrecedes) {
  // Two ideographs take two columns each, e with a combining accent one, the bell is written \\x07.
  const SourceFile file("m", "\u4e2d\u6587e\u0301\x07 GPUS\u4e2d;\n");
  Diagnostics diagnostics(file);
  diagnostics.error("a", {11, 18}, "m");
  EXPECT_EQ(for_terminal(diagnostics.to_text()),
            "m:1:12: error: m [a]\n    1 | \u4e2d\u6587e\u0301\\x07 GPUS\u4e2d;\n"
            "      |           ^~~~~~\n");
}

TEST(Diagnostics, LongNamesAreCutInTheMiddle) {
  const SourceFile file("m", "a\n");
  Diagnostics diagnostics(file);
  const std::string name = "x" + std::string(10'000, 'y') + "z";
  diagnostics.error("a", {0, 1}, "no `" + name + "` and `b`").help = "b";
  EXPECT_EQ(diagnostics.to_text(), "m:1:1: error: no `x" + std::string(79, 'y') + "..." +
                                       std::string(29, 'y') +
                                       "z` and `b` [a]\n    1 | a\n      | ^\n      = help: b\n");
}

TEST(Diagnostics, PrintsTwentyMessagesAndCountsTheRest) {
  const SourceFile file("m", std::string(40, 'x'));
  Diagnostics diagnostics(file);
  for (uint32_t i = 0; i < 23; ++i) diagnostics.error("e", {i, i + 1}, "bad");
  const std::string text = diagnostics.to_text();
  EXPECT_NE(text.find("m:1:20: error"), std::string::npos);
  EXPECT_EQ(text.find("m:1:21: error"), std::string::npos);
  EXPECT_NE(text.find("and 3 more messages\n"), std::string::npos);
}

TEST(Diagnostics, JsonCarriesTheSameFacts) {
  const SourceFile file("m", "Task a GPU\n");
  Diagnostics diagnostics(file);
  auto& error = diagnostics.error("missing-semicolon", {10, 10}, "expected `;`");
  error.fixes = {FixIt{{10, 10}, ";"}};
  EXPECT_EQ(
      diagnostics.to_json(),
      R"({"severity":"error","id":"missing-semicolon","file":"m","line":1,"column":11,"end_line":1,"end_column":11,)"
      R"("message":"expected `;`","fixes":[{"line":1,"column":11,"end_line":1,"end_column":11,"replacement":";"}]})"
      "\n");
}

TEST(SourceFile, SaysWhyItCannotBeRead) {
  EXPECT_EQ(SourceFile::read("/nonexistent/x.mapping").error().message,
            "no such file: `/nonexistent/x.mapping`");
  EXPECT_EQ(SourceFile::read("/").error().message, "`/` is a folder, not a file");
}

}  // namespace
}  // namespace placewright
