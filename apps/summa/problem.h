// SUMMA's command line and its fixed inputs.
#pragma once

#include <string>
#include <vector>

#include "common/options.h"
#include "matmul/two_level_problem.h"

namespace summa {

using Problem = matmul::TwoLevel;
using Options = apps::OptionsResult<Problem>;

[[nodiscard]] Options parse_options(const std::vector<std::string>& arguments);

/// README.md says where the sizes come from.
[[nodiscard]] const std::vector<apps::NamedInput<Problem>>& named_inputs();

}  // namespace summa
