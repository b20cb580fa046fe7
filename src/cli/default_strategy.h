// SPDX-License-Identifier: Apache-2.0
// Which search a command uses where the user names none.
#pragma once

#include <string>

#include "cli/agent_options.h"

namespace placewright::cli {

/// `reflect` with a model, else `advisor`.
[[nodiscard]] std::string default_strategy(const AgentOptions& options);

}  // namespace placewright::cli
