// SPDX-License-Identifier: Apache-2.0
#include "agent/paper_feedback.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>

#include "explain/finding.h"
#include "support/pattern.h"
#include "workload/candidate.h"

namespace placewright::agent {
namespace {

constexpr size_t kMostRaw = 500;

constexpr std::string_view kLayout = "memory layout is unexpected";

constexpr std::array<PaperRow, 9> kRows = {{
    {1, "syntax error, unexpected ':', expecting '{'", "", "no colon in a function definition"},
    {2, "IndexTaskMap's function undefined", "", "define the function before IndexTaskMap uses it"},
    {3, "mgpu not found", "", "add mgpu = Machine(GPU);"},
    {4, "stride does not match expected value", kLayout,
     "adjust layout constraints or move tasks to another processor type"},
    {5, "DGEMM parameter number 8 had an illegal value", kLayout, "adjust the layout constraint"},
    {6, "Slice processor index out of bound", "IndexTaskMap statements cause the error",
     "end first index with % mgpu.size[0], second with % mgpu.size[1]"},
    {7, "event.exists()", "InstanceLimit statements cause the error",
     "do not generate InstanceLimit"},
    {8, "execution time", "", "move more tasks to GPU to reduce time"},
    {9, "achieved throughput", "",
     "try different IndexTaskMap or SingleTaskMap to raise throughput"},
}};

/// Collapses each run of blanks into one.
std::string squeezed(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) {
      result += c;
    } else if (!result.ends_with(' ')) {
      result += ' ';
    }
  }
  return result;
}

const PaperRow& row(int number) { return kRows[static_cast<size_t>(number - 1)]; }

/// The row for a message of our compiler.
const PaperRow* row_of_problem(const Diagnostic& problem, const SourceFile& file) {
  const std::string_view found = file.text(problem.range);
  if (problem.id == "indented-body" && found.starts_with(':')) return &row(1);
  if (problem.id == "unknown-function" || problem.id == "function-defined-below") return &row(2);
  if (problem.id == "unknown-variable" && found == "mgpu") return &row(3);
  return nullptr;
}

const PaperRow* row_of_failure(const launch::RunOutcome& outcome) {
  // Our plug-in reports this case by its own id.
  if (outcome.refusal && outcome.refusal->id == "index-out-of-range") return &row(6);
  return row_of_output(outcome.message + " " + outcome.stderr_text + " " + outcome.stdout_text);
}

std::string raw_line(const explain::Observation& run, const std::optional<PaperMetric>& metric) {
  const launch::RunOutcome& outcome = run.outcome;
  if (outcome.status == launch::RunStatus::RejectedMapping)
    return fmt::format("Compile Error: {}", explain::as_data(outcome.message, kMostRaw));
  if (outcome.status != launch::RunStatus::Ok) {
    // The end of the output says why.
    const std::string said = squeezed(outcome.stderr_text);
    const std::string last = said.size() > kMostRaw ? said.substr(said.size() - kMostRaw) : said;
    return fmt::format("Execution Error: {}{}{}", explain::as_data(outcome.message, kMostRaw),
                       last.empty() ? "" : " ",
                       last.empty() ? "" : explain::as_data(last, kMostRaw));
  }
  if (!metric) return "Performance Metric: none was found";
  if (metric->kind == PaperMetric::Kind::Seconds)
    return fmt::format("Performance Metric: execution time {:.4g}s", metric->value);
  return fmt::format("Performance Metric: achieved throughput {:.4g} GFLOPS", metric->value);
}

}  // namespace

std::optional<PaperMetric> find_paper_metric(const std::string& output) {
  static const Pattern kSeconds(R"(ELAPSED TIME *= *([0-9]+(?:\.[0-9]+)?) *s)");
  static const Pattern kGflops(R"(THROUGHPUT *= *([0-9]+(?:\.[0-9]+)?) *GFLOPS)");
  constexpr size_t kMostLine = 120;
  std::optional<PaperMetric> seconds, gflops;
  std::istringstream lines(output);
  const auto value = [](const PatternMatch& found) {
    return std::strtod(std::string(found.groups.front()).c_str(), nullptr);
  };
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > kMostLine) continue;
    if (const auto found = kSeconds.find_whole(line))
      seconds = PaperMetric{PaperMetric::Kind::Seconds, value(*found)};
    if (const auto found = kGflops.find_whole(line))
      gflops = PaperMetric{PaperMetric::Kind::Gflops, value(*found)};
  }
  return gflops ? gflops : seconds;
}

std::span<const PaperRow> paper_rows() { return kRows; }

const PaperRow* row_of_mapping(const std::string& mapping, const workload::Workload& workload,
                               const machine::MachineShape& machine) {
  const workload::Candidate candidate =
      workload::compile_candidate("some.mapping", mapping, workload, machine);
  for (const Diagnostic& problem : candidate.problems) {
    if (const PaperRow* found = row_of_problem(problem, candidate.mapping->file)) return found;
  }
  return nullptr;
}

const PaperRow* row_of_output(const std::string& output) {
  const std::string raw = squeezed(output);
  for (const int number : {4, 5, 6, 7}) {
    if (raw.find(row(number).key) != std::string::npos) return &row(number);
  }
  return nullptr;
}

const PaperRow* row_of_metric(const std::optional<PaperMetric>& metric) {
  if (!metric) return nullptr;
  return metric->kind == PaperMetric::Kind::Seconds ? &row(8) : &row(9);
}

const PaperRow* paper_row(const explain::Observation& run,
                          const std::optional<PaperMetric>& metric) {
  if (run.outcome.status == launch::RunStatus::Ok) return row_of_metric(metric);
  if (run.outcome.status != launch::RunStatus::RejectedMapping) return row_of_failure(run.outcome);
  const workload::Workload nothing{run.machine, {}};
  return row_of_mapping(run.mapping, run.workload ? *run.workload : nothing, run.machine);
}

std::string paper_hints(const PaperRow* row, FeedbackLevel level) {
  std::string text;
  if (row == nullptr) return text;
  if (level >= FeedbackLevel::Explain && !row->explain.empty())
    text += fmt::format("Explain: {}\n", row->explain);
  if (level >= FeedbackLevel::Suggest) text += fmt::format("Suggest: {}\n", row->suggest);
  return text;
}

std::string paper_feedback(const explain::Observation& run,
                           const std::optional<PaperMetric>& metric, FeedbackLevel level) {
  return raw_line(run, metric) + "\n" + paper_hints(paper_row(run, metric), level);
}

}  // namespace placewright::agent
