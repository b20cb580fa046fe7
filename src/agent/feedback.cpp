// SPDX-License-Identifier: Apache-2.0
#include "agent/feedback.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "agent/paper_feedback.h"
#include "explain/render.h"

namespace placewright::agent {
namespace {

constexpr size_t kLongestMessage = 2000;  // bytes

const std::array<std::pair<std::string_view, FeedbackStyle>, 7> kStyles = {{
    {"none", {FeedbackLevel::None, Wording::Ours}},
    {"execution", {FeedbackLevel::Execution, Wording::Ours}},
    {"explain", {FeedbackLevel::Explain, Wording::Ours}},
    {"suggest", {FeedbackLevel::Suggest, Wording::Ours}},
    {"paper-execution", {FeedbackLevel::Execution, Wording::Paper}},
    {"paper-explain", {FeedbackLevel::Explain, Wording::Paper}},
    {"paper", {FeedbackLevel::Suggest, Wording::Paper}},
}};

std::string status_words(const Outcome& outcome) {
  std::string words(tune::to_string(outcome.status));
  if (outcome.memory) words += fmt::format(" ({})", machine::to_string(*outcome.memory));
  return words;
}

std::string metric_sentence(const Outcome& outcome) {
  const tune::Metric& metric = outcome.metric;
  const std::string value = metric.text(*outcome.value);
  if (metric.maximizes()) return fmt::format("Achieved throughput is {}.", value);
  if (!metric.is_time()) return fmt::format("It is {}; less is better.", value);
  return fmt::format("Execution time is {:.4g}{}.", *outcome.value, metric.shown_unit());
}

/// What the published wording leaves out: how sure the value is, and of which time it is.
std::string certainty(const Outcome& outcome) {
  std::string text;
  if (outcome.metric.modelled) text += " It is modelled time.";
  if (!outcome.interval) return text + " It ran once.";
  return text + fmt::format(" Median of {} runs from {:.4g} to {:.4g}.", outcome.interval->samples,
                            outcome.interval->low, outcome.interval->high);
}

/// The bare result, with the published system's names for its three classes.
std::string raw_output(const Outcome& outcome, Wording wording) {
  if (outcome.ran())
    return "Performance Metric: " + metric_sentence(outcome) +
           (wording == Wording::Ours ? certainty(outcome) : "");
  if (outcome.status == tune::Status::RejectedMapping)
    return fmt::format("Compile Error:\n{}", outcome.message);
  return fmt::format("Execution Error ({}): {}", status_words(outcome),
                     explain::harmless(outcome.message, kLongestMessage));
}

/// Finds a failure's row by its finding: a study keeps no raw output to search for keywords.
const PaperRow* row_by_finding(const Outcome& outcome) {
  for (const explain::Finding& finding : outcome.findings) {
    const int number = finding.kind == explain::FindingKind::UnexpectedStride         ? 4
                       : finding.kind == explain::FindingKind::BlasArgument           ? 5
                       : finding.kind == explain::FindingKind::UnplaceablePoint       ? 6
                       : finding.kind == explain::FindingKind::InstanceLimitAssertion ? 7
                                                                                      : 0;
    if (number > 0) return &paper_rows()[static_cast<size_t>(number - 1)];
  }
  return nullptr;
}

/// What the run printed is not kept; its message is all there is to search.
const PaperRow* row_by_result(const Outcome& outcome, const workload::Workload& workload) {
  if (outcome.status == tune::Status::RejectedMapping)
    return row_of_mapping(outcome.mapping, workload, workload.machine);
  if (outcome.status != tune::Status::Ok) return row_of_output(outcome.message);
  if (!outcome.value) return nullptr;
  const auto kind =
      outcome.metric.maximizes() ? PaperMetric::Kind::Gflops : PaperMetric::Kind::Seconds;
  return row_of_metric(PaperMetric{kind, *outcome.value});
}

std::string paper_text(const Outcome& outcome, FeedbackLevel level,
                       const workload::Workload& workload) {
  const PaperRow* row = row_by_result(outcome, workload);
  if (row == nullptr) row = row_by_finding(outcome);
  return raw_output(outcome, Wording::Paper) + "\n" + paper_hints(row, level);
}

std::string explanation(const explain::Finding& finding) {
  std::string text = fmt::format("- {} [{}, weight {:.2f}]", finding.what,
                                 explain::to_string(finding.kind), finding.weight);
  for (const explain::Fact& fact : finding.evidence)
    text += fmt::format("; {}: {}", fact.name, fact.value);
  text += "\n";
  if (!finding.why.empty()) text += fmt::format("  Why: {}\n", finding.why);
  for (const explain::MappingLine& line : finding.lines)
    text += fmt::format("  Where: {}\n", line.text);
  return text;
}

std::string suggestion(const explain::Finding& finding) {
  std::string text;
  if (!finding.advice.empty()) text += fmt::format("  Try: {}\n", finding.advice);
  for (const explain::Edit& edit : finding.edits) {
    std::string rules = edit.rules;
    while (rules.ends_with('\n')) rules.pop_back();
    text += fmt::format("  To {}:\n{}\n", edit.label, rules);
  }
  return text;
}

}  // namespace

std::optional<FeedbackStyle> parse_feedback(std::string_view word) {
  const auto found = std::ranges::find(kStyles, word, [](const auto& each) { return each.first; });
  return found == kStyles.end() ? std::nullopt : std::optional(found->second);
}

std::string to_string(const FeedbackStyle& style) {
  if (style.level == FeedbackLevel::None) return "none";
  const auto found =
      std::ranges::find(kStyles, style, [](const auto& each) { return each.second; });
  return std::string(found->first);
}

const std::vector<std::string>& feedback_words() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> list;
    for (const auto& [word, style] : kStyles) list.emplace_back(word);
    return list;
  }();
  return words;
}

