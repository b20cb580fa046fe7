// SPDX-License-Identifier: Apache-2.0
// What the two notations of a tree have in common: the canonical text (printer.h) and the prefix
// notation (dump.h). A rule is a word and its parts, in the order of a text; a notation says how it
// writes a part. Private to the two.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "lang/syntax/ast.h"
#include "lang/syntax/words.h"
#include "support/check.h"

namespace placewright::lang {

template <class Items, class Write>
[[nodiscard]] std::string joined(const Items& items, std::string_view separator,
                                 const Write& write) {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text += separator;
    text += write(item);
  }
  return text;
}

// ---- a rule: its word and its parts

/// The first word of statements.def with this kind of node; does not compile if there is none.
template <class Node>
inline constexpr StatementWord kWordOf = [] {
#define PLACEWRIGHT_STATEMENT(name, word, node) \
  if (std::is_same_v<Node, node>) return StatementWord::name;
#include "lang/syntax/statements.def"
  PLACEWRIGHT_CHECK(false && "statements.def has the node");
  return StatementWord{};
}();

template <class Node>
[[nodiscard]] std::string_view word_of(const Node&) {
  return to_string(kWordOf<Node>);
}
[[nodiscard]] inline std::string_view word_of(const MapStatement& s) {
  return to_string(s.launch == LaunchKind::Index ? StatementWord::IndexTaskMap
                                                 : StatementWord::SingleTaskMap);
}

[[nodiscard]] inline auto parts_of(const TaskStatement& s) { return std::tie(s.tasks, s.kinds); }
[[nodiscard]] inline auto parts_of(const RegionStatement& s) {
  return std::tie(s.tasks, s.region, s.kind, s.memories);
}
[[nodiscard]] inline auto parts_of(const LayoutStatement& s) {
  return std::tie(s.tasks, s.region, s.memory, s.constraints);
}
[[nodiscard]] inline auto parts_of(const MapStatement& s) { return std::tie(s.tasks, s.function); }
[[nodiscard]] inline auto parts_of(const InstanceLimitStatement& s) {
  return std::tie(s.tasks, s.limit);
}
[[nodiscard]] inline auto parts_of(const CollectMemoryStatement& s) {
  return std::tie(s.tasks, s.region);
}
[[nodiscard]] inline auto parts_of(const ControlReplicateStatement& s) {
  return std::tie(s.tasks, s.nodes);
}
[[nodiscard]] inline auto parts_of(const PriorityStatement& s) {
  return std::tie(s.tasks, s.priority);
}
[[nodiscard]] inline auto parts_of(const TaskStealStatement& s) {
  return std::tie(s.tasks, s.kind, s.any_node ? kAnyNode : kSameNode);
}

// ---- how they are written

/// What distinguishes the notations where they write a rule.
struct Notation {
  std::string (*name)(std::string_view name);  ///< A task or a region.
  std::string_view between_tasks, between_regions, between_kinds;
  bool groups;  ///< Tasks and alignments are in parentheses.
};

class PartWriter {
 public:
  explicit PartWriter(const Notation& notation) : notation_(notation) {}

  std::string operator()(const TaskSelector& tasks) const;
  std::string operator()(const RegionSelector& regions) const;
  std::string operator()(const std::vector<LayoutConstraint>& constraints) const;
  std::string operator()(const Spelled<int64_t>& number) const;
  std::string operator()(const std::optional<NodeRange>& nodes) const;
  std::string operator()(const Name& function) const { return function.text; }
  std::string operator()(std::string_view word) const { return std::string(word); }
  template <class Kind>
  std::string operator()(const Spelled<Kind>& kind) const {
    return std::string(machine::to_string(kind.value));
  }
  template <class Kind>
  std::string operator()(const std::optional<Spelled<Kind>>& kind) const {
    return kind ? (*this)(*kind) : "*";
  }
  template <class Kind>
  std::string operator()(const std::vector<Spelled<Kind>>& kinds) const {
    return joined(kinds, notation_.between_kinds, *this);
  }

 private:
  const Notation& notation_;
};

/// A rule's word and parts; a list without elements takes no space.
template <class Rule>
[[nodiscard]] std::string written(const Rule& rule, const Notation& notation) {
  std::string text(word_of(rule));
  const auto add = [&](const std::string& part) {
    if (!part.empty()) text += ' ' + part;
  };
  const PartWriter write(notation);
  std::apply([&](const auto&... parts) { (add(write(parts)), ...); }, parts_of(rule));
  return text;
}

/// The parameters of a function as a list.
[[nodiscard]] std::string parameters_of(const FunctionDefinition& function);

/// Writes the expressions of a single token.
struct TokenWriter {
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
};

}  // namespace placewright::lang
