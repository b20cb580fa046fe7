// SPDX-License-Identifier: Apache-2.0
// The table that a search ends with, as plain text for stdout.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tune/evaluation.h"
#include "tune/evaluator.h"
#include "tune/forecast/forecasts.h"
#include "tune/settings.h"
#include "workload/decisions.h"

namespace placewright::tune {

struct ReportRow {
  std::string name;  ///< A baseline's word, or one of the three below.
  std::string note;  ///< "same decisions as expert", "descent, evaluation 17".
  Status status = Status::Ok;
  std::string message;
  std::vector<double> samples;  ///< Element i of every row comes from the same round.
  /// The same for each input, where there are several.
  std::vector<std::vector<double>> by_input;
};

inline constexpr std::string_view kBestRow = "best";
/// The search's own mapping where a baseline is the best.
inline constexpr std::string_view kCandidateRow = "candidate";
/// The user's command without Placewright.
inline constexpr std::string_view kUntouchedRow = "untouched";

/// What the closing comparison says about the best mapping against the default.
enum class Gain {
  None,    ///< Not better beyond what repeated runs differ by.
  Likely,  ///< Better in all rounds but at most one, which are too few to be sure.
  Sure     ///< Better beyond the interval of the ratio, at 95 %.
};

struct Report {
  std::string title;          ///< Name of the study.
  std::string time_label;     ///< What kind of values: never two kinds in one table.
  Metric metric;              ///< What the samples are.
  bool final_rounds = true;   ///< False: there was no whole closing comparison; samples are those
                              ///< of the search.
  std::string why_no_rounds;  ///< In words for the user, where there was none.
  std::vector<ReportRow> rows;
  std::vector<std::string> inputs;   ///< Their names, where there are several.
  int evaluations = 0;               ///< Candidates that were run or rejected, without baselines.
  std::optional<Explored> explored;  ///< Where mappings were timed in steps of one run.
  std::optional<ForecastSummary> forecasts;
  ResultsCheck results;                 ///< Those of mappings that were timed in steps.
  int repeats = 0;                      ///< Proposals that resolved to decisions seen before.
  std::map<std::string, int> failures;  ///< By kind, with the memory: "out-of-memory (FBMEM)".
  double elapsed_s = 0;
  double log10_assignments = 0;
  double log10_distinct = 0;
  Gain gain = Gain::None;
  bool verified = true;
  std::vector<workload::Difference> versus_default;
  std::vector<workload::Difference> versus_expert;
  bool has_expert = false;
  std::string best_mapping;  ///< The text that reproduces the row "best".
  std::string strategy;      ///< The strategy's own summary; lines, or nothing.
};

/// The row of this name; null where there is none, and where it has no samples.
[[nodiscard]] const ReportRow* find_measured(const Report& report, std::string_view name);

/// The kind of values that the application prints in runs with these settings.
[[nodiscard]] std::string_view time_label(const Settings& settings);

[[nodiscard]] std::string render(const Report& report);

/// `noise` is the relative spread of repeated runs. `costs` and `reference` have an element for each
/// round; without rounds they are unpaired samples of a search, which make a gain likely at most.
[[nodiscard]] Gain gain_of(const std::vector<double>& costs, const std::vector<double>& reference,
                           double noise, bool paired);

/// Groups differences with the same change: "FBMEM -> ZCMEM: `a` argument 1; `b` argument 2".
[[nodiscard]] std::vector<std::string> summarize(
    const std::vector<workload::Difference>& differences);

}  // namespace placewright::tune
