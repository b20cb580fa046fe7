// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/syntax/token.h"

namespace placewright::lang {
namespace {

using testing::ElementsAre;
using T = TokenKind;

std::vector<T> kinds(const std::string& text, std::string* messages = nullptr) {
  const SourceFile file("m", text);
  Diagnostics diagnostics(file);
  std::vector<T> result;
  for (const Token& token : lex(file, diagnostics).tokens) result.push_back(token.kind);
  if (messages != nullptr) *messages = diagnostics.to_text();
  return result;
}

TEST(Lexer, TakesTheLongestOperator) {
  EXPECT_THAT(kinds("<=<>= > == = != ! && ||"),
              ElementsAre(T::LessEqual, T::Less, T::GreaterEqual, T::Greater, T::EqualEqual,
                          T::Assign, T::NotEqual, T::Not, T::AndAnd, T::OrOr, T::End));
}

TEST(Lexer, TwoStarsAreTwoTokens) {
  EXPECT_THAT(kinds("a**b"), ElementsAre(T::Identifier, T::Star, T::Star, T::Identifier, T::End));
}

TEST(Lexer, WordsAreCaseSensitive) {
  EXPECT_THAT(kinds("Task task GPU gpu def Def"),
              ElementsAre(T::Task, T::Identifier, T::ProcessorWord, T::Identifier, T::Def,
                          T::Identifier, T::End));
}

TEST(Lexer, WordsOfTheLaterDialectAreNames) {
  EXPECT_THAT(kinds("No_Align TaskSteal SAME_NODE ANY_NODE REGSOCKMEM Align"),
              ElementsAre(T::Identifier, T::Identifier, T::Identifier, T::Identifier, T::Identifier,
                          T::LayoutWord, T::End));
}

TEST(Lexer, AWordOfAStatementBeginsItOnlyWithoutQuotes) {
  const SourceFile file("m", "Task Priority other \"Task\" ;");
  Diagnostics diagnostics(file);
  std::vector<std::optional<StatementWord>> words;
  for (const Token& token : lex(file, diagnostics).tokens) words.push_back(statement_word(token));
  EXPECT_THAT(words, ElementsAre(StatementWord::Task, StatementWord::Priority, std::nullopt,
                                 std::nullopt, std::nullopt, std::nullopt));
}

TEST(Lexer, AnIntegerEndsWhereALetterBegins) {
  const SourceFile file("m", "08GPU");
  Diagnostics diagnostics(file);
  const auto tokens = lex(file, diagnostics).tokens;
  ASSERT_EQ(tokens.size(), 3u);
  EXPECT_EQ(tokens[0].integer, 8U);
  EXPECT_EQ(tokens[1].kind, T::ProcessorWord);
}

TEST(Lexer, TheLargestIntegerFitsAndTheNextDoesNot) {
  std::string messages;
  kinds("18446744073709551615", &messages);
  EXPECT_EQ(messages, "");
  kinds("18446744073709551616", &messages);
  EXPECT_NE(messages.find("[integer-too-large]"), std::string::npos);
}

TEST(Lexer, BlanksTabsCarriageReturnsBellsAndAByteOrderMarkSeparateNothing) {
  std::string messages;
  EXPECT_THAT(kinds("\xEF\xBB\xBF \t\r\n\a;", &messages), ElementsAre(T::Semicolon, T::End));
  EXPECT_EQ(messages, "");
}

TEST(Lexer, CommentsAreKeptBesideTheTokens) {
  const SourceFile file("m", "# first  \r\na; // second\n");
  Diagnostics diagnostics(file);
  const auto comments = lex(file, diagnostics).comments;
  ASSERT_EQ(comments.size(), 2u);
  EXPECT_EQ(file.text(comments[0].range), "# first");
  EXPECT_TRUE(comments[0].own_line);
  EXPECT_EQ(file.text(comments[1].range), "// second");
  EXPECT_FALSE(comments[1].own_line);
}

TEST(Lexer, ReportsARunOfUnknownCharactersOnce) {
  std::string messages;
  EXPECT_THAT(kinds("a @$^ b", &messages), ElementsAre(T::Identifier, T::Identifier, T::End));
  EXPECT_EQ(messages,
            "m:1:3: error: unexpected characters `@$^` [unknown-character]\n"
            "    1 | a @$^ b\n"
            "      |   ^~~\n");
}

}  // namespace
}  // namespace placewright::lang
