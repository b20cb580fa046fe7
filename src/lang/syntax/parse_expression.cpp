// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parse_expression.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "lang/syntax/parse_foreign.h"
#include "lang/syntax/parse_printed.h"
#include "lang/syntax/parse_recovery.h"
#include "lang/syntax/parse_selector.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

constexpr int kMaxOperators = 2000;

constexpr std::array<std::pair<TokenKind, BinaryOp>, 13> kBinaryOps = {
    {{T::Plus, BinaryOp::Add},
     {T::Minus, BinaryOp::Subtract},
     {T::Star, BinaryOp::Multiply},
     {T::Slash, BinaryOp::Divide},
     {T::Percent, BinaryOp::Remainder},
     {T::Less, BinaryOp::Less},
     {T::Greater, BinaryOp::Greater},
     {T::LessEqual, BinaryOp::LessEqual},
     {T::GreaterEqual, BinaryOp::GreaterEqual},
     {T::EqualEqual, BinaryOp::Equal},
     {T::NotEqual, BinaryOp::NotEqual},
     {T::AndAnd, BinaryOp::And},
     {T::OrOr, BinaryOp::Or}}};
static_assert(kBinaryOps.size() == static_cast<size_t>(BinaryOp::Or) + 1);

// Where an operator is expected, `and` and `or` count too; parse_foreign.cpp reports them.
std::optional<BinaryOp> binary_op(const Token& token) {
  if (token.kind == T::Identifier) {
    if (token.text == "and") return BinaryOp::And;
    return token.text == "or" ? std::optional(BinaryOp::Or) : std::nullopt;
  }
  for (const auto& [sign, op] : kBinaryOps)
    if (token.kind == sign) return op;
  return std::nullopt;
}

bool begins_expression(TokenKind kind) {
  constexpr std::array kBeginners = {T::Integer,       T::True,       T::False, T::Identifier,
                                     T::ProcessorWord, T::MemoryWord, T::Star,  T::LeftParen,
                                     T::Minus,         T::Not,        T::Tuple};
  return std::ranges::find(kBeginners, kind) != kBeginners.end();
}

Diagnostic& report_too_deep(ParseContext& context, SourceRange range) {
  return context.report(
      DiagnosticKind::NestingTooDeep, range,
      fmt::format("this expression is nested more than {} levels deep", kMaxNesting));
}

void report_expected_expression(ParseContext& context) {
  const Token found = context.token();
  Diagnostic& d = context.unexpected("an expression");
  if (found.kind == T::Slash) d.help = "`/` divides and drops the remainder; there is no `//`";
  if (found.kind == T::String)
    d.help = "strings are only for `print` and for names of tasks and regions";
  if (found.kind == T::String && word_kind(found.text) == T::ProcessorWord) {
    d.help = fmt::format("write `{}` without quotes", found.text);
    d.fixes = {FixIt{found.range, std::string(found.text)}};
  }
  if (is_reserved_word(found.kind) && !is_statement_word(found.kind))
    d.help = fmt::format("`{}` is a reserved word and cannot name a variable", found.text);
}

// The arguments of a call, tolerating missing commas, and the closing bracket.
bool parse_arguments(ParseContext& context, std::vector<ExprPtr>& list, const Token& opener) {
  do {
    ExprPtr element = parse_expression(context);
    if (!element) return false;
    list.push_back(std::move(element));
  } while (list_goes_on(context, context.at(T::Identifier) || context.at(T::Integer)));
  return expect_closer(context, opener, T::RightParen);
}

// '[' expr (',' expr)* ']'  |  '[' [expr] ':' [expr] ']'
ExprPtr parse_index_or_slice(ParseContext& context, ExprPtr object) {
  const Token& opener = context.advance();
  ExprPtr first;
  if (!context.at(T::Colon)) {
    first = parse_expression(context);
    if (!first) return nullptr;
  }
  if (context.accept(T::Colon)) {
    ExprPtr end;
    if (!context.at(T::RightBracket)) {
      end = parse_expression(context);
      if (!end) return nullptr;
    }
    if (!expect_closer(context, opener, T::RightBracket)) return nullptr;
    const SourceRange range = join(object->range, context.previous_end());
    return make(range, SliceExpr{std::move(object), std::move(first), std::move(end)});
  }
  std::vector<ExprPtr> indices;
  indices.push_back(std::move(first));
  if (context.accept(T::Comma)) {
    if (!parse_list(context, indices, opener, T::RightBracket)) return nullptr;
  } else if (!expect_closer(context, opener, T::RightBracket)) {
    return nullptr;
  }
  const SourceRange range = join(object->range, context.previous_end());
  return make(range, Index{std::move(object), std::move(indices)});
}

