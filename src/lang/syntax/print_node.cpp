// SPDX-License-Identifier: Apache-2.0
// Prints single statements and expressions in the canonical form.
#include <fmt/core.h>

#include "lang/syntax/notation.h"
#include "lang/syntax/printer.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

constexpr Notation kNotation = {.name = written_name,
                                .between_tasks = ", ",
                                .between_regions = ", ",
                                .between_kinds = ", ",
                                .groups = false};

std::string list(const std::vector<ExprPtr>& exprs) {
  return joined(exprs, ", ", [](const ExprPtr& expr) { return to_source(*expr); });
}

struct ExprPrinter : TokenWriter {
  using TokenWriter::operator();
  std::string operator()(const TupleExpr& e) const {
    return "(" + list(e.elements) + (e.elements.size() == 1 ? ",)" : ")");
  }
  std::string operator()(const Parenthesized& e) const { return "(" + to_source(*e.inner) + ")"; }
  std::string operator()(const Unary& e) const {
    return fmt::format("{}{}", to_string(e.op), to_source(*e.operand));
  }
  std::string operator()(const Binary& e) const {
    return fmt::format("{} {} {}", to_source(*e.lhs), to_string(e.op), to_source(*e.rhs));
  }
  std::string operator()(const Unpack& e) const { return "*" + to_source(*e.operand); }
  std::string operator()(const Conditional& e) const {
    return fmt::format("{} ? {} : {}", to_source(*e.condition), to_source(*e.if_true),
                       to_source(*e.if_false));
  }
  std::string operator()(const Call& e) const {
    return fmt::format("{}({})", to_source(*e.callee), list(e.arguments));
  }
  std::string operator()(const Index& e) const {
    return fmt::format("{}[{}]", to_source(*e.object), list(e.indices));
  }
  std::string operator()(const SliceExpr& e) const {
    return fmt::format("{}[{}:{}]", to_source(*e.object), e.begin ? to_source(*e.begin) : "",
                       e.end ? to_source(*e.end) : "");
  }
  std::string operator()(const MemberRef& e) const {
    return fmt::format("{}.{}", to_source(*e.object), to_string(e.member));
  }
  std::string operator()(const Comprehension& e) const {
    return fmt::format("tuple({} for {} in {})", to_source(*e.element), e.variable.text,
                       to_source(*e.range));
  }
};

struct StatementPrinter {
  template <class Rule>
  std::string operator()(const Rule& s) const {
    return written(s, kNotation) + ";";
  }
  std::string operator()(const FunctionDefinition& s) const {
    return fmt::format("{} {}({}) {{", word_of(s), s.name.text, parameters_of(s));
  }
  std::string operator()(const Assignment& s) const {
    return fmt::format("{} = {};", s.name.text, to_source(*s.value));
  }
  std::string operator()(const Print& s) const {
    return fmt::format("{}(\"{}\"{}{});", word_of(s), s.format.value,
                       s.arguments.empty() ? "" : ", ", list(s.arguments));
  }
  std::string operator()(const Return& s) const {
    return fmt::format("{} {};", word_of(s), to_source(*s.value));
  }
};

}  // namespace

std::string to_source(const Expr& expr) { return std::visit(ExprPrinter{}, expr.node); }
std::string to_source(const Statement& statement) {
  std::string text = std::visit(StatementPrinter{}, statement.node);
  if (!statement.condition) return text;
  text.pop_back();  // the `;`
  return fmt::format("{} if {};", text, to_source(*statement.condition));
}
std::string to_source(const FunctionStatement& statement) {
  return std::visit(StatementPrinter{}, statement.node);
}

}  // namespace placewright::lang
