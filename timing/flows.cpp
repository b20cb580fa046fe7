// SPDX-License-Identifier: Apache-2.0
#include "timing/flows.h"

#include <algorithm>
#include <limits>

namespace placewright {
namespace {

/// Rates that differ by less are the same.
constexpr double kRounding = 1 + 1e-12;

}  // namespace

Flows::Id Flows::begin(double time, double amount, double most_per_second,
                       std::span<const Passage> links) {
  if (time > now_) {
    // What changed before had its effect until now.
    update();
    now_ = time;
  }
  Flow& flow = *flows_.emplace_back(std::make_unique<Flow>());
  flow.id = next_id_++;
  flow.most_per_second = most_per_second;
  flow.left = amount;
  flow.since = now_;
  // Without links it has its ceiling from the start.
  flow.rate = most_per_second;
  flow.end = now_ + flow.left / flow.rate;
  flow.uses.reserve(links.size());
  for (const Passage& each : links) {
    Load& load = loads_.try_emplace(each.link, Load{each.link->per_second}).first->second;
    load.flows.push_back(&flow);
    flow.uses.push_back({&load, each.part});
    changed_.push_back(&load);
  }
  return flow.id;
}

std::optional<std::pair<double, Flows::Id>> Flows::next_end() {
  update();
  const auto first =
      std::ranges::min_element(flows_, {}, [](const auto& flow) { return flow->end; });
  if (first == flows_.end()) return std::nullopt;
  return std::pair((*first)->end, (*first)->id);
}

void Flows::end_next() {
  const auto [end, id] = *next_end();
  now_ = end;
  const auto ended =
      std::ranges::lower_bound(flows_, id, {}, [](const auto& flow) { return flow->id; });
  for (const Use& use : (*ended)->uses) {
    use.load->flows.erase(std::ranges::find(use.load->flows, ended->get()));
    changed_.push_back(use.load);
  }
  flows_.erase(ended);
}

double Flows::rate(Id id) {
  update();
  return (*std::ranges::lower_bound(flows_, id, {}, [](const auto& flow) { return flow->id; }))
      ->rate;
}

/// Settles the flows that share links, over however many others, with one that came or went.
void Flows::update() {
  if (changed_.empty()) return;
  for (Load* load : changed_) reach(*load);
  changed_.clear();
  for (std::size_t i = 0; i < reached_loads_.size(); ++i) {
    for (Flow* flow : reached_loads_[i]->flows) {
      if (flow->is_reached) continue;
      flow->is_reached = true;
      reached_flows_.push_back(flow);
      for (const Use& use : flow->uses) reach(*use.load);
    }
  }
  // The same sums in the same order, wherever the change came from.
  std::ranges::sort(reached_flows_, {}, &Flow::id);
  for (Flow* flow : reached_flows_) {
    flow->left = std::max(0.0, flow->left - flow->rate * (now_ - flow->since));
    flow->since = now_;
  }
  share();
  for (Flow* flow : reached_flows_) {
    flow->end = now_ + flow->left / flow->rate;
    flow->is_reached = false;
  }
  for (Load* load : reached_loads_) load->is_reached = false;
  reached_flows_.clear();
  reached_loads_.clear();
}

void Flows::reach(Load& load) {
  if (load.is_reached) return;
  load.is_reached = true;
  reached_loads_.push_back(&load);
}

/// Whether the flow cannot get more than this.
bool Flows::is_stopped(const Flow& flow, double level) {
  const double most = level * kRounding;
  return flow.most_per_second <= most ||
         std::ranges::any_of(flow.uses, [&](const Use& use) { return use.load->fair <= most; });
}

/// Progressive filling: all rates rise together until a flow's ceiling or a link is reached; the
/// flows concerned keep that rate, the others rise on.
void Flows::share() {
  for (Load* load : reached_loads_) {
    load->used = load->rising = 0;
    load->count = 0;
  }
  for (Flow* flow : reached_flows_) {
    for (const Use& use : flow->uses) {
      use.load->rising += use.part;
      ++use.load->count;
    }
  }
  std::vector<Flow*> rising = reached_flows_;
  while (!rising.empty()) {
    double level = std::numeric_limits<double>::max();
    for (Load* load : reached_loads_) {
      if (load->count == 0) continue;
      load->fair = std::max(0.0, load->per_second - load->used) / load->rising;
      level = std::min(level, load->fair);
    }
    for (const Flow* flow : rising) level = std::min(level, flow->most_per_second);
    // Decided before any load changes: exactly the flows that this level stops.
    const auto stopped = std::stable_partition(
        rising.begin(), rising.end(), [&](const Flow* flow) { return !is_stopped(*flow, level); });
    for (auto each = stopped; each != rising.end(); ++each) {
      (*each)->rate = level;
      for (const Use& use : (*each)->uses) {
        use.load->used += level * use.part;
        use.load->rising -= use.part;
        --use.load->count;
      }
    }
    rising.erase(stopped, rising.end());
  }
}

}  // namespace placewright
