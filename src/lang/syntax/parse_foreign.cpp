// SPDX-License-Identifier: Apache-2.0
// Constructs of other languages, mostly Python and C++: reported with a fix, then accepted.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "lang/syntax/parse_nodes.h"
#include "lang/syntax/parser_impl.h"
#include "lang/syntax/words.h"
#include "support/text.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

Diagnostic& report_foreign(Diagnostics& diagnostics, SourceRange range, std::string message) {
  return report(diagnostics, DiagnosticKind::ForeignSyntax, range, std::move(message));
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

// value 'if' condition 'else' other
ExprPtr Parser::parse_python_conditional(ExprPtr value) {
  if (!count_operator(token().range)) return nullptr;
  const Token& word = advance();
  ExprPtr condition = parse_binary(1);
  if (!condition) return nullptr;
  if (!at_word("else")) {
    unexpected("`else` and the value for the other case").help =
        "write `condition ? value : other`";
    return nullptr;
  }
  advance();
  ExprPtr other = parse_expression();
  if (!other) return nullptr;
  const auto text = [&](const Expr& part) {
    const std::string_view source = file_.text(part.range);
    const bool nested = std::holds_alternative<Conditional>(part.node);
    return nested ? fmt::format("({})", source) : std::string(source);
  };
  const SourceRange range = join(value->range, other->range);
  const std::string ours =
      fmt::format("{} ? {} : {}", file_.text(condition->range), text(*value), text(*other));
  Diagnostic& d =
      report_foreign(diagnostics_, word.range, "`a if c else b` is written `c ? a : b`");
  d.help = fmt::format("write `{}`", ours);
  d.fixes = {FixIt{range, ours}};
  for (ExprPtr* part : {&value, &other})
    if (std::holds_alternative<Conditional>((*part)->node))
      *part = in_parentheses(std::move(*part));
  return make(range, Conditional{std::move(condition), std::move(value), std::move(other)});
}

// 'not' comparison, which binds looser than a comparison
ExprPtr Parser::parse_python_not() {
  const Nested level(nesting_);
  const Token& word = token();
  if (nesting_ > kMaxNesting) return parse_expression();  // says so
  advance();
  ExprPtr operand = parse_binary(precedence(BinaryOp::Equal));
  if (!operand) return nullptr;
  Diagnostic& d = report_foreign(diagnostics_, word.range, "`not` is written `!`");
  d.fixes = {FixIt{{word.range.begin, operand->range.begin}, "!"}};
  if (is_compound(*operand)) {
    d.fixes[0].replacement = "!(";
    d.fixes.push_back({at_end(operand->range), ")"});
    operand = in_parentheses(std::move(operand));
  }
  return make(from(word), Unary{UnaryOp::Not, std::move(operand)});
}

void Parser::report_foreign_operator(std::string_view ours) {
  report_foreign(diagnostics_, token().range,
                 fmt::format("`{}` is written `{}`", token().text, ours))
      .fixes = {FixIt{token().range, std::string(ours)}};
}

// '[' expr (',' expr)* ']'  |  '[' expr 'for' name 'in' expr ']'
ExprPtr Parser::parse_square_tuple() {
  const Token& opener = advance();
  if (at(T::RightBracket)) {
    unexpected("an expression").help = "a tuple is written `(a, b)`";
    return nullptr;
  }
  ExprPtr first = parse_expression();
  if (!first) return nullptr;
  ExprPtr result;
  std::vector<ExprPtr> elements;
  const bool generator = at(T::For);
  if (generator) {
    result = parse_generator(opener, opener, std::move(first), T::RightBracket);
    if (!result) return nullptr;
  } else {
    elements.push_back(std::move(first));
    const bool closed = accept(T::Comma) ? parse_list(elements, opener, T::RightBracket)
                                         : expect_closer(opener, T::RightBracket);
    if (!closed) return nullptr;
  }
  const SourceRange end = {previous_end().end - 1, previous_end().end};
  Diagnostic& d = report_foreign(diagnostics_, opener.range,
                                 generator ? "`[e for i in t]` is written `tuple(e for i in t)`"
                                           : "a tuple is written `(a, b)`");
  d.fixes = {{opener.range, generator ? "tuple(" : "("}, {end, elements.size() == 1 ? ",)" : ")"}};
  if (!generator) result = make(from(opener), TupleExpr{std::move(elements)});
  return result;
}

// 'tuple' '(' expr (',' expr)+ ')', after the first element
ExprPtr Parser::parse_called_tuple(const Token& word, const Token& opener, ExprPtr first) {
  advance();
  std::vector<ExprPtr> elements;
  elements.push_back(std::move(first));
  if (!parse_list(elements, opener, T::RightParen)) return nullptr;
  report_foreign(diagnostics_, word.range, "`tuple(a, b)` is written `(a, b)`").fixes = {
      FixIt{word.range, ""}};
  return make(from(word), TupleExpr{std::move(elements)});
}

// member '(' expr ')'
ExprPtr Parser::parse_member_call() {
  const Token& word = advance();
  const Token& opener = advance();
  const bool transforms = word.text != "len" && word.text != "size" && word.text != "volume";
  ExprPtr object = parse_expression();
  if (!object) return nullptr;
  if (transforms || at(T::Comma)) {
    report(diagnostics_, DiagnosticKind::UnexpectedToken, word.range,
           fmt::format("expected an expression, found `{}`", word.text))
        .help = fmt::format("write `x.{0}(...)`, not `{0}(x, ...)`", word.text);
    return nullptr;
  }
  if (!expect_closer(opener, T::RightParen)) return nullptr;
  const SourceRange inner = object->range;
  const SourceRange closer = {previous_end().end - 1, previous_end().end};
  const std::string member = fmt::format(".{}", word.text);
  Diagnostic& d = report_foreign(diagnostics_, word.range,
                                 fmt::format("`{0}(x)` is written `x.{0}`", word.text));
  if (is_compound(*object)) {
    d.fixes = {{word.range, ""}, {at_end(closer), member}};
    object = in_parentheses(std::move(object));
  } else {
    d.fixes = {{{word.range.begin, inner.begin}, ""}, {closer, member}};
  }
  return make(from(word), MemberRef{std::move(object), *lang::parse_member(word.text), word.range});
}

// `.x`, `.y` and `.z` of a point
ExprPtr Parser::coordinate(ExprPtr object, const Token& dot, const Token& word) {
  const int64_t index = word.text[0] - 'x';
  const SourceRange member = {dot.range.begin, word.range.end};
  report_foreign(diagnostics_, word.range,
                 fmt::format("coordinate `.{}` is written `[{}]`", word.text, index))
      .fixes = {FixIt{member, fmt::format("[{}]", index)}};
  const SourceRange range = join(object->range, word.range);
  std::vector<ExprPtr> indices;
  indices.push_back(make(word.range, IntLiteral{index}));
  return make(range, Index{std::move(object), std::move(indices)});
}

// The type of `int x = 1;`
void Parser::skip_variable_type() {
  constexpr std::array<std::string_view, 4> kWords = {"auto", "let", "var", "const"};
  const bool word = at(T::Identifier) && std::ranges::find(kWords, token().text) != kWords.end();
  if (!word && !at(T::TypeWord) && !at(T::Tuple)) return;
  if (token(1).kind != T::Identifier || token(2).kind != T::Assign || token(1).first_on_line)
    return;
  report_foreign(diagnostics_, token().range,
                 fmt::format("variable `{}` is written without a type", token(1).text))
      .fixes = {FixIt{{token().range.begin, token(1).range.begin}, ""}};
  advance();
}

bool Parser::skip_empty_statement() {
  if (!at(T::Semicolon)) return false;
  report_foreign(diagnostics_, token().range, "this `;` is not needed").fixes = {
      FixIt{token().range, ""}};
  advance();
  return true;
}

// The parenthesized part after `for`, `while` or `if`.
void Parser::skip_loop_head() {
  if (token(1).kind != T::LeftParen) return;
  advance();
  int open = 0;
  do {
    if (at(T::LeftParen)) ++open;
    if (at(T::RightParen)) --open;
    advance();
  } while (open > 0 && !at(T::End) && !at(T::LeftBrace) && !at(T::RightBrace));
}

// The rest of a line, the following lines indented deeper than `column`, and any `else` or `elif`
// parts that belong to them.
void Parser::skip_suite(int column) {
  const auto column_here = [&] { return file_.position(token().range.begin).column; };
  do {
    do {
      advance();
    } while (!at(T::End) && (!token().first_on_line || column_here() > column));
  } while ((at_word("else") || at_word("elif")) && column_here() == column);
}

void Parser::report_unknown_statement(const Token& found) {
  const bool computes = kind_is_arithmetic(token(1).kind);
  if (found.kind != T::Identifier && found.kind != T::Return && found.kind != T::For) {
    unexpected("a statement");
    return;
  }
  Diagnostic& d = report(diagnostics_, DiagnosticKind::UnknownStatement, found.range,
                         fmt::format("unknown statement `{}`", found.text));
  constexpr std::array<std::string_view, 5> kChoices = {"if", "else", "elif", "switch", "match"};
  constexpr std::array<std::string_view, 4> kLoops = {"while", "for", "do", "foreach"};
  if (found.kind == T::Return) {
    d.message = "`return` outside a function";
  } else if (std::ranges::find(kChoices, found.text) != kChoices.end()) {
    d.help = "there are no conditional statements; write `condition ? value : other`";
  } else if (std::ranges::find(kLoops, found.text) != kLoops.end()) {
    d.help = "there are no loops; write `tuple(f(i) for i in (0, 1, 2))`";
  } else if (computes && (token(2).kind == T::Assign || token(2).kind == token(1).kind)) {
    d.message = fmt::format("`{}` cannot be reassigned: a name gets its value once", found.text);
    d.help = fmt::format("give the new value another name: `{0}2 = {0} {1} ...;`", found.text,
                         token(1).text);
  } else if (token(1).kind == T::LeftParen) {
    d.message = fmt::format("a call of `{}` is not a statement", found.text);
    d.help = "give its result a name: `x = f(...);`";
  } else if (token(1).kind == T::Comma || token(1).kind == T::LeftBracket) {
    d.message = "expected a single variable before `=`";
    d.help = "assign one variable at a time: `x = t[0];`";
  } else if (!suggest(d, found.text, statement_words())) {
    d.help = fmt::format("a statement begins with {}, or with `name =`",
                         join_alternatives(statement_words()));
  }
}

}  // namespace placewright::lang
