// SPDX-License-Identifier: Apache-2.0
// The table that a search ends with, as plain text for stdout.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tune/evaluation.h"
#include "tune/settings.h"
#include "workload/decisions.h"

namespace placewright::tune {

struct ReportRow {
  std::string name;  ///< A baseline's word, or one of the three below.
  std::string note;  ///< "same decisions as expert", "descent, evaluation 17".
  Status status = Status::Ok;
  std::string message;
  std::vector<double> samples;  ///< Element i of every row comes from the same round.
};

inline constexpr std::string_view kBestRow = "best";
/// The search's own mapping where a baseline is the best.
inline constexpr std::string_view kCandidateRow = "candidate";
/// The user's command without Placewright.
inline constexpr std::string_view kUntouchedRow = "untouched";

struct Report {
  std::string title;         ///< Name of the study.
  std::string time_label;    ///< What kind of values: never two kinds in one table.
  Metric metric;             ///< What the samples are.
  bool final_rounds = true;  ///< False: the search ended early; samples are those of the search.
  std::vector<ReportRow> rows;
  int evaluations = 0;  ///< Candidates that were run or rejected, without baselines.
  int repeats = 0;      ///< Proposals that resolved to decisions seen before.
  std::map<std::string, int> failures;  ///< By kind, with the memory: "out-of-memory (FBMEM)".
  double elapsed_s = 0;
  double log10_assignments = 0;
  double log10_distinct = 0;
  bool gain = false;  ///< best is better than default beyond the interval of their ratio.
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

/// Groups differences with the same change: "FBMEM -> ZCMEM: `a` argument 1; `b` argument 2".
[[nodiscard]] std::vector<std::string> summarize(
    const std::vector<workload::Difference>& differences);

}  // namespace placewright::tune
