// SPDX-License-Identifier: Apache-2.0
// The published system's feedback ("AutoGuide"): nine rows that turn a word of the raw output into
// an explanation and a suggestion. Kept as published, for comparison with findings; unlike
// findings, a row can be triggered by a word in the program's own output. The three compiler rows
// match on the ids of our messages, because their wording is ours.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agent/feedback_level.h"
#include "explain/observation.h"

namespace placewright::agent {

struct PaperRow {
  int number = 0;
  std::string_view key;  ///< What the raw output holds.
  std::string_view explain;
  std::string_view suggest;
};

/// All nine, in the published order.
[[nodiscard]] std::span<const PaperRow> paper_rows();

/// The metric of a run that ended well.
struct PaperMetric {
  enum class Kind { Seconds, Gflops };
  Kind kind = Kind::Seconds;
  double value = 0;
};

/// The last line of the form `ELAPSED TIME = 0.03 s` or, where there is one, `THROUGHPUT = 4877
/// GFLOPS`, the metric of the published matrix multiplications.
[[nodiscard]] std::optional<PaperMetric> find_paper_metric(const std::string& output);

/// The row that applies to a mapping that our compiler rejects; nullptr where none does, as below.
[[nodiscard]] const PaperRow* row_of_mapping(const std::string& mapping,
                                             const workload::Workload& workload,
                                             const machine::MachineShape& machine);
/// The row for what a run that failed has printed.
[[nodiscard]] const PaperRow* row_of_output(const std::string& output);
/// The row for a run that ended well.
[[nodiscard]] const PaperRow* row_of_metric(const std::optional<PaperMetric>& metric);
/// One of these, by the run's outcome.
[[nodiscard]] const PaperRow* paper_row(const explain::Observation& run,
                                        const std::optional<PaperMetric>& metric);

/// By level "Explain: ..." and "Suggest: ...", a line each; empty without a row.
[[nodiscard]] std::string paper_hints(const PaperRow* row, FeedbackLevel level);

/// One line of raw output ("Compile Error: ...", "Execution Error: ...", "Performance Metric:
/// ..."), then the hints. Text from the program is in backticks.
[[nodiscard]] std::string paper_feedback(const explain::Observation& run,
                                         const std::optional<PaperMetric>& metric,
                                         FeedbackLevel level);

}  // namespace placewright::agent