ExprPtr parse_member_access(ParseContext& context, ExprPtr object) {
  const Token& dot = context.advance();
  const Token& word = context.token();
  if (word.kind == T::Integer) {
    context.unexpected("the name of a member").help =
        "fractions are not supported: all numbers are integers";
    return nullptr;
  }
  if (word.kind != T::Identifier && !is_reserved_word(word.kind)) {
    context.unexpected("the name of a member");
    return nullptr;
  }
  context.advance();
  const auto member = parse_member(word.text);
  if (member) {
    const SourceRange range = join(object->range, word.range);
    return make(range, MemberRef{std::move(object), *member, word.range});
  }
  if (word.text == "x" || word.text == "y" || word.text == "z")
    return coordinate(context, std::move(object), dot, word);
  Diagnostic& d = context.report(DiagnosticKind::UnknownMember, word.range,
                                 fmt::format("unknown member `{}`", word.text));
  suggest(d, word.text, member_words());
  return nullptr;
}

// '(' expr ')'  |  '(' expr ',' ')'  |  '(' expr (',' expr)+ ')'
ExprPtr parse_parenthesized(ParseContext& context) {
  const Token& opener = context.advance();
  ExprPtr first = parse_expression(context);
  if (!first) return nullptr;
  if (!context.accept(T::Comma)) {
    if (!expect_closer(context, opener, T::RightParen)) return nullptr;
    return make(context.from(opener), Parenthesized{std::move(first)});
  }
  std::vector<ExprPtr> elements;
  elements.push_back(std::move(first));
  if (context.accept(T::RightParen))
    return make(context.from(opener), TupleExpr{std::move(elements)});
  if (!parse_list(context, elements, opener, T::RightParen)) return nullptr;
  return make(context.from(opener), TupleExpr{std::move(elements)});
}

// 'tuple' '(' expr 'for' name 'in' expr ')'
ExprPtr parse_comprehension(ParseContext& context) {
  const Token& word = context.advance();
  const Token& opener = context.token();
  if (!context.accept(T::LeftParen)) {
    context.unexpected("`(` after `tuple`");
    return nullptr;
  }
  ExprPtr element = parse_expression(context);
  if (!element) return nullptr;
  if (context.at(T::Comma)) return parse_called_tuple(context, word, opener, std::move(element));
  if (!context.at(T::For)) {
    context.unexpected("`for` after the element of `tuple(...)`").help =
        "write `tuple(f(i) for i in (0, 1, 2))`, or `(a, b)` for a tuple of given elements";
    return nullptr;
  }
  return parse_generator(context, word, opener, std::move(element), T::RightParen);
}

// INT | 'True' | 'False' | name | proc | mem
ExprPtr literal_or_name(ParseContext& context, const Token& token) {
  if (ExprPtr meant = stand_in(context, token)) return meant;
  if (token.kind == T::Integer) return make(token.range, IntLiteral{token.integer});
  if (token.kind == T::True || token.kind == T::False)
    return make(token.range, BoolLiteral{token.kind == T::True});
  if (token.kind == T::ProcessorWord)
    return make(token.range, ProcessorLiteral{*machine::parse_processor_kind(token.text)});
  if (token.kind != T::MemoryWord && token.kind != T::Identifier) return nullptr;
  if (const auto memory = machine::parse_memory_kind(token.text))
    return make(token.range, MemoryLiteral{*memory});
  return make(token.range, NameRef{std::string(token.text)});
}

// primary := INT | 'True' | 'False' | name | proc | mem | '(' ... ')' | 'tuple' '(' ... ')'
ExprPtr parse_primary(ParseContext& context) {
  if (ExprPtr expr = literal_or_name(context, context.token())) {
    context.advance();
    return expr;
  }
  if (context.at(T::LeftParen)) return parse_parenthesized(context);
  if (context.at(T::Tuple)) return parse_comprehension(context);
  if (context.at(T::LeftBracket)) return parse_square_tuple(context);
  if (context.at(T::MemberWord) && context.token(1).kind == T::LeftParen)
    return parse_member_call(context);
  report_expected_expression(context);
  return nullptr;
}

// postfix := primary ('(' list ')' | '[' index or slice ']' | '.' member)*
ExprPtr parse_postfix(ParseContext& context, ExprPtr expr) {
  while (expr && (context.at(T::LeftParen) || context.at(T::LeftBracket) || context.at(T::Dot))) {
    if (!count_operator(context, context.token().range)) return nullptr;
    if (context.at(T::Dot)) {
      expr = parse_member_access(context, std::move(expr));
    } else if (context.at(T::LeftBracket)) {
      expr = parse_index_or_slice(context, std::move(expr));
    } else {
      const Token& opener = context.advance();
      std::vector<ExprPtr> arguments;
      if (!context.accept(T::RightParen) && !parse_arguments(context, arguments, opener))
        return nullptr;
      const SourceRange range = join(expr->range, context.previous_end());
      expr = make(range, Call{std::move(expr), std::move(arguments)});
    }
  }
  return expr;
}

ExprPtr parse_unary(ParseContext& context);

