// Which statement of a mapping names a task: for messages and for the question whether a rule
// speaks of a task by name or with `*`.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "lang/ast.h"

namespace placewright {

/// The first `Statement` (TaskStatement, ControlReplicateStatement, ..) that lists the task by
/// name.
template <class Statement>
[[nodiscard]] std::optional<SourceRange> statement_naming(const lang::Program& program,
                                                          std::string_view task) {
  for (const lang::Statement& statement : program.statements) {
    const auto* node = std::get_if<Statement>(&statement.node);
    if (node == nullptr) continue;
    for (const lang::Name& name : node->tasks.names) {
      if (name.text == task) return statement.range;
    }
  }
  return std::nullopt;
}

/// Whether the `Statement` around a position lists the task by name.
template <class Statement>
[[nodiscard]] bool names_task(const lang::Program& program, SourceRange position,
                              std::string_view task) {
  for (const lang::Statement& statement : program.statements) {
    const auto* node = std::get_if<Statement>(&statement.node);
    if (node == nullptr || !statement.range.contains(position)) continue;
    return std::ranges::find(node->tasks.names, task, &lang::Name::text) != node->tasks.names.end();
  }
  return false;
}

}  // namespace placewright
