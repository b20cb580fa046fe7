// SPDX-License-Identifier: Apache-2.0
// Productions for expressions.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "lang/syntax/parse_nodes.h"
#include "lang/syntax/parser_impl.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

// Where an operator is expected, `and` and `or` count too; parse_foreign.cpp reports them.
std::optional<BinaryOp> binary_op(const Token& token) {
  switch (token.kind) {
    case T::Identifier:
      if (token.text == "and") return BinaryOp::And;
      return token.text == "or" ? std::optional(BinaryOp::Or) : std::nullopt;
    case T::Plus:
      return BinaryOp::Add;
    case T::Minus:
      return BinaryOp::Subtract;
    case T::Star:
      return BinaryOp::Multiply;
    case T::Slash:
      return BinaryOp::Divide;
    case T::Percent:
      return BinaryOp::Remainder;
    case T::Less:
      return BinaryOp::Less;
    case T::Greater:
      return BinaryOp::Greater;
    case T::LessEqual:
      return BinaryOp::LessEqual;
    case T::GreaterEqual:
      return BinaryOp::GreaterEqual;
    case T::EqualEqual:
      return BinaryOp::Equal;
    case T::NotEqual:
      return BinaryOp::NotEqual;
    case T::AndAnd:
      return BinaryOp::And;
    case T::OrOr:
      return BinaryOp::Or;
    default:
      return std::nullopt;
  }
}

}  // namespace

bool begins_expression(TokenKind kind) {
  constexpr std::array kBeginners = {T::Integer,       T::True,       T::False, T::Identifier,
                                     T::ProcessorWord, T::MemoryWord, T::Star,  T::LeftParen,
                                     T::Minus,         T::Not,        T::Tuple};
  return std::ranges::find(kBeginners, kind) != kBeginners.end();
}

// expr := binary ('?' expr ':' binary)*   grouped from the left
ExprPtr Parser::parse_expression() {
  const Nested level(nesting_);
  if (nesting_ > kMaxNesting) {
    report(diagnostics_, DiagnosticKind::NestingTooDeep, token().range,
           fmt::format("this expression is nested more than {} levels deep", kMaxNesting))
        .help = "give parts of it a name";
    return nullptr;
  }
  if (nesting_ == 1) operators_ = 0;
  ExprPtr expr = parse_binary(1);
  while (expr && at(T::Question)) {
    if (!count_operator(token().range)) return nullptr;
    advance();
    ExprPtr if_true = parse_expression();
    if (!if_true) return nullptr;
    if (!accept(T::Colon)) {
      unexpected("`:` and the value for the other case");
      return nullptr;
    }
    ExprPtr if_false = parse_binary(1);
    if (!if_false) return nullptr;
    const SourceRange range = join(expr->range, if_false->range);
    expr = make(range, Conditional{std::move(expr), std::move(if_true), std::move(if_false)});
  }
  if (expr && at_word("if") && !token().first_on_line)
    return parse_python_conditional(std::move(expr));
  return expr;
}

// Precedence climbing over the binary operators that bind at least as tightly as `lowest`.
ExprPtr Parser::parse_binary(int lowest) {
  ExprPtr lhs = parse_unary();
  while (lhs) {
    const auto op = binary_op(token());
    if (!op || precedence(*op) < lowest) break;
    if (at(T::Identifier) && token().first_on_line) break;
    const SourceRange op_range = token().range;
    if (!count_operator(op_range)) return nullptr;
    if (at(T::Identifier)) report_foreign_operator(to_string(*op));
    advance();
    ExprPtr rhs = parse_binary(precedence(*op) + 1);
    if (!rhs) return nullptr;
    const SourceRange range = join(lhs->range, rhs->range);
    lhs = make(range, Binary{*op, op_range, std::move(lhs), std::move(rhs)});
  }
  return lhs;
}

// unary := ('-' | '!') unary | star | postfix
ExprPtr Parser::parse_unary() {
  if (at(T::Star)) return parse_star();
  if (at_word("not") && begins_expression(token(1).kind) && token(1).kind != T::LeftParen &&
      token(1).kind != T::Minus && token(1).kind != T::Star)
    return parse_python_not();
  if (!at(T::Minus) && !at(T::Not)) return parse_postfix(parse_primary());
  const Nested level(nesting_);
  const Token& sign = token();
  if (nesting_ > kMaxNesting) {
    report(diagnostics_, DiagnosticKind::NestingTooDeep, sign.range,
           fmt::format("this expression is nested more than {} levels deep", kMaxNesting));
    return nullptr;
  }
  advance();
  ExprPtr operand = parse_unary();
  if (!operand) return nullptr;
  const UnaryOp op = sign.kind == T::Minus ? UnaryOp::Negate : UnaryOp::Not;
  return make(from(sign), Unary{op, std::move(operand)});
}

