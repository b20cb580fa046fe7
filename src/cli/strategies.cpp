#include "cli/strategies.h"

#include <fmt/format.h>

#include <map>

#include "support/text.h"

namespace placewright::cli {
namespace {

const std::map<std::string, tune::StrategyMaker>& makers() {
  static const std::map<std::string, tune::StrategyMaker> all = {
      {"descent", tune::make_descent_strategy}, {"random", tune::make_random_strategy}};
  return all;
}

}  // namespace

std::vector<std::string> strategy_names() {
  std::vector<std::string> names;
  for (const auto& [name, maker] : makers()) names.push_back(name);
  return names;
}

Result<tune::StrategyMaker> find_strategy(const std::string& name) {
  if (const auto found = makers().find(name); found != makers().end()) return found->second;
  const std::vector<std::string> names = strategy_names();
  const std::string_view nearest = nearest_word(name, names);
  return fail(
      fmt::format("unknown strategy `{}`, expected one of: {}", name, fmt::join(names, ", ")),
      nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest));
}

}  // namespace placewright::cli