// star := '*' [unary]   an index over everything, or a tuple unpacked into a list. It binds like a
// unary operator, so that `*a + b` is `(*a) + b`.
ExprPtr parse_star(ParseContext& context) {
  const Nested level(context);
  const Token& star = context.token();
  if (context.nesting > kMaxNesting) {
    report_too_deep(context, star.range);
    return nullptr;
  }
  context.advance();
  if (!begins_expression(context.token().kind)) return make(star.range, lang::Star{});
  ExprPtr operand = parse_unary(context);
  if (!operand) return nullptr;
  return make(context.from(star), Unpack{std::move(operand)});
}

// unary := ('-' | '!') unary | star | postfix
ExprPtr parse_unary(ParseContext& context) {
  if (context.at(T::Star)) return parse_star(context);
  if (context.at_word("not") && begins_expression(context.token(1).kind) &&
      context.token(1).kind != T::LeftParen && context.token(1).kind != T::Minus &&
      context.token(1).kind != T::Star)
    return parse_python_not(context);
  if (!context.at(T::Minus) && !context.at(T::Not))
    return parse_postfix(context, parse_primary(context));
  const Nested level(context);
  const Token& sign = context.token();
  if (context.nesting > kMaxNesting) {
    report_too_deep(context, sign.range);
    return nullptr;
  }
  context.advance();
  ExprPtr operand = parse_unary(context);
  if (!operand) return nullptr;
  const UnaryOp op = sign.kind == T::Minus ? UnaryOp::Negate : UnaryOp::Not;
  return make(context.from(sign), Unary{op, std::move(operand)});
}

}  // namespace

// expr := binary ('?' expr ':' binary)*   grouped from the left
ExprPtr parse_expression(ParseContext& context) {
  const Nested level(context);
  if (context.nesting > kMaxNesting) {
    report_too_deep(context, context.token().range).help = "give parts of it a name";
    return nullptr;
  }
  if (context.nesting == 1) context.operators = 0;
  ExprPtr expr = parse_binary(context, 1);
  while (expr && context.at(T::Question)) {
    if (!count_operator(context, context.token().range)) return nullptr;
    context.advance();
    ExprPtr if_true = parse_expression(context);
    if (!if_true) return nullptr;
    if (!context.accept(T::Colon)) {
      context.unexpected("`:` and the value for the other case");
      return nullptr;
    }
    ExprPtr if_false = parse_binary(context, 1);
    if (!if_false) return nullptr;
    const SourceRange range = join(expr->range, if_false->range);
    expr = make(range, Conditional{std::move(expr), std::move(if_true), std::move(if_false)});
  }
  if (expr && context.at_word("if") && !context.token().first_on_line)
    return parse_python_conditional(context, std::move(expr));
  return expr;
}

// Precedence climbing over the binary operators that bind at least as tightly as `lowest`.
ExprPtr parse_binary(ParseContext& context, int lowest) {
  ExprPtr lhs = parse_unary(context);
  while (lhs) {
    const auto op = binary_op(context.token());
    if (!op || precedence(*op) < lowest) break;
    if (context.at(T::Identifier) && context.token().first_on_line) break;
    const SourceRange op_range = context.token().range;
    if (!count_operator(context, op_range)) return nullptr;
    if (context.at(T::Identifier)) report_foreign_operator(context, to_string(*op));
    context.advance();
    ExprPtr rhs = parse_binary(context, precedence(*op) + 1);
    if (!rhs) return nullptr;
    const SourceRange range = join(lhs->range, rhs->range);
    lhs = make(range, Binary{*op, op_range, std::move(lhs), std::move(rhs)});
  }
  return lhs;
}

ExprPtr parse_generator(ParseContext& context, const Token& first, const Token& opener,
                        ExprPtr element, TokenKind closer) {
  context.advance();
  auto variable = parse_name(context, "variable");
  if (!variable || hides_stand_in(context, *variable)) return nullptr;
  if (!context.accept(T::In)) {
    context.unexpected("`in` after the variable of `tuple(...)`");
    return nullptr;
  }
  ExprPtr range = parse_expression(context);
  if (!range || !expect_closer(context, opener, closer)) return nullptr;
  return make(context.from(first),
              Comprehension{std::move(element), std::move(*variable), std::move(range)});
}

bool parse_list(ParseContext& context, std::vector<ExprPtr>& list, const Token& opener,
                TokenKind closer) {
  do {
    ExprPtr element = parse_expression(context);
    if (!element) return false;
    list.push_back(std::move(element));
  } while (context.accept(T::Comma));
  return expect_closer(context, opener, closer);
}

bool count_operator(ParseContext& context, SourceRange range) {
  if (++context.operators <= kMaxOperators) return true;
  context
      .report(DiagnosticKind::NestingTooDeep, range,
              fmt::format("this expression has more than {} operators", kMaxOperators))
      .help = "give parts of it a name";
  return false;
}

}  // namespace placewright::lang