Outcome outcome_of(const tune::Verdict& verdict, const std::string& mapping,
                   const std::string& annotated, const tune::Metric& metric) {
  const tune::Evaluation& evaluation = verdict.evaluation;
  Outcome outcome{evaluation.status,
                  evaluation.median,
                  evaluation.message,
                  evaluation.memory,
                  verdict.findings,
                  mapping,
                  metric,
                  verdict.repeated && !verdict.retraced};
  if (evaluation.judged > 1)
    outcome.interval = median_interval(std::span(evaluation.samples).first(evaluation.judged));
  if (outcome.status == tune::Status::RejectedMapping && !annotated.empty())
    outcome.message = annotated;
  return outcome;
}

std::string feedback_text(const Outcome& outcome, const FeedbackStyle& style,
                          const workload::Workload& workload, int budget_tokens) {
  if (style.level == FeedbackLevel::None) return "";
  if (style.wording == Wording::Paper) return paper_text(outcome, style.level, workload);
  std::string text = raw_output(outcome, style.wording) + "\n";
  if (outcome.repeated)
    text += "These decisions had been tried before, in other words; this is their result.\n";
  if (style.level == FeedbackLevel::Execution) return text;
  const size_t limit =
      static_cast<size_t>(std::max(budget_tokens, 0)) * explain::kCharactersPerToken;
  size_t left_out = 0;
  for (const explain::Finding& finding : outcome.findings) {
    std::string part = explanation(finding);
    if (style.level == FeedbackLevel::Suggest) part += suggestion(finding);
    if (left_out > 0 || text.size() + part.size() > limit) {
      ++left_out;
    } else {
      text += part;
    }
  }
  if (left_out > 0) text += fmt::format("({} findings of less weight are left out)\n", left_out);
  return text;
}

bool are_apart(const Outcome& a, const Outcome& b) {
  return a.interval && b.interval &&
         (a.interval->high < b.interval->low || b.interval->high < a.interval->low);
}

std::string one_line(const Outcome& outcome) {
  if (outcome.ran()) {
    const std::string value = outcome.metric.text(*outcome.value);
    if (!outcome.interval) return value + " (one run)";
    return fmt::format("{} [{:.4g}, {:.4g}]", value, outcome.interval->low, outcome.interval->high);
  }
  const std::string first = outcome.message.substr(0, outcome.message.find('\n'));
  return fmt::format("{}: {}", status_words(outcome), explain::harmless(first, 300));
}

}  // namespace placewright::agent
