// SPDX-License-Identifier: Apache-2.0
// The feedback that a model gets about an evaluation: from the bare result to explanations and
// suggestions, in our words (from findings) or in those of the published agent (nine rows, by
// keyword). Everything that comes from the program is data: bounded, without control characters,
// in backticks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/feedback_level.h"
#include "explain/finding.h"
#include "support/statistics.h"
#include "tune/strategy.h"

namespace placewright::agent {

/// Whose words to use. `Paper` is the faithful setting, which also has no repair rounds.
enum class Wording { Ours, Paper };

struct FeedbackStyle {
  FeedbackLevel level = FeedbackLevel::Suggest;
  Wording wording = Wording::Ours;
  friend bool operator==(const FeedbackStyle&, const FeedbackStyle&) = default;
};
/// `none`, `execution`, `explain`, `suggest`; `paper-execution`, `paper-explain`, `paper` (which
/// suggests).
[[nodiscard]] std::optional<FeedbackStyle> parse_feedback(std::string_view word);
[[nodiscard]] std::string to_string(const FeedbackStyle& style);
[[nodiscard]] const std::vector<std::string>& feedback_words();

/// The result of a mapping as it is reported: from an evaluation, or from a check alone.
struct Outcome {
  tune::Status status = tune::Status::Ok;
  std::optional<double> value;  ///< Median of an Ok run, as printed.
  std::string message;          ///< A failure's message; a rejected mapping's annotated source.
  std::optional<machine::MemoryKind> memory;
  std::vector<explain::Finding> findings;
  std::string mapping;    ///< The text that was judged.
  tune::Metric metric;    ///< What the value means.
  bool repeated = false;  ///< Its decisions had been tried before: this is the earlier result.
  /// The runs that the verdict knew; unset where there was only one.
  std::optional<MedianInterval> interval = std::nullopt;
  [[nodiscard]] bool ran() const { return status == tune::Status::Ok && value; }
};
/// Whether the intervals of two that ran do not overlap, so that one of them is better for sure.
[[nodiscard]] bool are_apart(const Outcome& a, const Outcome& b);
/// Uses only what a resumed study knows too. For a rejected mapping `annotated` replaces the
/// message, because its positions refer to the file that the study keeps.
[[nodiscard]] Outcome outcome_of(const tune::Verdict& verdict, const std::string& mapping,
                                 const std::string& annotated, const tune::Metric& metric);

/// A token is about four characters.
inline constexpr int kFeedbackTokens = 1500;

/// One paragraph a line. Empty at level None.
[[nodiscard]] std::string feedback_text(const Outcome& outcome, const FeedbackStyle& style,
                                        const workload::Workload& workload,
                                        int budget_tokens = kFeedbackTokens);

/// "0.00109 s [0.00107, 0.00111]" or "out-of-memory (FBMEM): no room for `rp_wires`", one line.
[[nodiscard]] std::string one_line(const Outcome& outcome);

}  // namespace placewright::agent
