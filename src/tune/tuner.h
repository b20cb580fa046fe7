// SPDX-License-Identifier: Apache-2.0
// The search from beginning to end: discovery, baselines, candidates, closing comparison. Decides
// what is worth a run and when to stop, but not how to run it (evaluator.h) or what to try
// (strategy.h).
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "support/clock.h"
#include "tune/evaluator.h"
#include "tune/progress.h"
#include "tune/report.h"
#include "tune/settings.h"
#include "tune/strategy.h"
#include "workload/candidate.h"

namespace placewright::tune {

struct TuneContext {
  const Settings& settings;
  Evaluator& evaluator;
  StudyStore& store;
  const Clock& clock;
  Progress& progress;
  StrategyMaker make_strategy;
  std::function<bool()> stop;  ///< True once the user has asked to stop. May be empty.
};

/// One search. A store with evaluations is resumed: nothing it contains is run again.
class Tuner {
 public:
  explicit Tuner(TuneContext context);

  /// Errors: the application fails under the default mapper or has no metric, the expert mapping
  /// has errors, the store cannot be written, nothing can be run. The store keeps everything found
  /// so far.
  [[nodiscard]] Result<Report> run();

  /// Seconds of the budget that are left; decreases while run() runs.
  [[nodiscard]] double remaining_s() const;

 private:
  // One line of the archive and how to run it.
  struct Contender {
    Evaluation evaluation;
    Subject subject;
    workload::ResolvedDecisions decisions;  ///< Empty for other commands.
    std::vector<explain::Finding> findings;
    bool explained = false;  ///< The findings of its profile run are present.
  };

  // preparation.cpp: what is known before the search.
  Result<void> load();
  Result<void> prepare_space();
  Result<void> prepare_checksum();
  Result<void> measure_baselines();
  Result<std::vector<Contender>> missing_baselines();
  Result<void> time_baselines(std::vector<Contender>& fresh);

  // tuner.cpp: the search.
  Result<void> choose_incumbent();
  Result<void> search();
  Result<Verdict> judge(const Proposal& proposal, std::string_view strategy);
  Result<void> evaluate(Contender& contender, ExtraSamples& incumbent);
  Result<void> verify(Contender& contender);
  Result<void> explain(Contender& contender);
  void check_checksum(Evaluation& evaluation, const std::string& checksum) const;
  Result<Contender*> record(Contender contender, const ExtraSamples& incumbent);
  Contender* keep(Contender contender);

  // conclusion.cpp: the closing comparison.
  Result<Report> conclude();
  Result<void> run_final_rounds(const std::vector<const Contender*>& contenders, Report& report);
  void add_rows(const std::vector<const Contender*>& contenders, Report& report) const;
  void choose_best(Report& report);
  void describe_best(Report& report) const;
  void count_failures(Report& report) const;

  [[nodiscard]] bool stopped() const { return context_.stop && context_.stop(); }
  [[nodiscard]] double elapsed_s() const;
  [[nodiscard]] double run_wall_s() const;       ///< Wall time of a timing run, estimated so far.
  [[nodiscard]] double first_timeout_s() const;  ///< Used until a run shows how long one takes.
  [[nodiscard]] double timeout_s() const;
  [[nodiscard]] int row_count() const;  ///< Different runs of the closing comparison.
  [[nodiscard]] double reserve_s() const;
  [[nodiscard]] double noise() const;
  [[nodiscard]] std::string best_line() const;
  [[nodiscard]] Contender* find(Origin baseline) const;
  [[nodiscard]] bool verifies_in_timing_runs() const;

  TuneContext context_;
  double started_s_ = 0;
  double earlier_s_ = 0;  ///< Time used by the sessions that this one resumes.
  std::unique_ptr<SearchSpace> space_;
  std::unique_ptr<Strategy> strategy_;
  workload::Candidate default_;  ///< The mapping that spells out the default mapper's decisions.
  std::string checksum_;         ///< The default mapper's; empty: there is none.
  std::vector<std::unique_ptr<Contender>> archive_;
  std::map<std::string, Contender*> by_decisions_;
  Contender* incumbent_ = nullptr;
  const Contender* best_ = nullptr;
  std::vector<double> walls_;
  double slowest_baseline_s_ = 0;
  int candidates_ = 0;
  int repeats_ = 0;
};

}  // namespace placewright::tune