// star := '*'
// '*' unary   an index over everything, or a tuple unpacked into a list. It binds like a unary
// operator, so that `*a + b` is `(*a) + b`.
ExprPtr Parser::parse_star() {
  const Nested level(nesting_);
  const Token& star = token();
  if (nesting_ > kMaxNesting) {
    report(diagnostics_, DiagnosticKind::NestingTooDeep, star.range,
           fmt::format("this expression is nested more than {} levels deep", kMaxNesting));
    return nullptr;
  }
  advance();
  if (!begins_expression(token().kind)) return make(star.range, lang::Star{});
  ExprPtr operand = parse_unary();
  if (!operand) return nullptr;
  return make(from(star), Unpack{std::move(operand)});
}

// postfix := primary ('(' list ')' | '[' index or slice ']' | '.' member)*
ExprPtr Parser::parse_postfix(ExprPtr expr) {
  while (expr && (at(T::LeftParen) || at(T::LeftBracket) || at(T::Dot))) {
    if (!count_operator(token().range)) return nullptr;
    if (at(T::Dot)) {
      expr = parse_member(std::move(expr));
    } else if (at(T::LeftBracket)) {
      expr = parse_index_or_slice(std::move(expr));
    } else {
      const Token& opener = advance();
      std::vector<ExprPtr> arguments;
      if (!accept(T::RightParen) && !parse_arguments(arguments, opener)) return nullptr;
      const SourceRange range = join(expr->range, previous_end());
      expr = make(range, Call{std::move(expr), std::move(arguments)});
    }
  }
  return expr;
}

// '[' expr (',' expr)* ']'  |  '[' [expr] ':' [expr] ']'
ExprPtr Parser::parse_index_or_slice(ExprPtr object) {
  const Token& opener = advance();
  ExprPtr first;
  if (!at(T::Colon)) {
    first = parse_expression();
    if (!first) return nullptr;
  }
  if (accept(T::Colon)) {
    ExprPtr end;
    if (!at(T::RightBracket)) {
      end = parse_expression();
      if (!end) return nullptr;
    }
    if (!expect_closer(opener, T::RightBracket)) return nullptr;
    const SourceRange range = join(object->range, previous_end());
    return make(range, SliceExpr{std::move(object), std::move(first), std::move(end)});
  }
  std::vector<ExprPtr> indices;
  indices.push_back(std::move(first));
  if (accept(T::Comma)) {
    if (!parse_list(indices, opener, T::RightBracket)) return nullptr;
  } else if (!expect_closer(opener, T::RightBracket)) {
    return nullptr;
  }
  const SourceRange range = join(object->range, previous_end());
  return make(range, Index{std::move(object), std::move(indices)});
}

ExprPtr Parser::parse_member(ExprPtr object) {
  const Token& dot = advance();
  const Token& word = token();
  if (word.kind == T::Integer) {
    unexpected("the name of a member").help =
        "fractions are not supported: all numbers are integers";
    return nullptr;
  }
  if (word.kind != T::Identifier && !is_reserved_word(word.kind)) {
    unexpected("the name of a member");
    return nullptr;
  }
  advance();
  const auto member = lang::parse_member(word.text);
  if (member) {
    const SourceRange range = join(object->range, word.range);
    return make(range, MemberRef{std::move(object), *member, word.range});
  }
  if (word.text == "x" || word.text == "y" || word.text == "z")
    return coordinate(std::move(object), dot, word);
  Diagnostic& d = report(diagnostics_, DiagnosticKind::UnknownMember, word.range,
                         fmt::format("unknown member `{}`", word.text));
  suggest(d, word.text, member_words());
  return nullptr;
}

