// SPDX-License-Identifier: Apache-2.0
#include "support/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/for_terminal.h"
#include "support/utf8.h"

namespace placewright {
namespace {

TEST(ForTerminal, WritesControlCharactersOut) {
  EXPECT_EQ(for_terminal("a\x1b[2Jb\x07\x7f"), R"(a\x1b[2Jb\x07\x7f)");
  EXPECT_EQ(for_terminal("real\rforged"), R"(real\x0dforged)");
  EXPECT_EQ(for_terminal(std::string_view("a\0b", 3)), R"(a\x00b)");
}

TEST(ForTerminal, WritesC1ControlsOutInEitherForm) {
  EXPECT_EQ(for_terminal("\xc2\x9b"
                         "31m"),
            R"(\u009b31m)");
  EXPECT_EQ(for_terminal("\x9b"
                         "31m"),
            R"(\x9b31m)");
}

TEST(ForTerminal, WritesDirectionalCharactersOut) {
  EXPECT_EQ(for_terminal("\u202e\u2066\u200f\u061c\u2028"), R"(\u202e\u2066\u200f\u061c\u2028)");
}

TEST(ForTerminal, KeepsTextLineBreaksAndTabs) {
  const std::string text = "Überlauf\t\u65e5\u672c\n\U0001f642\n";
  EXPECT_EQ(for_terminal(text), text);
  EXPECT_EQ(for_terminal("a\r\nb"), "a\nb");
}

TEST(ForTerminal, BytesThatAreNotUtf8AreWrittenOut) {
  EXPECT_EQ(for_terminal("\xc0\xaf\xed\xa0\x80\xff"), R"(\xc0\xaf\xed\xa0\x80\xff)")
      << "an overlong form, half of a pair, no beginning";
  EXPECT_EQ(for_terminal("\xe2\x82"), R"(\xe2\x82)");
}

std::string forwarded(std::initializer_list<std::string_view> pieces, bool to_terminal) {
  std::FILE* file = std::tmpfile();
  {
    ForwardedOutput output(file, to_terminal);
    for (const std::string_view piece : pieces) output.write(piece);
  }
  std::string text(static_cast<size_t>(std::ftell(file)), ' ');
  std::rewind(file);
  EXPECT_EQ(std::fread(text.data(), 1, text.size(), file), text.size());
  std::fclose(file);
  return text;
}

TEST(ForwardedOutput, IsUnchangedWhereItIsNotShown) {
  EXPECT_EQ(forwarded({"a\x1b[1m\r", "\xff"}, false), "a\x1b[1m\r\xff");
}

TEST(ForwardedOutput, CannotControlATerminal) {
  EXPECT_EQ(forwarded({"a\x1b", "]0;title\x07"}, true), R"(a\x1b]0;title\x07)");
}

TEST(ForwardedOutput, ACharacterMayBeSplitBetweenPieces) {
  EXPECT_EQ(forwarded({"\xe2\x82", "\xac"}, true), "\u20ac");
  EXPECT_EQ(forwarded({"\xe2", "\x80", "\xae", "x"}, true), R"(\u202ex)");
  EXPECT_EQ(forwarded({"\xe2\x82"}, true), R"(\xe2\x82)");
}

TEST(ForwardedOutput, ALoneReturnBecomesALineBreak) {
  EXPECT_EQ(forwarded({"10 %\r20 %\r", "\nend\r"}, true), "10 %\n20 %\nend\n");
}

TEST(Columns, CountWideAndCombiningCharacters) {
  EXPECT_EQ(columns_of("abc"), 3U);
  EXPECT_EQ(columns_of("\u65e5\u672c"), 4U);
  EXPECT_EQ(columns_of("e\u0301"), 1U);
}

TEST(CutToColumns, KeepsWhatFitsAndMarksACut) {
  EXPECT_EQ(cut_to_columns("abcdef\nmore", 6), "abcdef");
  EXPECT_EQ(cut_to_columns("abcdefg", 6), "abc...");
  EXPECT_EQ(cut_to_columns("\u65e5\u672c\u65e5\u672c", 6), "\u65e5...");
  EXPECT_EQ(cut_to_columns("abcdefg", 2), "..");
}

}  // namespace
}  // namespace placewright
