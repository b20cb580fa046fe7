// SPDX-License-Identifier: Apache-2.0
#include "codegen/rule_rows.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>

#include "policy/read_rules.h"

namespace placewright::codegen {
namespace {

std::string braced(const std::vector<std::string>& parts) {
  return fmt::format("{{{}}}", fmt::join(parts, ", "));
}

std::string names(const policy::TaskChoice& tasks) {
  std::vector<std::string> parts;
  for (const std::string& name : tasks.names) parts.push_back(cpp_text(name));
  return braced(parts);
}

std::string regions(const policy::RegionChoices& choices) {
  std::vector<std::string> parts;
  for (const policy::RegionChoice& each : choices)
    parts.push_back(each.name.empty() ? fmt::format("int64_t{{{}}}", each.index)
                                      : cpp_text(each.name));
  return braced(parts);
}

template <class Kind>
std::string kinds(const std::vector<Kind>& list) {
  std::vector<std::string> parts;
  for (const Kind kind : list) parts.push_back(cpp_kind(kind));
  return braced(parts);
}

template <class Kind>
std::string or_any(const std::optional<Kind>& kind) {
  return kind ? cpp_kind(*kind) : "{}";
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
    text += fmt::format(", .alignment = {{{{Relation::{}, {}}}}}",
                        relation_name(rule.alignment->relation), rule.alignment->bytes);
  return "{" + text + "}";
}

/// Writes rows; each knows its line of the mapping.
class RowWriter {
 public:
  explicit RowWriter(const Translator& translator) : translator_(translator) {}

  [[nodiscard]] std::string head(const policy::RuleHead& head) const {
    const int line = translator_.line(head.range);
    const std::string condition = head.condition < 0 ? "" : fmt::format(", {}", head.condition);
    if (head.tasks.kind)
      return fmt::format("on({}, {}{})", line, cpp_kind(*head.tasks.kind), condition);
    if (head.tasks.names.empty() && condition.empty()) return fmt::format("at({})", line);
    return fmt::format("at({}, {}{})", line, names(head.tasks), condition);
  }
  template <class Rows, class Rest>
  void add(const char* name, const Rows& rows, const Rest& rest) {
    if (rows.empty()) return;
    text += fmt::format("  list.{} = {{\n", name);
    for (const auto& row : rows)
      text += fmt::format("      {{{}{}}},\n", head(row.head), rest(row));
    text += "  };\n";
  }
  [[nodiscard]] int line(SourceRange range) const { return translator_.line(range); }

  std::string text;

 private:
  const Translator& translator_;
};

/// An argument if there are any.
std::string facts_text(const machine::FactsUsed& used) {
  if (!used.any()) return "";
  return fmt::format(", {{.tag = {}, .depth = {}, .parent = {}, .mapper = {}}}", used.tag,
                     used.depth, used.parent, used.mapper);
}

std::string rows_text(const policy::RuleList& list, const Translator& translator) {
  RowWriter writer(translator);
  if (!list.conditions.empty()) {
    writer.text += "  list.conditions = {\n";
    for (const policy::ConditionRow& row : list.conditions) {
      const int line = writer.line(row.range);
      writer.text +=
          fmt::format("      {{{{{}, {}}}, {{{}, {}}}, {}}},\n", line, line + 1, names(row.tasks),
                      or_any(row.tasks.kind), row.index ? (*row.index ? "true" : "false") : "{}");
    }
    writer.text += "  };\n";
  }
  writer.add("processors", list.processors,
             [](const policy::ProcessorRow& row) { return ", " + kinds(row.kinds); });
  writer.add("memories", list.memories, [](const policy::MemoryRow& row) {
    return fmt::format(", {}, {}, {}", regions(row.regions), or_any(row.kind), kinds(row.memories));
  });
  writer.add("layouts", list.layouts, [](const policy::LayoutRow& row) {
    return fmt::format(", {}, {}, {}", regions(row.regions), or_any(row.memory),
                       layout(row.layout));
  });
  writer.add("maps", list.maps, [](const policy::MapRow& row) {
    return fmt::format(", /*index=*/{}, {{{}}}", row.index, row.function.value);
  });
  const auto number = [](const policy::NumberRow& row) { return fmt::format(", {}", row.number); };
  writer.add("limits", list.limits, number);
  writer.add("priorities", list.priorities, number);
  writer.add("collected", list.collected,
             [](const policy::ArgumentRow& row) { return ", " + regions(row.regions); });
  writer.add("replicated", list.replicated, [](const policy::ReplicateRow& row) {
    return row.nodes ? fmt::format(", {{{{{}, {}}}}}", row.nodes->first, row.nodes->last) : "";
  });
  return writer.text;
}

}  // namespace

std::string rule_rows(const policy::Mapping& mapping, Translator& translator) {
  const policy::ReadRules read = policy::read_rules(mapping.program);
  std::string text =
      "/// The rules, each with its line. A number after the tasks is that of its condition.\n"
      "inline RuleList mapping_rules() {\n  RuleList list;\n" +
      rows_text(read.list, translator) +
      "  return list;\n}\n\n/// By that number.\n"
      "inline std::vector<CompiledCondition> mapping_conditions() {\n  return {";
  if (!read.conditions.empty()) text += "\n";
  for (size_t i = 0; i < read.conditions.size(); ++i) {
    text +=
        fmt::format("      condition({}, {}),\n", translator.line(read.list.conditions[i].range),
                    translator.condition(mapping.program.statements[read.conditions[i]]));
  }
  text += read.conditions.empty() ? "};\n}\n" : "  };\n}\n";
  text +=
      "\n/// By the number that map rules name.\n"
      "inline std::vector<CompiledFunction> mapping_functions() {\n  return {";
  if (!read.functions.empty()) text += "\n";
  const auto used = lang::facts_used(mapping.program);
  for (const lang::Name& function : read.functions) {
    const auto facts = used.find(function.text);
    text +=
        fmt::format("      map_function({}, [](const TaskFacts& task) {{ return {}(task); }}{}),\n",
                    cpp_text(function.text), cpp_name(function.text),
                    facts == used.end() ? "" : facts_text(facts->second));
  }
  return text + (read.functions.empty() ? "};\n}\n" : "  };\n}\n");
}

}  // namespace placewright::codegen