// primary := INT | 'True' | 'False' | name | proc | mem | '(' ... ')' | 'tuple' '(' ... ')'
ExprPtr Parser::parse_primary() {
  const Token& first = token();
  switch (first.kind) {
    case T::Integer:
      advance();
      return make(first.range, IntLiteral{first.integer});
    case T::True:
    case T::False:
      advance();
      return make(first.range, BoolLiteral{first.kind == T::True});
    case T::ProcessorWord:
      advance();
      return make(first.range, ProcessorLiteral{*machine::parse_processor_kind(first.text)});
    case T::MemoryWord:
      advance();
      return make(first.range, MemoryLiteral{*machine::parse_memory_kind(first.text)});
    case T::Identifier:
      advance();
      if (const auto memory = machine::parse_memory_kind(first.text))
        return make(first.range, MemoryLiteral{*memory});
      return make(first.range, NameRef{std::string(first.text)});
    case T::LeftParen:
      return parse_parenthesized();
    case T::Tuple:
      return parse_comprehension();
    case T::LeftBracket:
      return parse_square_tuple();
    case T::MemberWord:
      if (token(1).kind == T::LeftParen) return parse_member_call();
      [[fallthrough]];
    default:
      report_expected_expression();
      return nullptr;
  }
}

void Parser::report_expected_expression() {
  const Token found = token();
  Diagnostic& d = unexpected("an expression");
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

// '(' expr ')'  |  '(' expr ',' ')'  |  '(' expr (',' expr)+ ')'
ExprPtr Parser::parse_parenthesized() {
  const Token& opener = advance();
  ExprPtr first = parse_expression();
  if (!first) return nullptr;
  if (!accept(T::Comma)) {
    if (!expect_closer(opener, T::RightParen)) return nullptr;
    return make(from(opener), Parenthesized{std::move(first)});
  }
  std::vector<ExprPtr> elements;
  elements.push_back(std::move(first));
  if (accept(T::RightParen)) return make(from(opener), TupleExpr{std::move(elements)});
  if (!parse_list(elements, opener, T::RightParen)) return nullptr;
  return make(from(opener), TupleExpr{std::move(elements)});
}

// 'tuple' '(' expr 'for' name 'in' expr ')'
ExprPtr Parser::parse_comprehension() {
  const Token& word = advance();
  const Token& opener = token();
  if (!accept(T::LeftParen)) {
    unexpected("`(` after `tuple`");
    return nullptr;
  }
  ExprPtr element = parse_expression();
  if (!element) return nullptr;
  if (at(T::Comma)) return parse_called_tuple(word, opener, std::move(element));
  if (!at(T::For)) {
    unexpected("`for` after the element of `tuple(...)`").help =
        "write `tuple(f(i) for i in (0, 1, 2))`, or `(a, b)` for a tuple of given elements";
    return nullptr;
  }
  return parse_generator(word, opener, std::move(element), T::RightParen);
}

// 'for' name 'in' expr and the closing bracket, after the element.
ExprPtr Parser::parse_generator(const Token& first, const Token& opener, ExprPtr element,
                                TokenKind closer) {
  advance();
  auto variable = parse_name("variable");
  if (!variable) return nullptr;
  if (!accept(T::In)) {
    unexpected("`in` after the variable of `tuple(...)`");
    return nullptr;
  }
  ExprPtr range = parse_expression();
  if (!range || !expect_closer(opener, closer)) return nullptr;
  return make(from(first),
              Comprehension{std::move(element), std::move(*variable), std::move(range)});
}

// The arguments of a call, tolerating missing commas, and the closing bracket.
bool Parser::parse_arguments(std::vector<ExprPtr>& list, const Token& opener) {
  do {
    ExprPtr element = parse_expression();
    if (!element) return false;
    list.push_back(std::move(element));
  } while (list_goes_on(at(T::Identifier) || at(T::Integer)));
  return expect_closer(opener, T::RightParen);
}

// expr (',' expr)* and the closing bracket.
bool Parser::parse_list(std::vector<ExprPtr>& list, const Token& opener, TokenKind closer) {
  do {
    ExprPtr element = parse_expression();
    if (!element) return false;
    list.push_back(std::move(element));
  } while (accept(T::Comma));
  return expect_closer(opener, closer);
}

bool Parser::count_operator(SourceRange range) {
  if (++operators_ <= kMaxOperators) return true;
  report(diagnostics_, DiagnosticKind::NestingTooDeep, range,
         fmt::format("this expression has more than {} operators", kMaxOperators))
      .help = "give parts of it a name";
  return false;
}

}  // namespace placewright::lang
