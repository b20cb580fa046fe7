// SPDX-License-Identifier: Apache-2.0
// Johnson's algorithm as a problem: its command line and its fixed inputs.
#pragma once

#include <string>
#include <vector>

#include "common/options.h"
#include "matmul/geometry.h"

namespace johnson {

struct Problem {
  matmul::Size size;
  int64_t g = 1;  ///< Points along each side of the cube.
  [[nodiscard]] matmul::Cube cube() const { return {g, g, g}; }
};

/// Empty when the problem can be built, else what is wrong with it.
[[nodiscard]] std::string find_mistake(const Problem& problem);

using Options = apps::OptionsResult<Problem>;

[[nodiscard]] Options parse_options(const std::vector<std::string>& arguments);

/// apps/matmul/README.md says where the sizes come from.
[[nodiscard]] const std::vector<apps::NamedInput<Problem>>& named_inputs();

}  // namespace johnson
