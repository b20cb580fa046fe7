// SPDX-License-Identifier: Apache-2.0
// Solomonik's 2.5D algorithm as a problem: its command line and its fixed inputs.
#pragma once

#include <string>
#include <vector>

#include "common/options.h"
#include "matmul/geometry.h"

namespace solomonik {

struct Problem {
  matmul::Size size;
  int64_t rpoc = 1;   ///< Points along i and j in a layer.
  int64_t c = 1;      ///< Layers, each with its range of k.
  int64_t rpoc3 = 1;  ///< Steps in which a point goes through its layer's range of k.
  [[nodiscard]] matmul::Cube cube() const { return {rpoc, rpoc, c}; }
};

/// Empty when the problem can be built, else what is wrong with it.
[[nodiscard]] std::string find_mistake(const Problem& problem);

using Options = apps::OptionsResult<Problem>;

[[nodiscard]] Options parse_options(const std::vector<std::string>& arguments);

/// apps/matmul/README.md says where the sizes come from.
[[nodiscard]] const std::vector<apps::NamedInput<Problem>>& named_inputs();

}  // namespace solomonik
