// SPDX-License-Identifier: Apache-2.0
// Prints single statements and expressions in the canonical form.
#include <fmt/core.h>

#include "lang/syntax/printer.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

std::string quoted(const std::string& name) {
  return is_plain_name(name) ? name : fmt::format("\"{}\"", name);
}

std::string list(const std::vector<ExprPtr>& exprs) {
  std::string text;
  for (const ExprPtr& expr : exprs) {
    if (!text.empty()) text += ", ";
    text += to_source(*expr);
  }
  return text;
}

template <class Kind>
std::string list(const std::vector<Spelled<Kind>>& kinds) {
  std::string text;
  for (const auto& kind : kinds) {
    if (!text.empty()) text += ", ";
    text += machine::to_string(kind.value);
  }
  return text;
}

template <class Kind>
std::string or_star(const std::optional<Spelled<Kind>>& kind) {
  return kind ? std::string(machine::to_string(kind->value)) : "*";
}

std::string print(const TaskSelector& tasks) {
  if (tasks.any) return "*";
  if (tasks.kind) return std::string(machine::to_string(*tasks.kind));
  std::string text;
  for (const Name& name : tasks.names) {
    if (!text.empty()) text += ", ";
    text += quoted(name.text);
  }
  return text;
}

std::string print(const RegionSelector& regions) {
  if (regions.any) return "*";
  std::string text;
  for (const RegionArgument& region : regions.arguments) {
    if (!text.empty()) text += ", ";
    text += region.name ? quoted(region.name->text) : std::to_string(region.index);
  }
  return text;
}

struct ExprPrinter {
  std::string operator()(const IntLiteral& e) const { return std::to_string(e.value); }
  std::string operator()(const BoolLiteral& e) const { return e.value ? "True" : "False"; }
  std::string operator()(const NameRef& e) const { return e.name; }
  std::string operator()(const ProcessorLiteral& e) const {
    return std::string(machine::to_string(e.kind));
  }
  std::string operator()(const MemoryLiteral& e) const {
    return std::string(machine::to_string(e.kind));
  }
  std::string operator()(const Star&) const { return "*"; }
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
  std::string operator()(const TaskStatement& s) const {
    return fmt::format("Task {} {};", print(s.tasks), list(s.kinds));
  }
  std::string operator()(const RegionStatement& s) const {
    return fmt::format("Region {} {} {} {};", print(s.tasks), print(s.region), or_star(s.kind),
                       list(s.memories));
  }
  std::string operator()(const LayoutStatement& s) const {
    std::string text =
        fmt::format("Layout {} {} {}", print(s.tasks), print(s.region), or_star(s.memory));
    for (const LayoutConstraint& c : s.constraints) {
      text += fmt::format(" {}", to_string(c.word));
      if (c.word == LayoutWord::Align)
        text += fmt::format(" {} {}", to_string(c.comparison), c.bytes);
    }
    return text + ";";
  }
  std::string operator()(const MapStatement& s) const {
    return fmt::format("{} {} {};",
                       s.launch == LaunchKind::Index ? "IndexTaskMap" : "SingleTaskMap",
                       print(s.tasks), s.function.text);
  }
  std::string operator()(const InstanceLimitStatement& s) const {
    return fmt::format("InstanceLimit {} {};", print(s.tasks), s.limit.value);
  }
  std::string operator()(const CollectMemoryStatement& s) const {
    return fmt::format("CollectMemory {} {};", print(s.tasks), print(s.region));
  }
  std::string operator()(const ControlReplicateStatement& s) const {
    return fmt::format("ControlReplicate {};", print(s.tasks));
  }
  std::string operator()(const PriorityStatement& s) const {
    return fmt::format("Priority {} {};", print(s.tasks), s.priority.value);
  }
  std::string operator()(const TaskStealStatement& s) const {
    return fmt::format("TaskSteal {} {} {};", print(s.tasks), machine::to_string(s.kind.value),
                       s.any_node ? "ANY_NODE" : "SAME_NODE");
  }
  std::string operator()(const FunctionDefinition& s) const {
    std::string parameters;
    for (const Parameter& p : s.parameters) {
      if (!parameters.empty()) parameters += ", ";
      parameters += fmt::format("{} {}", to_string(p.type.value), p.name.text);
    }
    return fmt::format("def {}({}) {{", s.name.text, parameters);
  }
  std::string operator()(const Assignment& s) const {
    return fmt::format("{} = {};", s.name.text, to_source(*s.value));
  }
  std::string operator()(const Print& s) const {
    return fmt::format("print(\"{}\"{}{});", s.format.value, s.arguments.empty() ? "" : ", ",
                       list(s.arguments));
  }
  std::string operator()(const Return& s) const {
    return fmt::format("return {};", to_source(*s.value));
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
