// SPDX-License-Identifier: Apache-2.0
#include "agent/paper_feedback.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <regex>
#include <sstream>

#include "explain/finding.h"
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

workload::Candidate check(const explain::Observation& run) {
  const workload::Workload nothing{run.machine, {}};
  return workload::compile_candidate(run.mapping_name, run.mapping,
                                     run.workload ? *run.workload : nothing, run.machine);
}

/// Row 1, 2 or 3 for a message of our compiler; 0 for others.
int row_of(const Diagnostic& problem, const SourceFile& file) {
  const std::string_view found = file.text(problem.range);
  if (problem.id == "indented-body" && found.starts_with(':')) return 1;
  if (problem.id == "unknown-function" || problem.id == "function-defined-below") return 2;
  if (problem.id == "unknown-variable" && found == "mgpu") return 3;
  return 0;
}

int compile_row(const explain::Observation& run) {
  const workload::Candidate candidate = check(run);
  for (const Diagnostic& problem : candidate.problems) {
    if (const int row = row_of(problem, candidate.mapping->file); row != 0) return row;
  }
  return 0;
}

std::string raw_output(const launch::RunOutcome& outcome) {
  return squeezed(outcome.message + " " + outcome.stderr_text + " " + outcome.stdout_text);
}

int execution_row(const launch::RunOutcome& outcome) {
  // Our plug-in reports this case by its own id.
  if (outcome.refusal && outcome.refusal->id == "index-out-of-range") return 6;
  const std::string raw = raw_output(outcome);
  for (const int row : {4, 5, 6, 7}) {
    if (raw.find(kRows[static_cast<size_t>(row - 1)].key) != std::string::npos) return row;
  }
  return 0;
}

int row_number(const explain::Observation& run, const std::optional<PaperMetric>& metric) {
  if (run.outcome.status == launch::RunStatus::RejectedMapping) return compile_row(run);
  if (run.outcome.status != launch::RunStatus::Ok) return execution_row(run.outcome);
  if (!metric) return 0;
  return metric->kind == PaperMetric::Kind::Seconds ? 8 : 9;
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
  static const std::regex kSeconds(R"(ELAPSED TIME = ([0-9]+(?:\.[0-9]+)?) s)");
  static const std::regex kGflops(R"(THROUGHPUT = ([0-9]+(?:\.[0-9]+)?) GFLOPS)");
  constexpr size_t kMostLine = 120;
  std::optional<PaperMetric> seconds, gflops;
  std::istringstream lines(output);
  std::smatch found;
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > kMostLine) continue;
    if (std::regex_match(line, found, kSeconds))
      seconds = PaperMetric{PaperMetric::Kind::Seconds, std::stod(found[1])};
    if (std::regex_match(line, found, kGflops))
      gflops = PaperMetric{PaperMetric::Kind::Gflops, std::stod(found[1])};
  }
  return gflops ? gflops : seconds;
}

std::span<const PaperRow> paper_rows() { return kRows; }

const PaperRow* paper_row(const explain::Observation& run,
                          const std::optional<PaperMetric>& metric) {
  const int number = row_number(run, metric);
  return number == 0 ? nullptr : &kRows[static_cast<size_t>(number - 1)];
}

std::string paper_feedback(const explain::Observation& run,
                           const std::optional<PaperMetric>& metric, FeedbackLevel level) {
  std::string text = raw_line(run, metric) + "\n";
  const PaperRow* row = paper_row(run, metric);
  if (row == nullptr) return text;
  if (level != FeedbackLevel::Execution && !row->explain.empty())
    text += fmt::format("Explain: {}\n", row->explain);
  if (level == FeedbackLevel::Suggest) text += fmt::format("Suggest: {}\n", row->suggest);
  return text;
}

}  // namespace placewright::agent
