// SPDX-License-Identifier: Apache-2.0
#include "codegen/rule_tables.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <climits>

#include "policy/read_rules.h"
#include "support/overload.h"

namespace placewright::codegen {
namespace {

std::string names(const lang::TaskSelector& tasks) {
  std::string text;
  for (const lang::Name& name : tasks.names)
    text += (text.empty() ? "" : ", ") + cpp_text(name.text);
  return "{" + text + "}";
}

std::string arguments(const lang::RegionSelector& regions) {
  std::string text;
  for (const lang::RegionArgument& each : regions.arguments) {
    if (!text.empty()) text += ", ";
    text += each.name ? cpp_text(each.name->text) : std::to_string(each.index);
  }
  return "{" + text + "}";
}

template <class Kind>
std::string kinds(const std::vector<lang::Spelled<Kind>>& list) {
  std::string text;
  for (const auto& kind : list) text += (text.empty() ? "" : ", ") + cpp_kind(kind.value);
  return "{" + text + "}";
}

template <class Kind>
std::string or_any(const std::optional<Kind>& kind) {
  return kind ? cpp_kind(*kind) : "{}";
}

template <class Kind>
std::optional<Kind> value(const std::optional<lang::Spelled<Kind>>& kind) {
  return kind ? std::optional(kind->value) : std::nullopt;
}

std::string_view relation_name(policy::Relation relation) {
  constexpr std::array<std::string_view, 6> kNames = {"Less",         "LessEqual", "Greater",
                                                      "GreaterEqual", "Equal",     "NotEqual"};
  return kNames[static_cast<size_t>(relation)];
}

std::string layout(const policy::LayoutRule& rule) {
  std::string text = fmt::format(".aos = {}, .c_order = {}", rule.aos, rule.c_order);
  if (rule.compact) text += ", .compact = true";
  if (rule.exact) text += ", .exact = true";
  if (rule.alignment)
    text += fmt::format(", .alignment = {{{{placewright::policy::Relation::{}, {}}}}}",
                        relation_name(rule.alignment->relation), rule.alignment->bytes);
  return "{" + text + "}";
}

/// The tables, one list of rows each.
struct Tables {
  std::string processors, memories, layouts, maps, limits, priorities, collected, replicated;
};

void add_rows(const lang::Statement& statement, Translator& translator, Tables& tables) {
  const int line = translator.line(statement.range);
  const auto row = [&](std::string& table, const auto& tasks, const std::string& rest) {
    table += fmt::format("          {{{}, {}{}, {}}},\n", line, names(tasks), rest,
                         translator.condition(statement));
  };
  std::visit(
      Overload{
          [&](const lang::TaskStatement& s) {
            row(tables.processors, s.tasks, ", " + kinds(s.kinds));
          },
          [&](const lang::RegionStatement& s) {
            row(tables.memories, s.tasks,
                fmt::format(", {}, {}, {}", arguments(s.region), or_any(value(s.kind)),
                            kinds(s.memories)));
          },
          [&](const lang::LayoutStatement& s) {
            row(tables.layouts, s.tasks,
                fmt::format(", {}, {}, {}", arguments(s.region), or_any(value(s.memory)),
                            layout(policy::layout_rule(s))));
          },
          [&](const lang::MapStatement& s) {
            tables.maps += fmt::format(
                "          {{{}, {}, {}, {}, [](const TaskFacts& task) {{ return target({}(task)); "
                "}}, {}}},\n",
                line, s.launch == lang::LaunchKind::Index, names(s.tasks), or_any(s.tasks.kind),
                cpp_name(s.function.text), translator.condition(statement));
          },
          [&](const lang::InstanceLimitStatement& s) {
            row(tables.limits, s.tasks,
                fmt::format(", {}, {}", or_any(s.tasks.kind),
                            std::clamp<int64_t>(s.limit.value, 0, INT_MAX)));
          },
          [&](const lang::PriorityStatement& s) {
            row(tables.priorities, s.tasks,
                fmt::format(", {}, {}", or_any(s.tasks.kind), s.priority.value));
          },
          [&](const lang::CollectMemoryStatement& s) {
            row(tables.collected, s.tasks, ", " + arguments(s.region));
          },
          [&](const lang::ControlReplicateStatement& s) { row(tables.replicated, s.tasks, ""); },
          [](const auto&) {}},
      statement.node);
}

}  // namespace

std::string rule_tables(const policy::Mapping& mapping, Translator& translator) {
  Tables tables;
  for (const lang::Statement& statement : mapping.program.statements)
    add_rows(statement, translator, tables);
  std::string text = "inline const Rules& rules() {\n  static const Rules all = {\n";
  const auto add = [&](const char* name, const std::string& rows) {
    text += rows.empty() ? fmt::format("      .{} = {{}},\n", name)
                         : fmt::format("      .{} =\n        {{\n{}        }},\n", name, rows);
  };
  add("processors", tables.processors);
  add("memories", tables.memories);
  add("layouts", tables.layouts);
  add("maps", tables.maps);
  add("limits", tables.limits);
  add("priorities", tables.priorities);
  add("collected", tables.collected);
  add("replicated", tables.replicated);
  return text + "  };\n  return all;\n}\n";
}

}  // namespace placewright::codegen
