// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/printer.h"

#include <gtest/gtest.h>

#include "golden_files.h"
#include "lang/grammar/sample.h"
#include "lang/syntax/dump.h"
#include "lang/syntax/parser.h"

namespace placewright::lang {
namespace {

// Prints, parses and prints again: the same tree, the same comments, the same text.
void expect_round_trip(const SourceFile& file) {
  Diagnostics diagnostics(file);
  const Program program = parse(file, diagnostics);
  if (diagnostics.has_errors()) return;
  const SourceFile printed(file.name(), format_program(file, program));
  Diagnostics again(printed);
  const Program reparsed = parse(printed, again);
  ASSERT_FALSE(again.has_errors()) << file.text() << "\n---\n" << printed.text() << again.to_text();
  ASSERT_EQ(dump(reparsed), dump(program)) << file.text();
  ASSERT_EQ(reparsed.comments.size(), program.comments.size()) << file.text();
  ASSERT_EQ(format_program(printed, reparsed), printed.text()) << file.text();
}

TEST(Printer, GoldenFilesSurviveARoundTrip) {
  const std::vector<SourceFile> files = read_golden_files();
  ASSERT_GT(files.size(), 80u);
  for (const SourceFile& file : files) expect_round_trip(file);
}

TEST(Printer, RandomProgramsSurviveARoundTrip) {
  const grammar::Grammar full = grammar::full_grammar();
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    expect_round_trip(SourceFile("random", grammar::Sampler(full, seed).text("program", 24)));
    if (testing::Test::HasFatalFailure()) return;
  }
}

std::string formatted(const std::string& text) {
  const SourceFile file("m", text);
  Diagnostics diagnostics(file);
  const Program program = parse(file, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.to_text();
  return format_program(file, program);
}

TEST(Printer, KeepsAtMostOneBlankLine) {
  EXPECT_EQ(formatted("\n\nx=1;\n\n\n\ny=2;\nz=3;\n\n"), "x = 1;\n\ny = 2;\nz = 3;\n");
}

TEST(Printer, QuotesOnlyNamesThatNeedIt) {
  EXPECT_EQ(formatted("Task \"a\", \"a.b\", \"GPU\", \"1x\" CPU;"),
            "Task a, \"a.b\", \"GPU\", \"1x\" CPU;\n");
}

TEST(Printer, WritesInsertedCommas) {
  EXPECT_EQ(formatted("Task a b GPU CPU;"), "Task a, b GPU, CPU;\n");
}

TEST(Printer, MovesACommentInsideAStatementAboveIt) {
  EXPECT_EQ(formatted("x = (1, # one\n 2); # both\n"), "# one\nx = (1, 2);  # both\n");
}

}  // namespace
}  // namespace placewright::lang
