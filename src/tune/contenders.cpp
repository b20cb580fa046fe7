// SPDX-License-Identifier: Apache-2.0
#include "tune/contenders.h"

#include <algorithm>
#include <utility>

namespace placewright::tune {

Contender& Contenders::keep(Contender contender) {
  Contender& kept = all_.emplace_back(std::move(contender));
  if (!kept.evaluation.decisions.empty()) by_decisions_.emplace(kept.evaluation.decisions, &kept);
  if (!is_baseline(kept.evaluation.origin)) ++candidates_;
  return kept;
}

const Contender* Contenders::find(Origin baseline) const {
  const auto found = std::ranges::find(
      all_, baseline, [](const Contender& each) { return each.evaluation.origin; });
  return found == all_.end() ? nullptr : &*found;
}

Contender* Contenders::find(const std::string& decisions) {
  const auto found = by_decisions_.find(decisions);
  return found == by_decisions_.end() ? nullptr : found->second;
}

}  // namespace placewright::tune
