// SPDX-License-Identifier: Apache-2.0
// The command line of stencil, and its fixed inputs.
#pragma once

#include <string>
#include <vector>

#include "common/options.h"
#include "problem.h"

namespace stencil {

using Options = apps::OptionsResult<Problem>;

[[nodiscard]] Options parse_options(const std::vector<std::string>& arguments);

/// README.md says where the sizes come from.
[[nodiscard]] const std::vector<apps::NamedInput<Problem>>& named_inputs();

}  // namespace stencil
