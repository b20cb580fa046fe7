// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parse_foreign.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "lang/syntax/parse_expression.h"
#include "lang/syntax/parse_recovery.h"
#include "lang/syntax/words.h"
#include "support/text.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

Diagnostic& report_foreign(ParseContext& context, SourceRange range, std::string message) {
  return context.report(DiagnosticKind::ForeignSyntax, range, std::move(message));
}

bool kind_is_arithmetic(TokenKind kind) {
  constexpr std::array kKinds = {T::Plus, T::Minus, T::Star, T::Slash, T::Percent};
  return std::ranges::find(kKinds, kind) != kKinds.end();
}

/// Whether an adjacent operator could split the expression.
bool is_compound(const Expr& expr) {
  return std::holds_alternative<Binary>(expr.node) || std::holds_alternative<Unary>(expr.node) ||
         std::holds_alternative<Unpack>(expr.node) ||
         std::holds_alternative<Conditional>(expr.node);
}

/// The tree of the corrected text.
ExprPtr in_parentheses(ExprPtr expr) {
  const SourceRange range = expr->range;
  return make(range, Parenthesized{std::move(expr)});
}

SourceRange at_end(SourceRange range) { return {range.end, range.end}; }

}  // namespace

ExprPtr parse_python_conditional(ParseContext& context, ExprPtr value) {
  if (!count_operator(context, context.token().range)) return nullptr;
  const Token& word = context.advance();
  ExprPtr condition = parse_binary(context, 1);
  if (!condition) return nullptr;
  if (!context.at_word("else")) {
    context.unexpected("`else` and the value for the other case").help =
        "write `condition ? value : other`";
    return nullptr;
  }
  context.advance();
  ExprPtr other = parse_expression(context);
  if (!other) return nullptr;
  const auto text = [&](const Expr& part) {
    const std::string_view source = context.file.text(part.range);
    const bool nested = std::holds_alternative<Conditional>(part.node);
    return nested ? fmt::format("({})", source) : std::string(source);
  };
  const SourceRange range = join(value->range, other->range);
  const std::string ours =
      fmt::format("{} ? {} : {}", context.file.text(condition->range), text(*value), text(*other));
  Diagnostic& d = report_foreign(context, word.range, "`a if c else b` is written `c ? a : b`");
  d.help = fmt::format("write `{}`", ours);
  d.fixes = {FixIt{range, ours}};
  for (ExprPtr* part : {&value, &other})
    if (std::holds_alternative<Conditional>((*part)->node))
      *part = in_parentheses(std::move(*part));
  return make(range, Conditional{std::move(condition), std::move(value), std::move(other)});
}

ExprPtr parse_python_not(ParseContext& context) {
  const Nested level(context);
  const Token& word = context.token();
  if (context.nesting > kMaxNesting) return parse_expression(context);  // says so
  context.advance();
  ExprPtr operand = parse_binary(context, precedence(BinaryOp::Equal));
  if (!operand) return nullptr;
  Diagnostic& d = report_foreign(context, word.range, "`not` is written `!`");
  d.fixes = {FixIt{{word.range.begin, operand->range.begin}, "!"}};
  if (is_compound(*operand)) {
    d.fixes[0].replacement = "!(";
    d.fixes.push_back({at_end(operand->range), ")"});
    operand = in_parentheses(std::move(operand));
  }
  return make(context.from(word), Unary{UnaryOp::Not, std::move(operand)});
}

void report_foreign_operator(ParseContext& context, std::string_view ours) {
  report_foreign(context, context.token().range,
                 fmt::format("`{}` is written `{}`", context.token().text, ours))
      .fixes = {FixIt{context.token().range, std::string(ours)}};
}

ExprPtr parse_square_tuple(ParseContext& context) {
  const Token& opener = context.advance();
  if (context.at(T::RightBracket)) {
    context.unexpected("an expression").help = "a tuple is written `(a, b)`";
    return nullptr;
  }
  ExprPtr first = parse_expression(context);
  if (!first) return nullptr;
  ExprPtr result;
  std::vector<ExprPtr> elements;
  const bool generator = context.at(T::For);
  if (generator) {
    result = parse_generator(context, opener, opener, std::move(first), T::RightBracket);
    if (!result) return nullptr;
  } else {
    elements.push_back(std::move(first));
    const bool closed = context.accept(T::Comma)
                            ? parse_list(context, elements, opener, T::RightBracket)
                            : expect_closer(context, opener, T::RightBracket);
    if (!closed) return nullptr;
  }
  const SourceRange end = {context.previous_end().end - 1, context.previous_end().end};
  Diagnostic& d = report_foreign(context, opener.range,
                                 generator ? "`[e for i in t]` is written `tuple(e for i in t)`"
                                           : "a tuple is written `(a, b)`");
  d.fixes = {{opener.range, generator ? "tuple(" : "("}, {end, elements.size() == 1 ? ",)" : ")"}};
  if (!generator) result = make(context.from(opener), TupleExpr{std::move(elements)});
  return result;
}

ExprPtr parse_called_tuple(ParseContext& context, const Token& word, const Token& opener,
                           ExprPtr first) {
  context.advance();
  std::vector<ExprPtr> elements;
  elements.push_back(std::move(first));
  if (!parse_list(context, elements, opener, T::RightParen)) return nullptr;
  report_foreign(context, word.range, "`tuple(a, b)` is written `(a, b)`").fixes = {
      FixIt{word.range, ""}};
  return make(context.from(word), TupleExpr{std::move(elements)});
}

