// SPDX-License-Identifier: Apache-2.0
// The rules of a mapping as plain rows in file order. read_rules.h reads them from the syntax tree,
// the code generator writes them as C++. rule_tables.h looks them up.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/rule_types.h"

namespace placewright::policy {

/// The tasks listed by name, else those that run on processors of a kind, else all.
struct TaskChoice {
  std::vector<std::string> names = {};
  std::optional<machine::ProcessorKind> kind = std::nullopt;
  [[nodiscard]] bool lists(std::string_view task) const;
};

/// A region by name, or by the index of its requirement if the name is empty.
struct RegionChoice {
  RegionChoice(const char* text) : name(text) {}
  RegionChoice(std::string text) : name(std::move(text)) {}
  RegionChoice(int64_t number) : index(number) {}
  std::string name;
  int64_t index = -1;
};
/// Empty means all.
using RegionChoices = std::vector<RegionChoice>;

/// What every row has. `condition` is an index into RuleList::conditions; -1 means that the rule
/// always applies.
struct RuleHead {
  SourceRange range;
  TaskChoice tasks;
  int condition = -1;
};

struct ProcessorRow {
  RuleHead head;
  std::vector<machine::ProcessorKind> kinds;
};
struct MemoryRow {
  RuleHead head;
  RegionChoices regions;
  std::optional<machine::ProcessorKind> kind;  ///< Empty means all kinds.
  std::vector<machine::MemoryKind> memories;
};
struct LayoutRow {
  RuleHead head;
  RegionChoices regions;
  std::optional<machine::MemoryKind> memory;  ///< Empty means all kinds.
  LayoutRule layout;
};
struct MapRow {
  RuleHead head;
  bool index;  ///< For index launches if true, else for single tasks.
  FunctionId function;
};
struct NumberRow {
  RuleHead head;
  int number;
};
struct ArgumentRow {
  RuleHead head;
  RegionChoices regions;
};
struct ReplicateRow {
  RuleHead head;
  std::optional<NodeRange> nodes = std::nullopt;  ///< Empty means all.
};
/// A condition and what its rule selects: it is evaluated for these launches only.
struct ConditionRow {
  SourceRange range;
  TaskChoice tasks;
  std::optional<bool> index = std::nullopt;  ///< As MapRow::index; empty for other rules.
};

struct RuleList {
  std::vector<ConditionRow> conditions = {};
  std::vector<ProcessorRow> processors = {};
  std::vector<MemoryRow> memories = {};
  std::vector<LayoutRow> layouts = {};
  std::vector<MapRow> maps = {};
  std::vector<NumberRow> limits = {};
  std::vector<NumberRow> priorities = {};
  std::vector<ArgumentRow> collected = {};
  std::vector<ReplicateRow> replicated = {};
};

}  // namespace placewright::policy
