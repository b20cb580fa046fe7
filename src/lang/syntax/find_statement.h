// SPDX-License-Identifier: Apache-2.0
// Finds the statement that names a task, for messages and to tell whether a rule applies to a task
// by name or through `*`.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "lang/syntax/ast.h"
#include "support/name_pattern.h"

namespace placewright::lang {

[[nodiscard]] inline bool lists_name(const TaskSelector& tasks, std::string_view task) {
  return std::ranges::any_of(tasks.names,
                             [&](const Name& name) { return speaks_of(name.text, task); });
}

/// The first `Statement` (TaskStatement, ControlReplicateStatement, ..) that lists the task by
/// name or pattern.
template <class Statement>
[[nodiscard]] std::optional<SourceRange> statement_naming(const Program& program,
                                                          std::string_view task) {
  for (const lang::Statement& statement : program.statements) {
    const auto* node = std::get_if<Statement>(&statement.node);
    if (node != nullptr && lists_name(node->tasks, task)) return statement.range;
  }
  return std::nullopt;
}

/// Whether the `Statement` around a position lists the task by name.
template <class Statement>
[[nodiscard]] bool names_task(const Program& program, SourceRange position, std::string_view task) {
  for (const lang::Statement& statement : program.statements) {
    const auto* node = std::get_if<Statement>(&statement.node);
    if (node == nullptr || !statement.range.contains(position)) continue;
    return lists_name(node->tasks, task);
  }
  return false;
}

}  // namespace placewright::lang
