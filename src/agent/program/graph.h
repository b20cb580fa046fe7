// SPDX-License-Identifier: Apache-2.0
// The trace of one evaluation as a graph: facts of application and machine -> decision functions ->
// mapping -> check -> run. A failed check or run is an exception node and the last one, because the
// feedback is about it. Renders the nine parts of a problem instance as Trace's OptoPrime shows it
// (Cheng, Nie, Swaminathan, NeurIPS 2024).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/feedback.h"
#include "agent/program/check.h"
#include "agent/program/facts.h"
#include "agent/program/program.h"

namespace placewright::agent {

struct Node {
  std::string name;
  std::string type;   ///< "list", "dict", "code", "str", "float", "exception".
  std::string value;  ///< A trainable node's body.
  bool trainable = false;
  /// The operation and its inputs; empty for roots. Parents are pairs of parameter and node.
  std::string operation;
  std::vector<std::pair<std::string, std::string>> parents;
};

/// Parents come before their children; the last node is the output.
struct Graph {
  std::vector<Node> nodes;
  tune::Metric metric;  ///< What a run gives.
  [[nodiscard]] const Node& output() const { return nodes.back(); }
};

/// `outcome` is the run's result; unset if the mapping was not run.
[[nodiscard]] Graph trace(const Program& program, const Facts& facts, const ProgramCheck& check,
                          const std::optional<Outcome>& outcome, const tune::Metric& metric = {});

enum class Part {
  Instruction,
  Code,
  Documentation,
  Variables,
  Constraints,
  Inputs,
  Others,
  Outputs,
  Feedback
};

struct ProblemInstance {
  std::string instruction, code, documentation, variables, constraints, inputs, others, outputs,
      feedback;
};
/// `masked` parts stay empty, for ablations.
[[nodiscard]] ProblemInstance problem_instance(const Graph& graph, const std::string& instruction,
                                               const std::string& feedback,
                                               const std::set<Part>& masked = {});
/// `#Instruction`, its text, an empty line, `#Code`, ...
[[nodiscard]] std::string to_text(const ProblemInstance& problem);

}  // namespace placewright::agent
