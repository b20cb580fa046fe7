// SPDX-License-Identifier: Apache-2.0
// The agent: a fixed program with six trainable parts. `generate_mapper` joins the results of six
// decision functions into one mapping; a function's body is text in our language. Names, inputs and
// order are those of the published agent (Wei et al., ICML 2025, section 4). Does not judge bodies
// (check.h) and knows nothing of models.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lang/syntax/ast.h"
#include "support/result.h"

namespace placewright::agent {

enum class Decision : uint8_t { Task, Region, Layout, InstanceLimit, IndexTaskMap, SingleTaskMap };
inline constexpr size_t kDecisionCount = 6;
/// In the order in which their bodies are joined.
inline constexpr std::array<Decision, kDecisionCount> kDecisions = {
    Decision::Task,          Decision::Region,       Decision::Layout,
    Decision::InstanceLimit, Decision::IndexTaskMap, Decision::SingleTaskMap};

/// `task_decision`.
[[nodiscard]] std::string_view function_name(Decision decision);
[[nodiscard]] std::optional<Decision> parse_function_name(std::string_view word);
/// The names of its inputs: nodes of the graph (graph.h).
[[nodiscard]] std::span<const std::string_view> inputs(Decision decision);
/// `index_task_map_decision(index_tasks, index_task_specification)`.
[[nodiscard]] std::string signature(Decision decision);
/// What it decides, in one sentence.
[[nodiscard]] std::string_view documentation(Decision decision);
/// The rules that its body may hold: `Task`, `Priority`, ... Functions and global values may appear
/// in every body, above the rules that use them.
[[nodiscard]] std::span<const std::string_view> allowed_rules(Decision decision);

/// The function whose body a statement belongs to; nothing for functions, global values and
/// `print`, which may appear in any.
[[nodiscard]] std::optional<Decision> home(const lang::Statement& statement);

/// The bodies by Decision. A body has no trailing line break and no line that looks like the mark
/// of another body: see make_body().
struct Program {
  std::array<std::string, kDecisionCount> bodies;
  [[nodiscard]] const std::string& operator[](Decision decision) const {
    return bodies[static_cast<size_t>(decision)];
  }
  [[nodiscard]] std::string& operator[](Decision decision) {
    return bodies[static_cast<size_t>(decision)];
  }
  friend bool operator==(const Program&, const Program&) = default;
};

/// A text as a body: without blanks and empty lines around it and without lines that mark bodies.
[[nodiscard]] std::string make_body(std::string_view text);

/// The mapping: each body below a comment line that marks it.
[[nodiscard]] std::string generate_mapper(const Program& program);

/// The bodies of a mapping; the inverse of generate_mapper() for all bodies. A mapping without the
/// marks is split by statements, each with the comments above it; its decisions stay the same.
/// Errors: it has no marks and cannot be parsed.
[[nodiscard]] Result<Program> split_mapping(const std::string& mapping);

/// Where a line of generate_mapper() (from 1) comes from; `line` counts from 1 in the body.
/// Nothing for the marks.
struct BodyLine {
  Decision decision = Decision::Task;
  int line = 0;
  friend bool operator==(const BodyLine&, const BodyLine&) = default;
};
[[nodiscard]] std::optional<BodyLine> body_line(const Program& program, int line);

}  // namespace placewright::agent
