// SPDX-License-Identifier: Apache-2.0
#include "tune/contenders.h"

#include <algorithm>
#include <utility>

namespace placewright::tune {

Contender& Contenders::keep(Contender contender) {
  Contender& kept = all_.emplace_back(std::move(contender));
  const Evaluation& evaluation = kept.evaluation;
  if (!evaluation.mapping.empty()) by_mapping_.emplace(evaluation.mapping, &kept);
  if (!evaluation.decisions.empty() && evaluation.status == Status::Ok)
    by_decisions_.emplace(evaluation.decisions, &kept);
  if (!is_baseline(evaluation.origin)) ++candidates_;
  return kept;
}

const Contender* Contenders::find(Origin baseline) const {
  const auto found = std::ranges::find(
      all_, baseline, [](const Contender& each) { return each.evaluation.origin; });
  return found == all_.end() ? nullptr : &*found;
}

Contender* Contenders::find(const std::string& mapping, const std::string& decisions) {
  if (const auto same = by_mapping_.find(mapping); same != by_mapping_.end()) return same->second;
  const auto found = by_decisions_.find(decisions);
  return found == by_decisions_.end() ? nullptr : found->second;
}

}  // namespace placewright::tune