ExprPtr parse_member_call(ParseContext& context) {
  const Token& word = context.advance();
  const Token& opener = context.advance();
  const bool transforms = word.text != "len" && word.text != "size" && word.text != "volume";
  ExprPtr object = parse_expression(context);
  if (!object) return nullptr;
  if (transforms || context.at(T::Comma)) {
    context
        .report(DiagnosticKind::UnexpectedToken, word.range,
                fmt::format("expected an expression, found `{}`", word.text))
        .help = fmt::format("write `x.{0}(...)`, not `{0}(x, ...)`", word.text);
    return nullptr;
  }
  if (!expect_closer(context, opener, T::RightParen)) return nullptr;
  const SourceRange inner = object->range;
  const SourceRange closer = {context.previous_end().end - 1, context.previous_end().end};
  const std::string member = fmt::format(".{}", word.text);
  Diagnostic& d =
      report_foreign(context, word.range, fmt::format("`{0}(x)` is written `x.{0}`", word.text));
  if (is_compound(*object)) {
    d.fixes = {{word.range, ""}, {at_end(closer), member}};
    object = in_parentheses(std::move(object));
  } else {
    d.fixes = {{{word.range.begin, inner.begin}, ""}, {closer, member}};
  }
  return make(context.from(word),
              MemberRef{std::move(object), *parse_member(word.text), word.range});
}

ExprPtr coordinate(ParseContext& context, ExprPtr object, const Token& dot, const Token& word) {
  const auto index = static_cast<uint64_t>(word.text[0] - 'x');
  const SourceRange member = {dot.range.begin, word.range.end};
  report_foreign(context, word.range,
                 fmt::format("coordinate `.{}` is written `[{}]`", word.text, index))
      .fixes = {FixIt{member, fmt::format("[{}]", index)}};
  const SourceRange range = join(object->range, word.range);
  std::vector<ExprPtr> indices;
  indices.push_back(make(word.range, IntLiteral{index}));
  return make(range, Index{std::move(object), std::move(indices)});
}

void skip_variable_type(ParseContext& context) {
  constexpr std::array<std::string_view, 4> kWords = {"auto", "let", "var", "const"};
  const bool word =
      context.at(T::Identifier) && std::ranges::find(kWords, context.token().text) != kWords.end();
  if (!word && !context.at(T::TypeWord) && !context.at(T::Tuple)) return;
  if (context.token(1).kind != T::Identifier || context.token(2).kind != T::Assign ||
      context.token(1).first_on_line)
    return;
  report_foreign(context, context.token().range,
                 fmt::format("variable `{}` is written without a type", context.token(1).text))
      .fixes = {FixIt{{context.token().range.begin, context.token(1).range.begin}, ""}};
  context.advance();
}

bool skip_empty_statement(ParseContext& context) {
  if (!context.at(T::Semicolon)) return false;
  report_foreign(context, context.token().range, "this `;` is not needed").fixes = {
      FixIt{context.token().range, ""}};
  context.advance();
  return true;
}

void skip_loop_head(ParseContext& context) {
  if (context.token(1).kind != T::LeftParen) return;
  context.advance();
  int open = 0;
  do {
    if (context.at(T::LeftParen)) ++open;
    if (context.at(T::RightParen)) --open;
    context.advance();
  } while (open > 0 && !context.at(T::End) && !context.at(T::LeftBrace) &&
           !context.at(T::RightBrace));
}

void skip_suite(ParseContext& context, int column) {
  const auto column_here = [&] {
    return context.file.position(context.token().range.begin).column;
  };
  do {
    do {
      context.advance();
    } while (!context.at(T::End) && (!context.token().first_on_line || column_here() > column));
  } while ((context.at_word("else") || context.at_word("elif")) && column_here() == column);
}

void report_unknown_statement(ParseContext& context, const Token& found) {
  const bool computes = kind_is_arithmetic(context.token(1).kind);
  if (found.kind != T::Identifier && found.kind != T::Return && found.kind != T::For) {
    context.unexpected("a statement");
    return;
  }
  Diagnostic& d = context.report(DiagnosticKind::UnknownStatement, found.range,
                                 fmt::format("unknown statement `{}`", found.text));
  constexpr std::array<std::string_view, 5> kChoices = {"if", "else", "elif", "switch", "match"};
  constexpr std::array<std::string_view, 4> kLoops = {"while", "for", "do", "foreach"};
  if (found.kind == T::Return) {
    d.message = "`return` outside a function";
  } else if (std::ranges::find(kChoices, found.text) != kChoices.end()) {
    d.help = "there are no conditional statements; write `condition ? value : other`";
  } else if (std::ranges::find(kLoops, found.text) != kLoops.end()) {
    d.help = "there are no loops; write `tuple(f(i) for i in (0, 1, 2))`";
  } else if (computes && (context.token(2).kind == T::Assign ||
                          context.token(2).kind == context.token(1).kind)) {
    d.message = fmt::format("`{}` cannot be reassigned: a name gets its value once", found.text);
    d.help = fmt::format("give the new value another name: `{0}2 = {0} {1} ...;`", found.text,
                         context.token(1).text);
  } else if (context.token(1).kind == T::LeftParen) {
    d.message = fmt::format("a call of `{}` is not a statement", found.text);
    d.help = "give its result a name: `x = f(...);`";
  } else if (context.token(1).kind == T::Comma || context.token(1).kind == T::LeftBracket) {
    d.message = "expected a single variable before `=`";
    d.help = "assign one variable at a time: `x = t[0];`";
  } else if (!suggest(d, found.text, statement_words())) {
    d.help = fmt::format("a statement begins with {}, or with `name =`",
                         join_alternatives(statement_words()));
  }
}

}  // namespace placewright::lang
