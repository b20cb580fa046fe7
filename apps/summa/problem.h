// SUMMA's fixed inputs.
#pragma once

#include <vector>

#include "matmul/two_level_problem.h"

namespace summa {

/// README.md says where the sizes come from.
[[nodiscard]] const std::vector<apps::NamedInput<matmul::TwoLevel>>& named_inputs();

}  // namespace summa
