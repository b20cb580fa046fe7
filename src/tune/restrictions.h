// SPDX-License-Identifier: Apache-2.0
// Where a search begins and what it must not change: a starting mapping, rules that stay, tasks
// that may change. Decides nothing about what to try within that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/result.h"
#include "tune/search_space.h"
#include "tune/settings.h"
#include "workload/candidate.h"

namespace placewright::tune {

class Restrictions {
 public:
  /// Restricts nothing.
  Restrictions() = default;

  /// Gives the space its base mapping, and fixes the knobs that must not turn. `defaults` is
  /// default_candidate(). Errors: a starting or pinned mapping that is rejected, two that contradict
  /// each other (with the positions of their rules), a pattern that fits no task, nothing left to
  /// decide.
  [[nodiscard]] static Result<Restrictions> make(const Settings& settings,
                                                 const workload::Candidate& defaults,
                                                 SearchSpace& space);

  /// Why a mapping must not be tried; nullopt if it may. It must have a policy.
  [[nodiscard]] std::optional<std::string> objection(const workload::Candidate& candidate) const;

  /// The mapping with which the search begins; empty: the faster of the baselines.
  [[nodiscard]] const std::string& start() const { return start_; }

 private:
  Result<void> begin(const Settings& settings, SearchSpace& space);
  Result<void> choose_tasks(const Settings& settings, const SearchSpace& space);
  Result<workload::Candidate> join(const NamedText& start, const SearchSpace& space) const;
  void fix_knobs(SearchSpace& space) const;

  std::optional<workload::Candidate> pins_;
  std::string start_;
  workload::ResolvedDecisions base_;  ///< What tasks that must not change decide.
  std::vector<bool> frozen_;          ///< By task; empty: none is.
  const SearchSpace* space_ = nullptr;
};

}  // namespace placewright::tune
