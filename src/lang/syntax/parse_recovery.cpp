// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parse_recovery.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/syntax/parse_foreign.h"
#include "lang/syntax/parse_function.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

// `x = 7 // 2;`: the comment swallowed the `;`, so it was not meant as a comment.
bool report_comment_as_division(ParseContext& context) {
  const auto comment = std::ranges::lower_bound(context.comments, context.previous_end().end, {},
                                                [](const Comment& c) { return c.range.begin; });
  if (comment == context.comments.end() || comment->own_line ||
      comment->range.end > context.token().range.begin)
    return false;
  const std::string_view text = context.file.text(comment->range);
  if (!text.starts_with("//") || text.find(';') == std::string_view::npos) return false;
  Diagnostic& d = context.report(DiagnosticKind::CommentAsDivision, comment->range,
                                 "`//` begins a comment, so the statement has no end");
  d.help = "`/` divides and drops the remainder";
  d.fixes = {FixIt{{comment->range.begin, comment->range.begin + 2}, "/"}};
  return true;
}

// The block of a statement that the language does not have, with any `else` parts.
void skip_block(ParseContext& context) {
  do {
    int open = 0;
    do {
      if (context.at(T::LeftBrace)) ++open;
      if (context.at(T::RightBrace)) --open;
      context.advance();
    } while (open > 0 && !context.at(T::End));
    while (context.at_word("else") || context.at_word("elif")) {
      while (!context.at(T::LeftBrace) && !context.at(T::Semicolon) && !context.at(T::End))
        context.advance();
    }
  } while (context.at(T::LeftBrace));
}

}  // namespace

bool expect_semicolon(ParseContext& context, std::string_view expected) {
  if (context.accept(T::Semicolon)) return true;
  const bool statement_ends = context.at(T::End) || context.at(T::RightBrace) ||
                              context.token().first_on_line ||
                              is_statement_word(context.token().kind);
  if (!statement_ends) {
    context.unexpected(expected);
    return false;
  }
  if (context.after_broken_token() || report_comment_as_division(context)) return true;
  if (context.body_fixes != nullptr) {
    context.body_fixes->push_back({context.previous_end(), ";"});
    return true;
  }
  context
      .report(DiagnosticKind::MissingSemicolon, context.previous_end(),
              "expected `;` at the end of the statement")
      .fixes = {FixIt{context.previous_end(), ";"}};
  return true;
}

bool expect_closer(ParseContext& context, const Token& opener, TokenKind closer) {
  if (context.accept(closer)) return true;
  const std::string_view sign = closer == T::RightParen ? "`)`" : "`]`";
  const bool statement_ends = context.at(T::End) || context.at(T::Semicolon) ||
                              context.at(T::RightBrace) || is_statement_word(context.token().kind);
  if (!statement_ends) {
    context.unexpected(fmt::format("an operator, `,` or {}", sign));
    return false;
  }
  Diagnostic& d = context.report(DiagnosticKind::UnclosedBracket, opener.range,
                                 fmt::format("`{}` is never closed: expected {} before {}",
                                             opener.text, sign, describe(context.token())));
  d.fixes = {FixIt{context.previous_end(), std::string(sign.substr(1, 1))}};
  return false;
}

void synchronize(ParseContext& context) {
  if (context.at(T::For) || context.at_word("while") || context.at_word("if"))
    skip_loop_head(context);
  while (!context.at(T::End)) {
    if (context.at(T::RightBrace)) {
      if (!context.in_function) context.advance();
      return;
    }
    if (context.at(T::LeftBrace)) return skip_block(context);
    if (context.token().first_on_line && context.position() > 0) {
      if (is_statement_word(context.token().kind) || at_assignment(context)) return;
    }
    if (context.advance().kind == T::Semicolon) return;
  }
}

}  // namespace placewright::lang
