// SPDX-License-Identifier: Apache-2.0
// Compares strategies by many searches: every contestant searches every application several times,
// each search with its own study in one folder. Finished searches are not run again, so the same
// command resumes an interrupted experiment. Independent of how strategies work.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/result.h"
#include "tune/settings.h"
#include "tune/strategy.h"
#include "tune/study_store.h"

namespace placewright::experiments {

/// A strategy with all its settings.
struct Contestant {
  std::string name;      ///< Row of the table, and part of file names.
  std::string strategy;  ///< As in tune::Settings.
  int evaluations = 10;  ///< Most candidates of one search.
  std::string facts;     ///< The settings that are not in tune::Settings, for the study.
  /// Makes the strategy for one search; its model calls go through the store.
  std::function<Result<tune::StrategyMaker>(tune::StudyStore&, const tune::Settings&)> maker;
};

struct SearchExperimentSettings {
  std::vector<tune::Settings> applications;
  std::vector<Contestant> contestants;
  int runs = 5;  ///< Per contestant and application, with seeds `seed`, ...
  uint64_t seed = 1;
  std::string folder;  ///< Made if it is not there.
  std::function<bool()> stop;
  std::function<void(const std::string&)> note;  ///< For the user; may be empty.
};

/// One search. Throughputs are relative: time of the baseline over time of the mapping, or what the
/// mapping prints over what the baseline does where larger values are better.
struct SearchRun {
  std::string application;
  std::string contestant;
  uint64_t seed = 0;
  /// Why it ended without a result, if it did; the rest is what it had until then.
  std::optional<std::string> error;
  int candidates = 0;                   ///< Run or rejected.
  int invalid = 0;                      ///< How many of them did not end with the right result.
  std::map<std::string, int> failures;  ///< By status.
  /// The best throughput so far after each candidate, relative to the default mapper; 0 until one
  /// was valid. From the search's samples.
  std::vector<double> curve;
  /// Throughput of the final best candidate; 0 without a valid one. From the closing comparison if
  /// the candidate took part in it, else from the search's samples.
  double versus_default = 0;
  std::optional<double> versus_expert;  ///< Unset without an expert mapping.
  tune::CallTotals calls;
  double elapsed_s = 0;
};

struct SearchExperimentResult {
  std::string time_label;  ///< What kind of time; the same for all rows.
  std::vector<SearchRun> runs;
  bool stopped = false;  ///< The user ended it.
  /// Whether something is missing: it was stopped, or a search failed.
  [[nodiscard]] bool failed() const;
};

/// Errors: the folder cannot be written, applications whose times are of different kinds, a study
/// there that was started with other settings. A search that fails is a run with an `error`.
[[nodiscard]] Result<SearchExperimentResult> run_search_experiment(
    const SearchExperimentSettings& settings);

}  // namespace placewright::experiments
