// SPDX-License-Identifier: Apache-2.0
// The tokens of a mapping text, and the lexer that produces them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/syntax/ast.h"
#include "lang/syntax/words.h"
#include "support/diagnostics.h"

namespace placewright::lang {

/// Words with the same place in the grammar share a kind; their text tells them apart.
enum class TokenKind : uint8_t {
  End,
  Identifier,
  Integer,
  String,
  ProcessorWord,
  MemoryWord,
  MemberWord,
  LayoutWord,
  TypeWord,
// The words that begin a statement; `Task` is also the type of a parameter.
#define PLACEWRIGHT_STATEMENT(name, word, node) name,
#define PLACEWRIGHT_LATER_STATEMENT(name, word, node)
#include "lang/syntax/statements.def"
  Tuple,
  For,
  In,
  True,
  False,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  Assign,
  Comma,
  Semicolon,
  Not,
  Question,
  Colon,
  Less,
  Greater,
  LessEqual,
  GreaterEqual,
  EqualEqual,
  NotEqual,
  AndAnd,
  OrOr,
  LeftParen,
  RightParen,
  LeftBrace,
  RightBrace,
  LeftBracket,
  RightBracket,
  DotDot,
  Dot
};

struct Token {
  TokenKind kind = TokenKind::End;
  SourceRange range;
  std::string_view text;  ///< As written; for a string, the part between the quotes.
  uint64_t integer = 0;   ///< Integer only.
  bool first_on_line = false;
  bool broken = false;  ///< A string without a closing quote; errors right after it are suppressed.
};

struct LexedText {
  std::vector<Token> tokens;  ///< At least one; the last one is End.
  std::vector<Comment> comments;
};

/// Splits a text into tokens. Anything that is not a token is reported and left out. The tokens
/// refer to the file's text.
[[nodiscard]] LexedText lex(const SourceFile& file, Diagnostics& diagnostics);

/// Identifier unless the word is reserved. The later statements of statements.def, `No_Align`,
/// `SAME_NODE`, `ANY_NODE` and `REGSOCKMEM` are recognized only where they make sense: programs
/// written before they existed may use them as names.
[[nodiscard]] TokenKind word_kind(std::string_view word);

/// Whether it is a reserved word that begins a statement.
[[nodiscard]] inline bool is_statement_word(TokenKind kind) {
  return kind > TokenKind::TypeWord && kind < TokenKind::Tuple;
}

/// The word as the beginning of a statement, where `TaskSteal` and `Priority` count too.
[[nodiscard]] std::optional<StatementWord> statement_word(const Token& token);

[[nodiscard]] inline bool is_name(const Token& token) {
  return token.kind == TokenKind::Identifier || token.kind == TokenKind::String;
}

/// Words of the language, `tuple` and `True` included.
[[nodiscard]] inline bool is_reserved_word(TokenKind kind) {
  return kind >= TokenKind::ProcessorWord && kind <= TokenKind::False;
}

/// For messages: "`;`", "integer `12`", "the end of the file".
[[nodiscard]] std::string describe(const Token& token);

}  // namespace placewright::lang
