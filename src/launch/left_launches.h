// SPDX-License-Identifier: Apache-2.0
// Launches that a mapping does not reach because the program has a mapper of its own for them.
#pragma once

#include <string>
#include <vector>

#include "launch/run_application.h"

namespace placewright::launch {

/// What a run under a mapping says about the launches that it did not reach; a line for each mapper.
[[nodiscard]] std::string note_left_launches(const std::vector<LeftLaunches>& launches);

}  // namespace placewright::launch
