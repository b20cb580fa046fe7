// SPDX-License-Identifier: Apache-2.0
// COSMA as a problem: its command line and its fixed inputs.
#pragma once

#include <string>
#include <vector>

#include "common/options.h"
#include "matmul/geometry.h"

namespace cosma {

struct Problem {
  matmul::Size size;
  int64_t gx = 1, gy = 1, gz = 1;  ///< Points along i (rows of A), j (columns of A) and k.
  [[nodiscard]] matmul::Cube cube() const { return {gx, gy, gz}; }
};

/// Empty when the problem can be built, else what is wrong with it.
[[nodiscard]] std::string find_mistake(const Problem& problem);

using Options = apps::OptionsResult<Problem>;

[[nodiscard]] Options parse_options(const std::vector<std::string>& arguments);

/// apps/matmul/README.md says where the sizes come from.
[[nodiscard]] const std::vector<apps::NamedInput<Problem>>& named_inputs();

}  // namespace cosma
