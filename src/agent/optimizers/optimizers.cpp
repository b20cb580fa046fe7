// SPDX-License-Identifier: Apache-2.0
#include "agent/optimizers/optimizers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "support/check.h"
#include "support/try.h"

namespace placewright::agent {
namespace {

using Maker = std::unique_ptr<Optimizer> (*)(AgentParts);

constexpr std::array<std::pair<std::string_view, Maker>, 5> kMakers = {
    {{"optoprime", make_optoprime},
     {"opro", make_opro},
     {"reflect", make_reflect},
     {"best-of-n", make_best_of_n},
     {"no-feedback", make_no_feedback}}};

}  // namespace

const std::vector<std::string>& optimizer_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const auto& [name, maker] : kMakers) list.emplace_back(name);
    return list;
  }();
  return names;
}

Result<std::unique_ptr<Optimizer>> make_optimizer(std::string_view name, AgentParts parts) {
  const auto found = std::ranges::find(kMakers, name, [](const auto& each) { return each.first; });
  PLACEWRIGHT_CHECK(found != kMakers.end());
  std::unique_ptr<Optimizer> optimizer = found->second(std::move(parts));
  PLACEWRIGHT_TRY_VOID(optimizer->prepare());
  return optimizer;
}

}  // namespace placewright::agent
