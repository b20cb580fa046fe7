// SPDX-License-Identifier: Apache-2.0
// Cannon's algorithm's fixed inputs.
#pragma once

#include <vector>

#include "matmul/two_level_problem.h"

namespace cannon {

/// apps/matmul/README.md says where the sizes come from.
[[nodiscard]] const std::vector<apps::NamedInput<matmul::TwoLevel>>& named_inputs();

}  // namespace cannon
