// SPDX-License-Identifier: Apache-2.0
#include "tune/forecast/forecast_search.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <optional>
#include <thread>
#include <utility>

#include "support/lanes.h"
#include "tune/forecast/changed_rules.h"

namespace placewright::tune {
namespace {

constexpr size_t kGeneration = 1024;
/// So many draws in a row that were seen before: what can be reached is exhausted.
constexpr size_t kMostRepeats = 100'000;
/// A search that found nothing better in so many sets of decisions ends, but not before so many.
constexpr size_t kPatience = 8'000;
constexpr size_t kFewest = 12'000;
/// Forecasts that differ by less are of mappings that do the same.
constexpr double kSame = 1e-9;

}  // namespace

Result<ForecastBase> forecast_base(const SearchSpace& space, const workload::Candidate& defaults) {
  if (!space.base()) return ForecastBase{defaults.policy, space.defaults()};
  const workload::Candidate base = workload::compile_candidate("base.mapping", space.base()->text,
                                                               space.workload(), space.machine());
  if (base.policy == nullptr) return fail("the starting mapping is rejected:\n" + base.messages);
  return ForecastBase{base.policy, space.base()->assignment};
}

int usable_threads() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

ForecastSearch::ForecastSearch(const SearchSpace& space, const Forecaster& forecaster,
                               ForecastBase base, const std::vector<Assignment>& others,
                               uint64_t seed)
    : space_(&space), forecaster_(&forecaster), base_(std::move(base)), generator_(seed) {
  first_.push_back(base_.assignment);
  first_.insert(first_.end(), others.begin(), others.end());
  for (size_t knob = 0; knob < space.knobs().size(); ++knob) {
    for (size_t choice = 0; choice < space.knobs()[knob].choices.size(); ++choice) {
      Assignment neighbour = base_.assignment;
      turn(neighbour, knob, static_cast<int>(choice));
      first_.push_back(std::move(neighbour));
    }
  }
}

void ForecastSearch::turn(Assignment& assignment, size_t knob, int choice) const {
  if (!space_->knobs()[knob].fixed) assignment[knob] = choice;
}

Assignment ForecastSearch::without_inactive(Assignment assignment) const {
  const Assignment whole = assignment;
  for (size_t knob = 0; knob < assignment.size(); ++knob)
    if (!space_->is_active(whole, static_cast<int>(knob)))
      assignment[knob] = base_.assignment[knob];
  return assignment;
}

std::vector<Assignment> ForecastSearch::next_generation() {
  std::vector<Assignment> generation;
  const auto add = [&](Assignment assignment) {
    assignment = without_inactive(std::move(assignment));
    const bool is_new = seen_.insert(assignment).second;
    if (is_new) generation.push_back(std::move(assignment));
    return is_new;
  };
  for (Assignment& assignment : std::exchange(first_, {})) add(std::move(assignment));
  if (best_.empty() && !generation.empty()) return generation;
  size_t repeats = 0;
  while (generation.size() < kGeneration && repeats < kMostRepeats && !space_->knobs().empty())
    repeats = add(child()) ? 0 : repeats + 1;
  return generation;
}

void ForecastSearch::run(int threads, const std::function<bool()>& stop,
                         const std::function<void(size_t)>& progress) {
  double best_s = std::numeric_limits<double>::infinity();
  size_t best_at = 0;
  while (!stop()) {
    std::vector<Assignment> generation = next_generation();
    is_exhausted_ = generation.empty();
    if (is_exhausted_) return;
    forecast(std::move(generation), threads, stop);
    progress(count());
    if (!best_.empty() && best_.front().step_s < best_s) {
      best_s = best_.front().step_s;
      best_at = count();
    }
    if (count() >= kFewest && count() - best_at >= kPatience) return;
  }
}

void ForecastSearch::forecast(std::vector<Assignment> generation, int threads,
                              const std::function<bool()>& stop) {
  // Unset: there was no time for it.
  std::vector<std::optional<Result<double>>> forecasts(generation.size());
  std::atomic<size_t> next = 0;
  run_in_lanes(threads, [&](int) {
    // A large program may take a second for each.
    for (size_t i = next++; i < generation.size() && !stop(); i = next++) {
      const ChangedRules rules(*space_, *base_.policy, base_.assignment, generation[i]);
      forecasts[i] = forecaster_->step_s(rules);
    }
  });
  for (size_t i = 0; i < generation.size(); ++i) {
    if (!forecasts[i]) continue;
    if (*forecasts[i]) {
      keep(std::move(generation[i]), **forecasts[i]);
    } else {
      ++failed_;
    }
  }
}

void ForecastSearch::keep(Assignment assignment, double step_s) {
  all_.push_back(step_s);
  const auto among = std::ranges::lower_bound(parents_, step_s, {}, &Found::step_s);
  parents_.insert(among, {assignment, step_s});
  if (parents_.size() > kMostKept) parents_.pop_back();
  const auto place = std::ranges::lower_bound(best_, step_s, {}, &Found::step_s);
  const auto is_same = [&](const Found& other) {
    return std::abs(other.step_s - step_s) <= kSame * step_s;
  };
  if (place != best_.end() && is_same(*place)) return;
  if (place != best_.begin() && is_same(*std::prev(place))) return;
  best_.insert(place, {std::move(assignment), step_s});
  if (best_.size() > kMostKept) best_.pop_back();
}

Assignment ForecastSearch::random_assignment() {
  Assignment assignment = base_.assignment;
  for (size_t knob = 0; knob < assignment.size(); ++knob)
    turn(assignment, knob, static_cast<int>(draw(space_->knobs()[knob].choices.size())));
  return assignment;
}

/// Good ones more often than others.
const Assignment& ForecastSearch::parent() {
  const std::vector<Found>& from = draw(2) == 0 ? best_ : parents_;
  const uint64_t one = draw(from.size());
  const uint64_t other = draw(from.size());
  return from[std::min(one, other)].assignment;
}

/// A few decisions are changed more often than many.
Assignment ForecastSearch::child() {
  if (best_.empty() || draw(8) == 0) return random_assignment();
  Assignment assignment = parent();
  if (draw(4) == 0) mix(assignment, parent());
  if (draw(4) == 0) change_group(assignment);
  if (draw(16) == 0) change_kinds(assignment);
  do change_knob(assignment);
  while (draw(2) == 0);
  return assignment;
}

void ForecastSearch::change_knob(Assignment& assignment) {
  constexpr int kDraws = 8;
  for (int i = 0; i < kDraws; ++i) {
    const size_t knob = draw(space_->knobs().size());
    if (!space_->is_active(assignment, static_cast<int>(knob))) continue;
    turn(assignment, knob, static_cast<int>(draw(space_->knobs()[knob].choices.size())));
    return;
  }
}

/// Memories of collections that overlap are turned together.
void ForecastSearch::change_group(Assignment& assignment) {
  if (space_->groups().empty()) return;
  const KnobGroup& group = space_->groups()[draw(space_->groups().size())];
  const Knob& first = space_->knobs()[static_cast<size_t>(group.knobs.front())];
  const Choice wanted = first.choices[draw(first.choices.size())];
  for (const int knob : group.knobs) {
    const std::vector<Choice>& choices = space_->knobs()[static_cast<size_t>(knob)].choices;
    const auto found = std::ranges::find(choices, wanted);
    if (found != choices.end())
      turn(assignment, static_cast<size_t>(knob), static_cast<int>(found - choices.begin()));
  }
}

/// All tasks to one kind of processor, as far as they can go there.
void ForecastSearch::change_kinds(Assignment& assignment) {
  const machine::ProcessorKind wanted =
      machine::kProcessorKinds[draw(machine::kProcessorKinds.size())];
  for (size_t knob = 0; knob < assignment.size(); ++knob) {
    const std::vector<Choice>& choices = space_->knobs()[knob].choices;
    const auto found = std::ranges::find(choices, Choice(wanted));
    if (found != choices.end()) turn(assignment, knob, static_cast<int>(found - choices.begin()));
  }
}

/// Whole tasks are taken from another one.
void ForecastSearch::mix(Assignment& assignment, const Assignment& other) {
  std::vector<bool> taken;
  for (size_t task = 0; task < space_->workload().tasks.size(); ++task)
    taken.push_back(draw(2) == 0);
  for (size_t knob = 0; knob < assignment.size(); ++knob)
    if (taken[static_cast<size_t>(space_->knobs()[knob].task)]) assignment[knob] = other[knob];
}

}  // namespace placewright::tune
