// SPDX-License-Identifier: Apache-2.0
#include "sim/loads.h"

#include <algorithm>
#include <utility>

namespace placewright::sim {
namespace {

/// If nothing else uses anything.
double alone_s(const Work& work) {
  double seconds = work.least_s;
  for (const Demand& flow : work.flows)
    seconds = std::max(seconds, flow.amount / flow.most_per_second);
  return work.duration_s + seconds;
}

}  // namespace

void Loads::name(const Link& link, std::string name) {
  links_[&link] = {{std::move(name), 0}, link.per_second};
}

void Loads::add(const Work& work) {
  const double seconds = alone_s(work);
  const auto occupy = [&](EngineId engine, double share) {
    const auto known = engines_.find(engine);
    if (known != engines_.end()) known->second.seconds += share * seconds;
  };
  for (const EngineUse& use : work.engines) occupy(use.engine, use.share);
  // Which one of several it takes is not known yet.
  if (work.any_of.size() == 1) occupy(work.any_of.front(), 1);
  for (const Demand& flow : work.flows) {
    for (const Passage& passage : flow.links) {
      const auto known = links_.find(passage.link);
      if (known != links_.end())
        known->second.load.seconds += flow.amount * passage.part / known->second.per_second;
    }
  }
}

std::vector<NamedLoad> Loads::all() const {
  std::vector<NamedLoad> list;
  for (const auto& [engine, load] : engines_) list.push_back(load);
  for (const auto& [link, load] : links_) list.push_back(load.load);
  std::erase_if(list, [](const NamedLoad& each) { return each.seconds <= 0; });
  // Addresses of links have no order that means anything.
  std::ranges::sort(list, [](const NamedLoad& a, const NamedLoad& b) {
    return std::pair(b.seconds, a.what) < std::pair(a.seconds, b.what);
  });
  return list;
}

}  // namespace placewright::sim
