// SPDX-License-Identifier: Apache-2.0
#include "experiments/validity/validity_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace placewright::experiments {
namespace {

using Counts = std::map<std::string, int>;  // by application

class FrontTable {
 public:
  FrontTable(const ValidityResult& result, Front front) : applications_(result.applications) {
    for (const ValidityTrial& trial : result.trials) {
      if (trial.front != front) continue;
      ++by_outcome_[trial.outcome][trial.application];
      ++all_[trial.application];
      if (trial.outcome != kOk) ++invalid_[trial.application];
      if (is_rejected(trial.outcome)) ++rejected_[trial.application];
    }
    for (const auto& [outcome, counts] : by_outcome_) width_ = std::max(width_, outcome.size());
  }

  int drawn() const { return sum(all_); }
  int invalid() const { return sum(invalid_); }
  int rejected() const { return sum(rejected_); }

  std::string text(const std::string& title) const {
    std::string text = title + "\n" + fmt::format("{:<{}}", "", width_);
    for (const std::string& name : applications_) text += fmt::format(" {:>9}", name);
    text += fmt::format(" {:>7}\n", "all");
    text += row("drawn", all_);
    const auto ok = by_outcome_.find(kOk);
    text += row(kOk, ok == by_outcome_.end() ? Counts{} : ok->second);
    for (const auto& [outcome, counts] : by_outcome_) {
      if (outcome != kOk) text += row(outcome, counts);
    }
    return text + row("invalid", invalid_);
  }

 private:
  static int sum(const Counts& counts) {
    int total = 0;
    for (const auto& [application, count] : counts) total += count;
    return total;
  }

  std::string row(const std::string& name, const Counts& counts) const {
    std::string text = fmt::format("{:<{}}", name, width_);
    for (const std::string& application : applications_) {
      const auto found = counts.find(application);
      text += fmt::format(" {:>9}", found == counts.end() ? 0 : found->second);
    }
    return text + fmt::format(" {:>7}\n", sum(counts));
  }

  const std::vector<std::string>& applications_;
  std::map<std::string, Counts> by_outcome_;
  Counts all_, invalid_, rejected_;
  size_t width_ = 12;
};

/// Mappings that the checked front rejects although they run well as published.
int count_rejected_but_right(const ValidityResult& result) {
  std::set<std::pair<std::string, int>> right;
  for (const ValidityTrial& trial : result.trials) {
    if (trial.front == Front::AsPublished && trial.outcome == kOk)
      right.emplace(trial.application, trial.seed);
  }
  return static_cast<int>(std::ranges::count_if(result.trials, [&](const ValidityTrial& trial) {
    return trial.front == Front::Checked && is_rejected(trial.outcome) &&
           right.contains({trial.application, trial.seed});
  }));
}

std::string share_of(int count, int of) {
  if (of == 0) return "none";
  const Share share = wilson_interval(count, of);
  return fmt::format("{} of {} ({:.1f} %, 95 % interval {:.1f} to {:.1f})", count, of,
                     100 * share.value, 100 * share.low, 100 * share.high);
}

}  // namespace

Share wilson_interval(int count, int of) {
  constexpr double z = 1.96;
  const double n = of;
  const double p = count / n;
  const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {p, std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

std::string render(const ValidityResult& result) {
  const FrontTable published(result, Front::AsPublished);
  const FrontTable checked(result, Front::Checked);
  std::string text = published.text("random mappings under the rules of the published system");
  text += fmt::format("invalid: {}\n", share_of(published.invalid(), published.drawn()));
  text +=
      fmt::format("published, of another system, machine, inputs and draw: {} of {} ({:.1f} %)\n\n",
                  kPublishedInvalid, kPublishedDrawn, 100.0 * kPublishedInvalid / kPublishedDrawn);
  text += checked.text("the same mappings after checker, legality rules and memory fall-back");
  const int started = checked.drawn() - checked.rejected();
  text += fmt::format("rejected before any run, each with a message: {}\n",
                      share_of(checked.rejected(), checked.drawn()));
  text +=
      fmt::format("of them right as published, where a rule that matches nothing is ignored: {}\n",
                  count_rejected_but_right(result));
  text += fmt::format("failed of those that ran: {}\n",
                      share_of(checked.invalid() - checked.rejected(), started));
  if (result.stopped) text += "ended early: rerun the same command to continue\n";
  return text;
}

}  // namespace placewright::experiments
