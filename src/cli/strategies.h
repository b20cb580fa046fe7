// The search strategies that a user can name, wherever they live.
#pragma once

#include <string>
#include <vector>

#include "support/result.h"
#include "tune/strategy.h"

namespace placewright::cli {

[[nodiscard]] std::vector<std::string> strategy_names();

/// Errors: an unknown name, with the nearest.
[[nodiscard]] Result<tune::StrategyMaker> find_strategy(const std::string& name);

}  // namespace placewright::cli
