// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/dump.h"

#include <fmt/core.h>

#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

std::string dump_list(const std::vector<ExprPtr>& list) {
  std::string text;
  for (const ExprPtr& expr : list) text += " " + dump(*expr);
  return text;
}

std::string dump_optional(const ExprPtr& expr) { return expr ? dump(*expr) : "_"; }

std::string dump_names(const std::vector<Name>& names) {
  std::string text;
  for (const Name& name : names) text += fmt::format(" \"{}\"", name.text);
  return text;
}

std::string dump_tasks(const TaskSelector& tasks) {
  if (tasks.any) return "*";
  if (tasks.kind) return std::string(machine::to_string(*tasks.kind));
  return fmt::format("(tasks{})", dump_names(tasks.names));
}

std::string dump_region(const RegionSelector& regions) {
  if (regions.any) return "*";
  std::string text;
  for (const RegionArgument& region : regions.arguments) {
    if (!text.empty()) text += ',';
    text += region.name ? fmt::format("\"{}\"", region.name->text) : std::to_string(region.index);
  }
  return text;
}

template <class Kind>
std::string dump_kinds(const std::vector<Spelled<Kind>>& kinds) {
  std::string text;
  for (const auto& kind : kinds) text += fmt::format(" {}", machine::to_string(kind.value));
  return text;
}

template <class Kind>
std::string dump_kind(const std::optional<Spelled<Kind>>& kind) {
  return kind ? std::string(machine::to_string(kind->value)) : "*";
}

std::string dump_constraints(const std::vector<LayoutConstraint>& constraints) {
  std::string text;
  for (const LayoutConstraint& c : constraints) {
    text += c.word == LayoutWord::Align
                ? fmt::format(" (Align {} {})", to_string(c.comparison), c.bytes)
                : fmt::format(" {}", to_string(c.word));
  }
  return text;
}

std::string dump_node(const Assignment& s) {
  return fmt::format("(= {} {})", s.name.text, dump(*s.value));
}
std::string dump_node(const Print& s) {
  return fmt::format("(print \"{}\"{})", s.format.value, dump_list(s.arguments));
}
std::string dump_node(const Return& s) { return fmt::format("(return {})", dump(*s.value)); }
std::string dump_node(const TaskStatement& s) {
  return fmt::format("(Task {}{})", dump_tasks(s.tasks), dump_kinds(s.kinds));
}
std::string dump_node(const RegionStatement& s) {
  return fmt::format("(Region {} {} {}{})", dump_tasks(s.tasks), dump_region(s.region),
                     dump_kind(s.kind), dump_kinds(s.memories));
}
std::string dump_node(const LayoutStatement& s) {
  return fmt::format("(Layout {} {} {}{})", dump_tasks(s.tasks), dump_region(s.region),
                     dump_kind(s.memory), dump_constraints(s.constraints));
}
std::string dump_node(const MapStatement& s) {
  return fmt::format("({} {} {})", s.launch == LaunchKind::Index ? "IndexTaskMap" : "SingleTaskMap",
                     dump_tasks(s.tasks), s.function.text);
}
std::string dump_node(const InstanceLimitStatement& s) {
  return fmt::format("(InstanceLimit {} {})", dump_tasks(s.tasks), s.limit.value);
}
std::string dump_node(const CollectMemoryStatement& s) {
  return fmt::format("(CollectMemory {} {})", dump_tasks(s.tasks), dump_region(s.region));
}
std::string dump_node(const ControlReplicateStatement& s) {
  return fmt::format("(ControlReplicate {})", dump_tasks(s.tasks));
}
std::string dump_node(const PriorityStatement& s) {
  return fmt::format("(Priority {} {})", dump_tasks(s.tasks), s.priority.value);
}
std::string dump_node(const TaskStealStatement& s) {
  return fmt::format("(TaskSteal {} {} {})", dump_tasks(s.tasks), machine::to_string(s.kind.value),
                     s.any_node ? "ANY_NODE" : "SAME_NODE");
}
std::string dump_node(const FunctionDefinition& s) {
  std::string text = fmt::format("(def {} (", s.name.text);
  for (size_t i = 0; i < s.parameters.size(); ++i) {
    const Parameter& p = s.parameters[i];
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", to_string(p.type.value), p.name.text);
  }
  text += ")";
  for (const FunctionStatement& statement : s.body)
    text += " " + std::visit([](const auto& node) { return dump_node(node); }, statement.node);
  return text + ")";
}

struct ExprDumper {
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

std::string dump(const Program& program) {
  std::string text;
  for (const Statement& statement : program.statements) {
    const std::string rule =
        std::visit([](const auto& node) { return dump_node(node); }, statement.node);
    text += statement.condition ? fmt::format("(if {} {})\n", dump(*statement.condition), rule)
                                : rule + "\n";
  }
  return text;
}

}  // namespace placewright::lang
