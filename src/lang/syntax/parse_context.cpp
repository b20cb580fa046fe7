// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parse_context.h"

#include <fmt/core.h>

#include <algorithm>

namespace placewright::lang {
namespace {

std::string help_for_foreign_word(const Token& token) {
  if (token.kind == TokenKind::Assign) return "comparison is written `==`";
  if (token.text == "not") return "write `!`";
  if (token.text == "if" || token.text == "else") return "write `condition ? value : other`";
  return "";
}

}  // namespace

bool TokenCursor::at_word(std::string_view word) const {
  return at(TokenKind::Identifier) && token().text == word;
}

const Token& TokenCursor::advance() {
  const Token& taken = token();
  if (position_ + 1 < tokens_.size()) ++position_;
  return taken;
}

bool TokenCursor::accept(TokenKind kind) {
  if (!at(kind)) return false;
  advance();
  return true;
}

void TokenCursor::free_word(std::string_view word) {
  for (size_t i = position_; tokens_[i].kind != TokenKind::End && tokens_[i].kind != TokenKind::Def;
       ++i) {
    const bool is_member = i > 0 && tokens_[i - 1].kind == TokenKind::Dot;
    if (tokens_[i].kind == TokenKind::MemberWord && tokens_[i].text == word && !is_member)
      tokens_[i].kind = TokenKind::Identifier;
  }
}

SourceRange TokenCursor::previous_end() const {
  const uint32_t end = position_ == 0 ? 0 : tokens_[position_ - 1].range.end;
  return {end, end};
}

SourceRange TokenCursor::next_begin() const {
  const uint32_t begin = token().range.begin;
  return {begin, begin};
}

SourceRange TokenCursor::from(const Token& first) const {
  return {first.range.begin, std::max(first.range.end, previous_end().end)};
}

bool TokenCursor::after_broken_token() const {
  return position_ > 0 && tokens_[position_ - 1].broken;
}

Diagnostic& ParseContext::unexpected(std::string_view expected) {
  if (after_broken_token()) return unsaid_ = {};
  Diagnostic& d = report(DiagnosticKind::UnexpectedToken, token().range,
                         fmt::format("expected {}, found {}", expected, describe(token())));
  d.help = help_for_foreign_word(token());
  if (at(TokenKind::Assign)) d.fixes = {FixIt{token().range, "=="}};
  return d;
}

int64_t ParseContext::number(const Token& integer) {
  if (integer.integer <= INT64_MAX) return static_cast<int64_t>(integer.integer);
  report(DiagnosticKind::IntegerTooLarge, integer.range,
         "this integer is too large: the largest here is 9223372036854775807");
  return 1;
}

}  // namespace placewright::lang
