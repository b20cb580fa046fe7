// SPDX-License-Identifier: Apache-2.0
#include "tune/race.h"

#include <algorithm>

#include "support/statistics.h"
#include "support/try.h"

namespace placewright::tune {

namespace {

// Fewer samples let one of them decide.
constexpr size_t kFewestForMedian = 3;

// Where two are in the middle, the lower one counts for losing, so that neither of two samples decides
// alone.
double lower_median(std::vector<double> costs) {
  std::ranges::sort(costs);
  return costs[(costs.size() - 1) / 2];
}

using Time = std::function<Result<RunResult>(const Subject& subject)>;

class Race {
 public:
  Race(const Time& time, const Subject& challenger, const Subject& incumbent,
       const std::vector<double>& known, const RaceRules& rules)
      : time_(time),
        challenger_(challenger),
        incumbent_(incumbent),
        known_(known),
        rules_(rules),
        noise_(std::clamp(rules.noise, kLeastNoise, kMostNoise)) {}

  Result<RaceResult> run() {
    PLACEWRIGHT_TRY(const bool begins_well, run_first());
    if (!begins_well) return std::move(result_);
    for (int left = rules_.max_pairs; left > 0 && (samples() < 2 || is_open(left)); --left) {
      const bool is_doubtful = samples() == 1 && better() == 0;
      if (!(rules_.is_known_well && is_doubtful)) PLACEWRIGHT_TRY_VOID(run_incumbent());
      if (result_.failure.status != Status::Ok) return std::move(result_);
      PLACEWRIGHT_TRY_VOID(run_challenger());
      if (result_.failure.status != Status::Ok) return std::move(result_);
    }
    result_.won = better() > samples() / 2;
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::vector<double> costs() const {
    return rules_.metric.costs(result_.challenger);
  }

  [[nodiscard]] size_t samples() const { return result_.challenger.size(); }

  /// How many of the challenger's samples are better by more than a third of the noise. With more than
  /// half of them it wins: where two are in the middle, the worse one counts.
  [[nodiscard]] size_t better() const {
    const double limit = reference() * (1 - noise_ / 3);
    return static_cast<size_t>(
        std::ranges::count_if(costs(), [&](double cost) { return cost < limit; }));
  }

  /// Whether so many further pairs may still decide either way.
  [[nodiscard]] bool is_open(int pairs) const {
    const auto left = static_cast<size_t>(pairs);
    const size_t needed = (samples() + left) / 2 + 1;
    return better() < needed && better() + left >= needed;
  }

  [[nodiscard]] double reference() const {
    std::vector<double> newest = result_.incumbent;
    for (size_t i = known_.size(); i > 0 && newest.size() < kFewestForMedian; --i)
      newest.push_back(known_[i - 1]);
    return median(rules_.metric.costs(std::move(newest)));
  }

  Result<void> run_incumbent() {
    PLACEWRIGHT_TRY(const RunResult run, time_(incumbent_));
    if (run.status == Status::Ok) result_.incumbent.push_back(run.metric);
    if (run.status == Status::Cancelled) result_.failure = run;
    return {};
  }

  Result<void> run_challenger() {
    PLACEWRIGHT_TRY(result_.failure, time_(challenger_));
    if (result_.challenger.empty()) result_.checksum = result_.failure.checksum;
    if (result_.failure.status == Status::Ok) result_.challenger.push_back(result_.failure.metric);
    return {};
  }

  /// One run, and a second one where the first is slow. False: it failed, or both were slow.
  Result<bool> run_first() {
    const auto is_slow = [&] { return lower_median(costs()) > reference() * (1 + noise_ / 3); };
    for (int runs = 0; runs < 2; ++runs) {
      PLACEWRIGHT_TRY_VOID(run_challenger());
      if (result_.failure.status != Status::Ok) return false;
      if (rules_.hopeless && lower_median(costs()) > reference() * *rules_.hopeless) return false;
      if (!is_slow()) return true;
    }
    return false;
  }

  const Time& time_;
  const Subject& challenger_;
  const Subject& incumbent_;
  const std::vector<double>& known_;
  const RaceRules& rules_;
  double noise_;
  RaceResult result_;
};

}  // namespace

Result<RaceResult> race(const Time& time, const Subject& challenger, const Subject& incumbent,
                        const std::vector<double>& incumbent_samples, const RaceRules& rules) {
  return Race(time, challenger, incumbent, incumbent_samples, rules).run();
}

}  // namespace placewright::tune
