// SPDX-License-Identifier: Apache-2.0
#include "tune/replay.h"

#include <fmt/format.h>

#include "support/clock.h"
#include "support/try.h"
#include "tune/evaluator.h"
#include "tune/progress.h"
#include "tune/tuner.h"

namespace placewright::tune {
namespace {

/// A finished study's record answers every request, so a request for a run ends the replay.
class NoEvaluator : public StepEvaluator {
 public:
  Result<workload::Workload> discover() override {
    has_no_record_ = true;
    return fail("the study was interrupted before its discovery run ended",
                "resume it before replaying it");
  }
  Result<RunResult> verify(const Subject&) override { return unknown(); }
  Result<RunResult> time(const Subject&, double) override { return unknown(); }
  Result<std::vector<explain::Finding>> explain(const Subject&,
                                                const workload::Workload&) override {
    return std::vector<explain::Finding>();
  }
  Result<RunResult> begin(bool) override { return RunResult(); }
  [[nodiscard]] Explored explored() const override { return {}; }
  /// What it found out is in the record: it changed the status of evaluations.
  Result<Walked> walk(const std::vector<std::string>&) override {
    Walked nothing;
    nothing.result.status = Status::Cancelled;
    return nothing;
  }
  [[nodiscard]] bool was_asked() const { return asked_; }
  [[nodiscard]] bool has_no_record() const { return has_no_record_; }

 private:
  Result<RunResult> unknown() {
    asked_ = true;
    RunResult result;
    result.status = Status::Cancelled;
    return result;
  }
  bool asked_ = false;
  bool has_no_record_ = false;
};

/// Forwards every call and compares the proposals with the record.
class ComparingStrategy : public Strategy {
 public:
  ComparingStrategy(std::unique_ptr<Strategy> strategy, const std::vector<Evaluation>& recorded,
                    int& reproduced, bool& left_record)
      : strategy_(std::move(strategy)),
        recorded_(recorded),
        reproduced_(reproduced),
        left_record_(left_record) {}

  std::string_view name() const override { return strategy_->name(); }
  void begin(const Start& start) override { strategy_->begin(start); }
  Result<std::optional<Proposal>> ask() override {
    auto proposal = strategy_->ask();
    const bool proposes = proposal && *proposal;
    const bool is_recorded = proposes && is_next(**proposal);
    left_record_ = proposes && !is_recorded;
    if (is_recorded) ++reproduced_;
    return proposal;
  }
  void tell(const Proposal& proposal, const Verdict& verdict) override {
    strategy_->tell(proposal, verdict);
  }
  int most_open() const override { return strategy_->most_open(); }
  std::string why_nothing() const override { return strategy_->why_nothing(); }
  WantedFindings wants_findings() const override { return strategy_->wants_findings(); }

 private:
  [[nodiscard]] bool is_next(const Proposal& proposal) const {
    const auto next = static_cast<size_t>(reproduced_);
    return next < recorded_.size() && recorded_[next].mapping.ends_with(proposal.mapping);
  }

  std::unique_ptr<Strategy> strategy_;
  const std::vector<Evaluation>& recorded_;
  int& reproduced_;
  bool& left_record_;  // whether the last proposal was not the next one of the record
};

}  // namespace

Result<Replay> replay(const Settings& settings, StudyStore& store, const StrategyMaker& maker) {
  PLACEWRIGHT_TRY(auto recorded, store.evaluations());
  std::erase_if(recorded,
                [&](const Evaluation& each) { return !each.is_proposed_by(settings.strategy); });
  Replay result;
  result.recorded = static_cast<int>(recorded.size());
  bool left_record = false;
  const StrategyMaker comparing = [&](const SearchSpace& space,
                                      uint64_t seed) -> Result<std::unique_ptr<Strategy>> {
    PLACEWRIGHT_TRY(auto made, maker(space, seed));
    return std::make_unique<ComparingStrategy>(std::move(made), recorded, result.reproduced,
                                               left_record);
  };
  NoEvaluator evaluator;
  const SteadyClock clock;
  Budget budget(clock, settings.budget_s);
  const auto silent = make_silent_progress();
  // A request that the record cannot answer ends the replay; the closing comparison is skipped too.
  const auto stop = [&] { return evaluator.was_asked(); };
  Settings of_record = settings;
  // Where steps are timed it is in the closing comparison only, which is not replayed.
  PLACEWRIGHT_TRY(const StudyFacts facts, store.facts());
  const auto measured = facts.find(kMeasuredFact);
  if (measured != facts.end() && measured->second == kSteps) of_record.handwritten_command.clear();
  const auto report =
      run_search({of_record, evaluator, store, budget, *silent, comparing, stop, &evaluator});
  if (evaluator.has_no_record()) return tl::unexpected(report.error());
  if (result.is_complete()) return result;
  result.stopped_by = !report       ? report.error().message
                      : left_record ? "the strategy proposed a mapping that the study does not have"
                                    : "the strategy had nothing left to propose";
  return result;
}

}  // namespace placewright::tune
