// SPDX-License-Identifier: Apache-2.0
#include "cli/strategies.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "agent/optimizers/optimizers.h"
#include "agent/program/program.h"
#include "support/text.h"
#include "support/try.h"
#include "tune/strategies/advisor.h"
#include "tune/strategies/wider.h"

namespace placewright::cli {
namespace {

std::unique_ptr<tune::Strategy> make_advisor(const tune::SearchSpace& space, uint64_t) {
  return tune::make_advisor(space);
}

const std::map<std::string, tune::StrategyMaker>& makers() {
  static const std::map<std::string, tune::StrategyMaker> all = {
      {"advisor", tune::make_wider(make_advisor)},
      {"descent", tune::make_wider(tune::make_descent_strategy)},
      {"random", tune::make_random_strategy}};
  return all;
}

}  // namespace

std::vector<std::string> strategy_names() {
  std::vector<std::string> names = agent::optimizer_names();
  for (const auto& [name, maker] : makers()) names.push_back(name);
  std::ranges::sort(names);
  return names;
}

bool asks_model(const std::string& strategy) {
  const auto& names = agent::optimizer_names();
  return std::ranges::find(names, strategy) != names.end();
}

Result<void> check_strategy(const std::string& name) {
  if (makers().contains(name) || asks_model(name)) return {};
  const std::vector<std::string> names = strategy_names();
  const std::string_view nearest = nearest_word(name, names);
  return fail(
      fmt::format("unknown strategy `{}`, expected one of: {}", name, fmt::join(names, ", ")),
      nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest));
}

tune::StrategyMaker strategy_maker(const std::string& name, const AgentOptions& options,
                                   const tune::Settings& search,
                                   const std::shared_ptr<llm::LanguageModel>& model,
                                   const std::function<void(const std::string&)>& note) {
  if (!asks_model(name)) return makers().at(name);
  return [=, metric = search.metric, restrictions = agent::restrictions_of(search)](
             const tune::SearchSpace& space,
             uint64_t seed) -> Result<std::unique_ptr<tune::Strategy>> {
    PLACEWRIGHT_TRY(auto settings, agent_settings(options, seed, space.machine()));
    // With the pinned rules, which a starting file need not have.
    if (space.base() && !options.start.empty()) {
      PLACEWRIGHT_TRY(settings.start, agent::split_mapping(space.base()->text));
    }
    PLACEWRIGHT_TRY(auto prompts, read_prompts(options));
    PLACEWRIGHT_TRY(auto optimizer, agent::make_optimizer(name, {space, model, std::move(prompts),
                                                                 std::move(settings), seed, note,
                                                                 metric, restrictions}));
    return std::unique_ptr<tune::Strategy>(std::move(optimizer));
  };
}

}  // namespace placewright::cli
