// SPDX-License-Identifier: Apache-2.0
// What a search has: the parts that its caller gives it, what is known of the application, and
// everything evaluated so far. preparation.h makes one, judging.h adds candidates, conclusion.h
// compares the best. Neither runs anything nor decides what to try.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tune/budget.h"
#include "tune/contenders.h"
#include "tune/evaluator.h"
#include "tune/forecast/forecasts.h"
#include "tune/progress.h"
#include "tune/restrictions.h"
#include "tune/settings.h"
#include "tune/strategy.h"
#include "workload/candidate.h"

namespace placewright::tune {

/// All of them outlive the search.
struct SearchParts {
  const Settings& settings;
  Evaluator& evaluator;  ///< By whole runs.
  StudyStore& store;
  Budget& budget;
  Progress& progress;
  StrategyMaker make_strategy;
  std::function<bool()> stop;      ///< True once the user has asked to stop. May be empty.
  StepEvaluator* steps = nullptr;  ///< May be null: everything by whole runs.

  [[nodiscard]] bool stopped() const { return stop && stop(); }
};

/// Wall times of timing runs so far.
struct RunTimes {
  std::vector<double> walls_s;
  std::vector<double> races_s;    ///< Those that ran at the same time, in steps.
  double slowest_baseline_s = 0;  ///< 0 until one has run.
  double profiles_s = 0;          ///< All profile runs.
  double guess_s = 0;             ///< At least what a run takes, until one has run.
  double correctness_s = 0;       ///< The default mapper's; 0: unknown.
};

struct Search {
  SearchParts parts;
  std::unique_ptr<SearchSpace> space;
  Restrictions restrictions;
  std::unique_ptr<Strategy> strategy;
  workload::Candidate defaults;  ///< The mapping that spells out the default mapper's decisions.
  std::string checksum;          ///< The default mapper's; empty: there is none.
  Metric metric;                 ///< What the samples of evaluations are.
  Metric closing_metric;         ///< The settings', with its unit once that was printed.
  /// Mappings are timed in steps of one run. Then samples are seconds of a step.
  bool by_steps = false;
  Contenders contenders;
  Contender* incumbent = nullptr;  ///< Set once the baselines are measured.
  RunTimes times;
  std::unique_ptr<Forecasts> forecasts;  ///< Null: nothing is forecast.
  int batch = 1;                         ///< Proposals that are raced at the same time.
  int races_since_incumbent = 0;         ///< Since one in which the incumbent ran.
  int repeats = 0;                       ///< Proposals that resolved to decisions seen before.
  int refused = 0;                       ///< Proposals that the restrictions exclude.
  /// The last member, so that nothing that the others wait for in their destructors goes on.
  OpenBudget open;
};

/// Times one mapping as the search does. `lane`: see StepEvaluator.
[[nodiscard]] Result<RunResult> time(const Search& search, const Subject& subject, int lane = 0);
inline constexpr int kMostLanes = 8;
/// Fewer rounds of the closing comparison show nothing.
inline constexpr int kFewestRounds = 3;
/// A visit that costs so many times another mapping's shows by itself that its mapping is slower.
inline constexpr double kHopelessVisit = 1.3;
/// What a starting mapping has as its strategy.
inline constexpr std::string_view kStart = "start";

/// Whether the search may begin from it or write it at the end: it keeps the restrictions.
[[nodiscard]] bool may_win(const Search& search, const Contender& contender);

/// The limit on one run of a baseline, which may well be slower than one that ran before.
[[nodiscard]] double first_timeout_s(const Search& search);
/// The limit on one run of a candidate. The budget may leave less than a slow candidate deserves.
[[nodiscard]] double timeout_s(const Search& search);
[[nodiscard]] bool is_cut_by_budget(const Search& search);
/// The limit on one run of the closing comparison, as far as the budget allows it.
[[nodiscard]] double closing_timeout_s(const Search& search);
/// The budget without the time that is for the closing comparison alone.
[[nodiscard]] double search_limit_s(const Search& search);
/// The wall time of a closing comparison of so many rounds. The row kUntouchedRow may be left out
/// where time is short.
[[nodiscard]] double closing_s(const Search& search, int rounds, bool with_untouched);
/// Whether the budget suffices for trying one more mapping and the closing comparison after it.
[[nodiscard]] bool can_run_more(const Search& search);
/// How many further rounds of a race the budget allows; at least one, at most `most`.
[[nodiscard]] int affordable_pairs(const Search& search, int most);
/// Why no further mapping can be tried beside `more` that are about to be, as a sentence for the user;
/// nullopt while one can.
[[nodiscard]] std::optional<std::string> limit_reached(const Search& search, int more = 0);
/// Errors: the budget is too small for one mapping and the closing comparison, with what is needed.
[[nodiscard]] Result<void> check_budget(const Search& search);
/// What checking results may take; 0 where the budget is too small for it.
[[nodiscard]] double results_check_s(const Search& search);
/// Keeps what checking results and the closing comparison need.
void reserve_closing(const Search& search);
/// Relative spread of repeated runs of one mapping, seen so far.
[[nodiscard]] double noise(const Search& search);
/// "best 0.912 s (descent), 0.871 of default"; empty while nothing is measured.
[[nodiscard]] std::string best_line(const Search& search);

/// Writes an evaluation to the study, then keeps it; it may become the incumbent. `extra` are the
/// incumbent's samples from the same race.
[[nodiscard]] Result<Contender*> record(Search& search, Contender contender,
                                        const ExtraSamples& extra);

}  // namespace placewright::tune
