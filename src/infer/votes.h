// SPDX-License-Identifier: Apache-2.0
// The observed decisions of each task, counted: instances of a task may have been mapped in
// different ways, and a mapping can express one.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "infer/observed.h"
#include "machine/domain.h"
#include "machine/kinds.h"
#include "workload/workload.h"

namespace placewright::infer {

/// Counts how often each answer occurred.
template <class T>
class Votes {
 public:
  void add(const T& answer) { ++counts_[answer]; }
  [[nodiscard]] bool empty() const { return counts_.empty(); }
  [[nodiscard]] bool unanimous() const { return counts_.size() <= 1; }
  /// Most frequent first.
  [[nodiscard]] std::vector<T> ranking() const {
    std::vector<std::pair<T, int>> all(counts_.begin(), counts_.end());
    std::ranges::stable_sort(all, std::greater<>(), &std::pair<T, int>::second);
    std::vector<T> result;
    for (const auto& [answer, count] : all) result.push_back(answer);
    return result;
  }
  [[nodiscard]] T winner() const { return ranking().front(); }

 private:
  std::map<T, int> counts_;
};

struct ArgumentVotes {
  std::map<machine::ProcessorKind, Votes<machine::MemoryKind>> memories;
  Votes<std::string> layouts;
  Votes<bool> collects;
};

struct TaskVotes {
  Votes<machine::ProcessorKind> kinds;
  Votes<int> priorities;
  std::set<int> shard_nodes;  ///< Empty if it is not replicated.
  int depth = 0;
  std::vector<ArgumentVotes> arguments;
  std::map<std::pair<machine::ProcessorKind, machine::LaunchDomain>,
           std::map<machine::DomainPoint, Votes<ObservedPlace>>>
      points;
  std::map<machine::ProcessorKind, Votes<ObservedPlace>> single_places;
};

/// The votes of the workload's tasks, by name. Tasks whose names cannot be written in a mapping are
/// left out. Adds to `warnings` what the language cannot express.
[[nodiscard]] std::map<std::string, TaskVotes> count_votes(std::span<const ObservedTask> observed,
                                                           const workload::Workload& workload,
                                                           std::vector<std::string>& warnings);

}  // namespace placewright::infer
