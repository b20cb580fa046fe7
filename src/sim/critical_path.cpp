// SPDX-License-Identifier: Apache-2.0
#include "sim/critical_path.h"

#include <algorithm>
#include <map>

namespace placewright::sim {
std::vector<Blame> critical_path(const Timeline& timeline, const Labels& labels,
                                 const workload::Recording& recording,
                                 const ModelledMachine& machine, ActivityId last, double since_s) {
  std::map<std::string, double> sums;
  const double end_s = timeline.end(last);
  for (ActivityId at = last; at != kNoActivity && timeline.end(at) > since_s;
       at = timeline.cause(at)) {
    const double seconds = timeline.end(at) - std::max(timeline.start(at), since_s);
    if (seconds > 0) sums[words(labels.of(at), recording, machine)] += seconds;
    // It may have been in line for what was free, because somebody else's turn was before.
    const ActivityId before = timeline.cause(at);
    const double from_s = std::max(before == kNoActivity ? 0 : timeline.end(before), since_s);
    if (timeline.start(at) > from_s) sums["waiting"] += timeline.start(at) - from_s;
  }
  std::vector<Blame> list;
  for (const auto& [what, seconds] : sums)
    list.push_back({what, seconds, seconds / (end_s - since_s)});
  std::ranges::stable_sort(list, std::ranges::greater(), &Blame::seconds);
  return list;
}

}  // namespace placewright::sim
