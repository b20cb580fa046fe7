// SPDX-License-Identifier: Apache-2.0
// Looks for fast mappings by forecasts alone, as many as there is time for: keeps the best and changes
// some of their decisions. Runs nothing and measures nothing.
#pragma once

#include <functional>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "policy/policy.h"
#include "tune/forecast/forecaster.h"
#include "tune/search_space.h"
#include "workload/candidate.h"

namespace placewright::tune {

/// What every forecast mapping changes: the rules of a mapping, and what they decide as far as knobs can
/// say.
struct ForecastBase {
  std::shared_ptr<const policy::Policy> policy;
  Assignment assignment;
};

/// `defaults`: default_candidate(). Errors: the space's base mapping is rejected.
[[nodiscard]] Result<ForecastBase> forecast_base(const SearchSpace& space,
                                                 const workload::Candidate& defaults);

/// One for each processor of this machine.
[[nodiscard]] int usable_threads();

class ForecastSearch {
 public:
  struct Found {
    Assignment assignment;
    double step_s = 0;  ///< Simulated.
  };

  /// `space` and `forecaster` outlive it. It begins with the base, `others`, and what differs from the
  /// base in one choice.
  ForecastSearch(const SearchSpace& space, const Forecaster& forecaster, ForecastBase base,
                 const std::vector<Assignment>& others, uint64_t seed);

  /// Goes on until `stop`, which is asked on all threads, until nothing better was found for long, or until nothing new is. `progress`
  /// is told how many sets of decisions there were. What is found in a number of them does not depend
  /// on `threads`.
  void run(int threads, const std::function<bool()>& stop,
           const std::function<void(size_t)>& progress);

  /// The fastest, at most kMostKept, in their order; of those with the same forecast the first one.
  [[nodiscard]] const std::vector<Found>& best() const { return best_; }
  /// The forecasts of all sets of decisions that have one, seconds.
  [[nodiscard]] const std::vector<double>& all() const { return all_; }
  /// How many were forecast to end a run, or could not be forecast.
  [[nodiscard]] size_t failed() const { return failed_; }
  [[nodiscard]] size_t count() const { return all_.size() + failed_; }
  /// Nothing else can be reached.
  [[nodiscard]] bool is_exhausted() const { return is_exhausted_; }

  static constexpr size_t kMostKept = 128;

 private:
  [[nodiscard]] uint64_t draw(uint64_t choices) { return generator_() % choices; }
  /// Choices without an effect are the base's.
  [[nodiscard]] Assignment without_inactive(Assignment assignment) const;
  /// About a thousand sets of decisions that were not forecast before.
  [[nodiscard]] std::vector<Assignment> next_generation();
  void forecast(std::vector<Assignment> generation, int threads, const std::function<bool()>& stop);
  [[nodiscard]] Assignment child();
  [[nodiscard]] const Assignment& parent();
  [[nodiscard]] Assignment random_assignment();
  void change_knob(Assignment& assignment);
  void change_group(Assignment& assignment);
  void change_kinds(Assignment& assignment);
  void mix(Assignment& assignment, const Assignment& other);
  void turn(Assignment& assignment, size_t knob, int choice) const;
  void keep(Assignment assignment, double step_s);

  const SearchSpace* space_;
  const Forecaster* forecaster_;
  ForecastBase base_;
  std::mt19937_64 generator_;
  std::vector<Assignment> first_;  ///< What is still to be forecast before anything is drawn.
  std::set<Assignment> seen_;
  std::vector<Found> best_;
  /// As best_, with those of the same forecast, the newest first: a decision may have an effect only
  /// together with one that has none alone.
  std::vector<Found> parents_;
  std::vector<double> all_;
  size_t failed_ = 0;
  bool is_exhausted_ = false;
};

}  // namespace placewright::tune
