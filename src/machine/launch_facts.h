// SPDX-License-Identifier: Apache-2.0
// What the condition of a rule can ask about a launch.
#pragma once

#include <cstdint>
#include <optional>

#include "machine/domain.h"

namespace placewright::machine {

struct LaunchFacts {
  std::optional<LaunchDomain> domain;  ///< Empty for a single task.
  int64_t tag = 0;                     ///< The launcher's tag.
  int64_t depth = 0;                   ///< Nesting depth of the task; 0 for the top-level task.
  int64_t mapper = 0;                  ///< The launcher's mapper id.
};

}  // namespace placewright::machine
