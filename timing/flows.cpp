// SPDX-License-Identifier: Apache-2.0
#include "timing/flows.h"

#include <algorithm>
#include <limits>

namespace placewright {

Flows::Id Flows::begin(double time, Demand demand) {
  settle(std::max(time, settled_));
  Flow flow;
  flow.left = demand.amount;
  flow.demand = std::move(demand);
  flows_.emplace(next_id_, std::move(flow));
  share();
  return next_id_++;
}

std::optional<std::pair<double, Flows::Id>> Flows::next_end() const {
  std::optional<std::pair<double, Id>> next;
  for (const auto& [id, flow] : flows_) {
    const double end = settled_ + flow.left / flow.rate;
    if (!next || end < next->first) next = {end, id};
  }
  return next;
}

void Flows::end_next() {
  const auto [end, id] = *next_end();
  settle(end);
  flows_.erase(id);
  share();
}

/// Lets time pass up to `time`, which is not before the last change.
void Flows::settle(double time) {
  const double passed = time - settled_;
  settled_ = time;
  for (auto& [id, flow] : flows_) flow.left = std::max(0.0, flow.left - flow.rate * passed);
}

/// Progressive filling: all rates rise together until a flow's ceiling or a link is reached; the
/// flows concerned keep that rate, the others rise on.
void Flows::share() {
  struct Load {
    double used = 0;
    double rising = 0;  ///< The parts of the flows whose rates still rise.
  };
  std::map<const Link*, Load> loads;
  std::vector<Flow*> rising;
  for (auto& [id, flow] : flows_) {
    rising.push_back(&flow);
    for (const Passage& each : flow.demand.links) loads[each.link].rising += each.part;
  }
  const auto fair = [&](const Link* link) {
    const Load& load = loads.at(link);
    return std::max(0.0, link->per_second - load.used) / load.rising;
  };
  const auto reachable = [&](const Flow& flow) {
    double rate = flow.demand.most_per_second;
    for (const Passage& each : flow.demand.links) rate = std::min(rate, fair(each.link));
    return rate;
  };
  while (!rising.empty()) {
    double level = std::numeric_limits<double>::max();
    for (const Flow* flow : rising) level = std::min(level, reachable(*flow));
    // Decided before any load changes: exactly the flows that this level stops.
    const auto stopped = std::partition(rising.begin(), rising.end(), [&](const Flow* flow) {
      return reachable(*flow) > level * (1 + 1e-12);
    });
    for (auto each = stopped; each != rising.end(); ++each) {
      (*each)->rate = level;
      for (const Passage& passage : (*each)->demand.links) {
        Load& load = loads.at(passage.link);
        load.used += level * passage.part;
        load.rising -= passage.part;
      }
    }
    rising.erase(stopped, rising.end());
  }
}

}  // namespace placewright
