// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/dump.h"

#include <fmt/core.h>

#include "lang/syntax/notation.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

constexpr Notation kNotation = {
    .name = [](std::string_view name) { return fmt::format("\"{}\"", name); },
    .between_tasks = " ",
    .between_regions = ",",
    .between_kinds = " ",
    .groups = true};

std::string dump_list(const std::vector<ExprPtr>& list) {
  std::string text;
  for (const ExprPtr& expr : list) text += " " + dump(*expr);
  return text;
}

std::string dump_optional(const ExprPtr& expr) { return expr ? dump(*expr) : "_"; }

struct StatementDumper {
  template <class Rule>
  std::string operator()(const Rule& s) const {
    return fmt::format("({})", written(s, kNotation));
  }
  std::string operator()(const Assignment& s) const {
    return fmt::format("(= {} {})", s.name.text, dump(*s.value));
  }
  std::string operator()(const Print& s) const {
    return fmt::format("({} \"{}\"{})", word_of(s), s.format.value, dump_list(s.arguments));
  }
  std::string operator()(const Return& s) const {
    return fmt::format("({} {})", word_of(s), dump(*s.value));
  }
  std::string operator()(const FunctionDefinition& s) const {
    std::string text = fmt::format("({} {} ({})", word_of(s), s.name.text, parameters_of(s));
    for (const FunctionStatement& statement : s.body)
      text += " " + std::visit(*this, statement.node);
    return text + ")";
  }
};

struct ExprDumper : TokenWriter {
  using TokenWriter::operator();
  std::string operator()(const TupleExpr& e) const {
    return fmt::format("(tuple{})", dump_list(e.elements));
  }
  std::string operator()(const Parenthesized& e) const {
    return fmt::format("(paren {})", dump(*e.inner));
  }
  std::string operator()(const Unary& e) const {
    return fmt::format("({} {})", to_string(e.op), dump(*e.operand));
  }
  std::string operator()(const Binary& e) const {
    return fmt::format("({} {} {})", to_string(e.op), dump(*e.lhs), dump(*e.rhs));
  }
  std::string operator()(const Unpack& e) const {
    return fmt::format("(unpack {})", dump(*e.operand));
  }
  std::string operator()(const Conditional& e) const {
    return fmt::format("(? {} {} {})", dump(*e.condition), dump(*e.if_true), dump(*e.if_false));
  }
  std::string operator()(const Call& e) const {
    return fmt::format("(call {}{})", dump(*e.callee), dump_list(e.arguments));
  }
  std::string operator()(const Index& e) const {
    return fmt::format("(index {}{})", dump(*e.object), dump_list(e.indices));
  }
  std::string operator()(const SliceExpr& e) const {
    return fmt::format("(slice {} {} {})", dump(*e.object), dump_optional(e.begin),
                       dump_optional(e.end));
  }
  std::string operator()(const MemberRef& e) const {
    return fmt::format("(. {} {})", dump(*e.object), to_string(e.member));
  }
  std::string operator()(const Comprehension& e) const {
    return fmt::format("(for {} {} {})", e.variable.text, dump(*e.range), dump(*e.element));
  }
};

}  // namespace

std::string dump(const Expr& expr) { return std::visit(ExprDumper{}, expr.node); }

std::string dump(const Statement& statement) {
  std::string rule = std::visit(StatementDumper{}, statement.node);
  if (!statement.condition) return rule;
  return fmt::format("(if {} {})", dump(*statement.condition), rule);
}

std::string dump(const Program& program) {
  std::string text;
  for (const Statement& statement : program.statements) text += dump(statement) + "\n";
  return text;
}

}  // namespace placewright::lang
