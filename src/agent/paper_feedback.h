// SPDX-License-Identifier: Apache-2.0
// The published system's feedback ("AutoGuide"): nine rows that turn a word of the raw output into
// an explanation and a suggestion. Kept as published, for comparison with findings; here a word in
// the program's own output does trigger a row. The compiler's three rows go by the ids of our
// messages, because their words are ours.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "explain/observation.h"

namespace placewright::explain {

struct PaperRow {
  int number = 0;
  std::string_view key;  ///< What the raw output holds.
  std::string_view explain;
  std::string_view suggest;
};

/// All nine, in the published order.
[[nodiscard]] std::span<const PaperRow> paper_rows();

/// What the published experiments vary.
enum class FeedbackLevel { Execution, Explain, Suggest };

/// What a run that ended well is judged by.
struct PaperMetric {
  enum class Kind { Seconds, Gflops };
  Kind kind = Kind::Seconds;
  double value = 0;
};

/// The last line of the form `ELAPSED TIME = 0.03 s` or, where there is one, `THROUGHPUT = 4877
/// GFLOPS`: the published matrix multiplications are judged by that.
[[nodiscard]] std::optional<PaperMetric> find_paper_metric(const std::string& output);

/// The row that applies to a run; nullptr where none does.
[[nodiscard]] const PaperRow* paper_row(const Observation& run,
                                        const std::optional<PaperMetric>& metric);

/// One line of raw output ("Compile Error: ...", "Execution Error: ...", "Performance Metric:
/// ..."), then by level "Explain: ..." and "Suggest: ...". The program's words stand in backticks.
[[nodiscard]] std::string paper_feedback(const Observation& run,
                                         const std::optional<PaperMetric>& metric,
                                         FeedbackLevel level);

}  // namespace placewright::explain
