// Which statement of a mapping names a task: positions for messages.
#pragma once

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

}  // namespace placewright
