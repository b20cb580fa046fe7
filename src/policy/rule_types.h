// SPDX-License-Identifier: Apache-2.0
// The words in which rules and questions about them are put: ids, arguments, layouts, targets.
// Knows neither the language nor Legion.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "machine/kinds.h"
#include "support/source_range.h"
#include "support/strong_id.h"

namespace placewright::policy {

/// A task together with the set of rules that apply to a launch of it. The number 0 stands for all
/// names of which no rule speaks.
struct TaskId {
  int32_t name = 0;  ///< NameTable::find().
  int32_t set = 0;   ///< The rules whose conditions hold; 0: those without a condition.
  friend auto operator<=>(const TaskId&, const TaskId&) = default;
};
using RegionId = StrongId<struct RegionTag>;
using FunctionId = StrongId<struct FunctionTag>;

/// A region argument of a task: the names that apply to it, best first (the region's own, its
/// parent partition's, the requirement's parent region's), and the index of its requirement.
struct RegionRef {
  std::span<const RegionId> names;
  int index = 0;
};

/// A memory kind and the range of the rule that lists it.
struct MemoryRule {
  machine::MemoryKind kind;
  SourceRange rule;
};

enum class Relation { Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual };

/// As the language writes it: `<`, `<=`, `>`, `>=`, `==`, `!=`.
[[nodiscard]] constexpr std::string_view symbol(Relation relation) {
  constexpr std::array<std::string_view, 6> kSymbols = {"<", "<=", ">", ">=", "==", "!="};
  return kSymbols[static_cast<size_t>(relation)];
}

/// The effect of the words of a Layout statement.
struct LayoutRule {
  bool aos = false;
  bool c_order = false;
  bool compact = false;
  bool exact = false;
  struct Alignment {
    Relation relation;
    int64_t bytes;
  };
  std::optional<Alignment> alignment = std::nullopt;
  SourceRange rule = {};
};

/// The nodes from the first to the last, both included.
struct NodeRange {
  int first = 0;
  int last = 0;
  friend auto operator<=>(const NodeRange&, const NodeRange&) = default;
};

/// What the ControlReplicate rules say about a task.
struct Replication {
  bool replicated = false;
  std::optional<NodeRange> nodes = std::nullopt;  ///< Empty: all nodes of the machine.
  SourceRange rule = {};                          ///< If it is replicated.
};

/// A node and the ordinals of the processors on it that may run a point: usually one, several where
/// the mapping function returned a set (`m[i, *]`). The span lives as long as what returned it.
struct Target {
  int32_t node = 0;
  std::span<const int32_t> processors;
};

}  // namespace placewright::policy
