// SPDX-License-Identifier: Apache-2.0
#include "policy/read_rules.h"

#include <algorithm>
#include <climits>
#include <map>
#include <set>

namespace placewright::policy {
namespace {

Relation relation(lang::Comparison comparison) {
  switch (comparison) {
    case lang::Comparison::Less:
      return Relation::Less;
    case lang::Comparison::LessEqual:
      return Relation::LessEqual;
    case lang::Comparison::Greater:
      return Relation::Greater;
    case lang::Comparison::GreaterEqual:
      return Relation::GreaterEqual;
    case lang::Comparison::Equal:
      return Relation::Equal;
    case lang::Comparison::NotEqual:
      return Relation::NotEqual;
  }
  return Relation::Equal;
}

TaskChoice choice(const lang::TaskSelector& tasks) {
  TaskChoice result;
  result.kind = tasks.kind;
  for (const lang::Name& name : tasks.names) result.names.push_back(name.text);
  return result;
}

RegionChoices choices(const lang::RegionSelector& regions) {
  RegionChoices result;
  for (const lang::RegionArgument& region : regions.arguments) {
    if (region.name) {
      result.emplace_back(region.name->text);
    } else {
      result.emplace_back(region.index);
    }
  }
  return result;
}

template <class Kind>
std::vector<Kind> values(const std::vector<lang::Spelled<Kind>>& list) {
  std::vector<Kind> result;
  for (const auto& each : list) result.push_back(each.value);
  return result;
}

template <class Kind>
std::optional<Kind> value(const std::optional<lang::Spelled<Kind>>& kind) {
  return kind ? std::optional(kind->value) : std::nullopt;
}

class Reader {
 public:
  void read(const lang::Program& program) {
    for (size_t i = 0; i < program.statements.size(); ++i) read(program.statements[i], i);
  }
  ReadRules result;

 private:
  void read(const lang::Statement& statement, size_t number) {
    std::visit(
        [&](const auto& node) {
          if constexpr (requires { node.tasks; }) {
            add(head(statement, number, node.tasks), node);
            set_launch(node);
          }
        },
        statement.node);
  }

  RuleHead head(const lang::Statement& statement, size_t number, const lang::TaskSelector& tasks) {
    RuleHead head{statement.range, choice(tasks)};
    if (statement.condition == nullptr) return head;
    head.condition = static_cast<int>(result.conditions.size());
    result.conditions.push_back(number);
    result.list.conditions.push_back({statement.condition->range, head.tasks});
    return head;
  }

  void set_launch(const lang::MapStatement& node) {
    const RuleHead& head = result.list.maps.back().head;
    if (head.condition >= 0)
      result.list.conditions.back().index = node.launch == lang::LaunchKind::Index;
  }
  template <class Node>
  void set_launch(const Node&) {}

  void add(RuleHead head, const lang::TaskStatement& node) {
    result.list.processors.push_back({std::move(head), values(node.kinds)});
  }
  void add(RuleHead head, const lang::RegionStatement& node) {
    result.list.memories.push_back(
        {std::move(head), choices(node.region), value(node.kind), values(node.memories)});
  }
  void add(RuleHead head, const lang::LayoutStatement& node) {
    result.list.layouts.push_back(
        {std::move(head), choices(node.region), value(node.memory), layout_rule(node)});
  }
  void add(RuleHead head, const lang::MapStatement& node) {
    result.list.maps.push_back(
        {std::move(head), node.launch == lang::LaunchKind::Index, function(node.function)});
  }
  void add(RuleHead head, const lang::InstanceLimitStatement& node) {
    const int64_t limit = std::clamp<int64_t>(node.limit.value, 0, INT_MAX);
    result.list.limits.push_back({std::move(head), static_cast<int>(limit)});
  }
  void add(RuleHead head, const lang::PriorityStatement& node) {
    result.list.priorities.push_back({std::move(head), static_cast<int>(node.priority.value)});
  }
  void add(RuleHead head, const lang::CollectMemoryStatement& node) {
    result.list.collected.push_back({std::move(head), choices(node.region)});
  }
  void add(RuleHead head, const lang::ControlReplicateStatement& node) {
    std::optional<NodeRange> nodes;
    // The policy refuses what no machine has.
    const auto number = [](int64_t node) {
      return static_cast<int>(std::min<int64_t>(node, INT_MAX));
    };
    if (node.nodes) nodes = NodeRange{number(node.nodes->first), number(node.nodes->last)};
    result.list.replicated.push_back({std::move(head), nodes});
  }
  /// A statement that has no effect on a mapping, such as TaskSteal.
  template <class Node>
  void add(const RuleHead&, const Node&) {}

  FunctionId function(const lang::Name& name) {
    const auto next = static_cast<int32_t>(result.functions.size());
    const auto [found, is_new] = function_numbers_.try_emplace(name.text, next);
    if (is_new) result.functions.push_back(name);
    return {found->second};
  }

  std::map<std::string, int32_t> function_numbers_;
};

}  // namespace

LayoutRule layout_rule(const lang::LayoutStatement& statement) {
  LayoutRule rule;
  for (const lang::LayoutConstraint& constraint : statement.constraints) {
    switch (constraint.word) {
      case lang::LayoutWord::FOrder:
        rule.c_order = false;
        break;
      case lang::LayoutWord::COrder:
        rule.c_order = true;
        break;
      case lang::LayoutWord::Aos:
        rule.aos = true;
        break;
      case lang::LayoutWord::Soa:
        rule.aos = false;
        break;
      case lang::LayoutWord::Compact:
        rule.compact = true;
        break;
      case lang::LayoutWord::Exact:
        rule.exact = true;
        break;
      case lang::LayoutWord::Align:
        rule.alignment = LayoutRule::Alignment{relation(constraint.comparison), constraint.bytes};
        break;
      case lang::LayoutWord::NoAlign:
        rule.alignment.reset();
        break;
    }
  }
  return rule;
}

ReadRules read_rules(const lang::Program& program) {
  Reader reader;
  reader.read(program);
  return std::move(reader.result);
}

std::vector<MentionedName> mentioned_names(const lang::Program& program) {
  std::vector<MentionedName> mentioned;
  std::set<std::pair<MentionedName::Kind, std::string>> known;
  const auto mention = [&](MentionedName::Kind kind, const lang::Name& name) {
    if (known.emplace(kind, name.text).second) mentioned.push_back({kind, name.text, name.range});
  };
  const auto visit = [&](const auto& node) {
    if constexpr (requires { node.tasks; }) {
      for (const lang::Name& name : node.tasks.names) mention(MentionedName::Kind::Task, name);
    }
    if constexpr (requires { node.region; }) {
      for (const lang::RegionArgument& argument : node.region.arguments) {
        if (argument.name) mention(MentionedName::Kind::Region, *argument.name);
      }
    }
  };
  for (const lang::Statement& statement : program.statements) std::visit(visit, statement.node);
  return mentioned;
}

}  // namespace placewright::policy
