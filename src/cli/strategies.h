// SPDX-License-Identifier: Apache-2.0
// The search strategies that a user can name, from tune/ and agent/.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/agent_options.h"
#include "support/result.h"
#include "tune/strategy.h"

namespace placewright::cli {

[[nodiscard]] std::vector<std::string> strategy_names();
[[nodiscard]] bool asks_model(const std::string& strategy);

/// Errors: an unknown name, with the nearest.
[[nodiscard]] Result<void> check_strategy(const std::string& name);

/// `name` must be known. Of the settings: what is improved and what must not change. `model` may be null for strategies that do not use one; `note` receives
/// messages for the user during the search.
[[nodiscard]] tune::StrategyMaker strategy_maker(
    const std::string& name, const AgentOptions& options, const tune::Settings& search,
    const std::shared_ptr<llm::LanguageModel>& model,
    const std::function<void(const std::string&)>& note);

}  // namespace placewright::cli
