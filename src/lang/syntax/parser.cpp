// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parser.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/syntax/parser_impl.h"

namespace placewright::lang {
namespace {

std::string help_for_foreign_word(const Token& token) {
  if (token.kind == TokenKind::Assign) return "comparison is written `==`";
  if (token.text == "not") return "write `!`";
  if (token.text == "if" || token.text == "else") return "write `condition ? value : other`";
  return "";
}

}  // namespace

Program parse(const SourceFile& file, Diagnostics& diagnostics) {
  return Parser(file, diagnostics).run();
}

ExprPtr parse_expression(const SourceFile& file, Diagnostics& diagnostics) {
  return Parser(file, diagnostics).run_expression();
}

Parser::Parser(const SourceFile& file, Diagnostics& diagnostics)
    : file_(file), diagnostics_(diagnostics), lexed_(lex(file, diagnostics)) {}

Program Parser::run() {
  while (!at(TokenKind::End) && !abandoned_) {
    if (skip_empty_statement()) continue;
    const size_t before = position_;
    if (auto statement = parse_statement()) {
      program_.statements.push_back(std::move(*statement));
    } else {
      synchronize();
      if (position_ == before) advance();
    }
  }
  if (abandoned_) program_.statements.clear();
  program_.comments = std::move(lexed_.comments);
  if (program_.statements.empty() && !diagnostics_.has_errors()) {
    report(diagnostics_, DiagnosticKind::EmptyMapping, token().range,
           "the mapping is empty: expected at least one statement")
        .help =
        "a mapping that leaves everything to the default is, for example, `Task * GPU, CPU;`";
  }
  return std::move(program_);
}

ExprPtr Parser::run_expression() {
  ExprPtr expr = parse_expression();
  if (expr && !at(TokenKind::End)) unexpected("an operator or the end of the expression");
  return diagnostics_.has_errors() ? nullptr : std::move(expr);
}

const Token& Parser::token(size_t ahead) const {
  return lexed_.tokens[std::min(position_ + ahead, lexed_.tokens.size() - 1)];
}

bool Parser::at_word(std::string_view word) const {
  return at(TokenKind::Identifier) && token().text == word;
}

const Token& Parser::advance() {
  const Token& taken = token();
  if (position_ + 1 < lexed_.tokens.size()) ++position_;
  return taken;
}

bool Parser::accept(TokenKind kind) {
  if (!at(kind)) return false;
  advance();
  return true;
}

SourceRange Parser::previous_end() const {
  const uint32_t end = position_ == 0 ? 0 : lexed_.tokens[position_ - 1].range.end;
  return {end, end};
}

SourceRange Parser::from(const Token& first) const {
  return {first.range.begin, std::max(first.range.end, previous_end().end)};
}

bool Parser::after_broken_token() const {
  return position_ > 0 && lexed_.tokens[position_ - 1].broken;
}

Diagnostic& Parser::unexpected(std::string_view expected) {
  if (after_broken_token()) return unsaid_ = {};
  Diagnostic& d = report(diagnostics_, DiagnosticKind::UnexpectedToken, token().range,
                         fmt::format("expected {}, found {}", expected, describe(token())));
  d.help = help_for_foreign_word(token());
  if (at(TokenKind::Assign)) d.fixes = {FixIt{token().range, "=="}};
  return d;
}

bool Parser::expect_semicolon(std::string_view expected) {
  if (accept(TokenKind::Semicolon)) return true;
  const bool statement_ends = at(TokenKind::End) || at(TokenKind::RightBrace) ||
                              token().first_on_line || is_statement_word(token().kind);
  if (!statement_ends) {
    unexpected(expected);
    return false;
  }
  if (after_broken_token() || report_comment_as_division()) return true;
  if (in_indented_body_) {
    body_fixes_.push_back({previous_end(), ";"});
    return true;
  }
  report(diagnostics_, DiagnosticKind::MissingSemicolon, previous_end(),
         "expected `;` at the end of the statement")
      .fixes = {FixIt{previous_end(), ";"}};
  return true;
}

// `x = 7 // 2;`: the comment swallowed the `;`, so it was not meant as a comment.
bool Parser::report_comment_as_division() {
  const auto comment = std::ranges::lower_bound(lexed_.comments, previous_end().end, {},
                                                [](const Comment& c) { return c.range.begin; });
  if (comment == lexed_.comments.end() || comment->own_line ||
      comment->range.end > token().range.begin)
    return false;
  const std::string_view text = file_.text(comment->range);
  if (!text.starts_with("//") || text.find(';') == std::string_view::npos) return false;
  Diagnostic& d = report(diagnostics_, DiagnosticKind::CommentAsDivision, comment->range,
                         "`//` begins a comment, so the statement has no end");
  d.help = "`/` divides and drops the remainder";
  d.fixes = {FixIt{{comment->range.begin, comment->range.begin + 2}, "/"}};
  return true;
}

bool Parser::expect_closer(const Token& opener, TokenKind closer) {
  if (accept(closer)) return true;
  const std::string_view sign = closer == TokenKind::RightParen     ? "`)`"
                                : closer == TokenKind::RightBracket ? "`]`"
                                                                    : "`}`";
  const bool statement_ends = at(TokenKind::End) || at(TokenKind::Semicolon) ||
                              at(TokenKind::RightBrace) || is_statement_word(token().kind);
  if (!statement_ends) {
    unexpected(fmt::format("an operator, `,` or {}", sign));
    return false;
  }
  Diagnostic& d = report(diagnostics_, DiagnosticKind::UnclosedBracket, opener.range,
                         fmt::format("`{}` is never closed: expected {} before {}", opener.text,
                                     sign, describe(token())));
  d.fixes = {FixIt{previous_end(), std::string(sign.substr(1, 1))}};
  return false;
}

void Parser::synchronize() {
  if (at(TokenKind::For) || at_word("while") || at_word("if")) skip_loop_head();
  while (!at(TokenKind::End)) {
    if (at(TokenKind::RightBrace)) {
      if (!in_function_) advance();
      return;
    }
    if (at(TokenKind::LeftBrace)) return skip_block();
    if (token().first_on_line && position_ > 0) {
      if (is_statement_word(token().kind) || at_assignment()) return;
    }
    if (advance().kind == TokenKind::Semicolon) return;
  }
}

// The block of a statement that the language does not have, with any `else` parts.
void Parser::skip_block() {
  do {
    int open = 0;
    do {
      if (at(TokenKind::LeftBrace)) ++open;
      if (at(TokenKind::RightBrace)) --open;
      advance();
    } while (open > 0 && !at(TokenKind::End));
    while (at_word("else") || at_word("elif")) {
      while (!at(TokenKind::LeftBrace) && !at(TokenKind::Semicolon) && !at(TokenKind::End))
        advance();
    }
  } while (at(TokenKind::LeftBrace));
}

}  // namespace placewright::lang
