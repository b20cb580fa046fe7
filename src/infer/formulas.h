// SPDX-License-Identifier: Apache-2.0
// The candidate formulas for index maps, simplest first, as mapper authors write them. Each is text
// in our language, so that fitting uses the same evaluator as a run.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace placewright::infer {

/// An expression with a label for use in function names.
struct Formula {
  std::string label;  ///< "block", "cyclic", ...
  std::string text;
};

/// A local name and the expression that it stands for.
struct Step {
  std::string name;
  std::string text;
};

/// The candidate formulas for launches of one dimension on one machine. A map is either one of
/// `wholes`, an expression for a processor, or one of `nodes` together with one of `ordinals`.
struct FormulaSpace {
  std::string machine;      ///< The variable that holds the processor space.
  std::vector<Step> steps;  ///< A step uses only earlier steps.
  std::vector<Formula> nodes;
  std::vector<Formula> ordinals;
  std::vector<Formula> wholes;
};

struct LaunchFamily {
  int dim = 1;
  bool starts_at_zero = true;  ///< All launches have the lower bound 0.
  int64_t largest_volume = 1;
};

/// `node_count` x `width` processors; beyond 64 of either, fixed numbers and grids are left out.
[[nodiscard]] FormulaSpace formula_space(std::string machine, const LaunchFamily& family,
                                         int node_count, int width);

/// The body of a function that returns `result`, with only the necessary steps.
[[nodiscard]] std::string function_body(const FormulaSpace& space, std::string_view result);

}  // namespace placewright::infer
