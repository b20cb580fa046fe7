// SPDX-License-Identifier: Apache-2.0
// What the parser knows while it reads a text. Productions are functions of a context, a header for
// each concern; their comments show the grammar. A production that fails has already reported why
// and returns nothing; the caller abandons its statement and recovers. Private to the parser, like
// the headers of the productions.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lang/diagnostic_kinds.h"
#include "lang/syntax/ast.h"
#include "lang/syntax/token.h"

namespace placewright::lang {

/// A place among the tokens of a text.
class TokenCursor {
 public:
  explicit TokenCursor(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  /// The token at the place or after it; End from the end on.
  [[nodiscard]] const Token& token(size_t ahead = 0) const {
    return tokens_[std::min(position_ + ahead, tokens_.size() - 1)];
  }
  [[nodiscard]] bool at(TokenKind kind) const { return token().kind == kind; }
  [[nodiscard]] bool at_word(std::string_view word) const;
  /// Takes a token.
  const Token& advance();
  bool accept(TokenKind kind);

  /// Every token of the text.
  [[nodiscard]] const std::vector<Token>& tokens() const { return tokens_; }
  /// Reads reserved words of this text as names, up to the next function.
  void free_word(std::string_view word);

  /// The number of tokens taken.
  [[nodiscard]] size_t position() const { return position_; }
  /// An empty range at the end of the last token taken: where a missing token belongs.
  [[nodiscard]] SourceRange previous_end() const;
  /// An empty range at the beginning of the next token.
  [[nodiscard]] SourceRange next_begin() const;
  /// From a token to the last one taken.
  [[nodiscard]] SourceRange from(const Token& first) const;
  [[nodiscard]] bool after_broken_token() const;

 private:
  std::vector<Token> tokens_;
  size_t position_ = 0;
};

/// What a name of a function's body stands for.
struct StandIn {
  std::string name;
  std::optional<Member> member;  ///< A member of that name.
};

struct ParseContext : TokenCursor {
  ParseContext(const SourceFile& text, Diagnostics& messages)
      : ParseContext(text, messages, lex(text, messages)) {}

  /// Adds a message; the reference is valid until the next one.
  Diagnostic& report(DiagnosticKind kind, SourceRange range, std::string message) {
    return lang::report(diagnostics, kind, range, std::move(message));
  }
  /// "expected WHAT, found `x`"; returns the message so that a help or a fix can be added.
  Diagnostic& unexpected(std::string_view expected);
  /// The number of an integer where only tags are larger than 2^63-1; reports one that is.
  [[nodiscard]] int64_t number(const Token& integer);

  const SourceFile& file;
  Diagnostics& diagnostics;
  std::vector<Comment> comments;  ///< All of the text.
  int nesting = 0;                ///< How deep in an expression.
  int operators = 0;              ///< How many there are in the expression so far.
  bool in_function = false;
  /// In an indented body the fixes that write it with braces, to which each missing `;` is added.
  std::vector<FixIt>* body_fixes = nullptr;
  /// By name as written; with fixes that write what they stand for, where they are used.
  std::map<std::string_view, StandIn> stand_ins;
  std::vector<FixIt> stand_in_fixes;
  /// Functions that the text calls, and those that its map rules name; found when first needed.
  std::optional<std::set<std::string_view>> called;
  std::set<std::string_view> mapped;
  bool abandoned = false;                 ///< Written in another dialect: one message is enough.
  std::vector<std::string> broken_names;  ///< Names whose definition could not be parsed.

 private:
  ParseContext(const SourceFile& text, Diagnostics& messages, LexedText lexed)
      : TokenCursor(std::move(lexed.tokens)),
        file(text),
        diagnostics(messages),
        comments(std::move(lexed.comments)) {}

  Diagnostic unsaid_;  ///< Stands in for a message that would only repeat another.
};

}  // namespace placewright::lang
