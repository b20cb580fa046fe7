// SPDX-License-Identifier: Apache-2.0
#include "tune/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "explain/finding.h"
#include "support/statistics.h"

namespace placewright::tune {
namespace {

constexpr size_t kLongestTask = 200;

std::string size_words(double log10_size) {
  if (log10_size < 6) return fmt::format("{:.0f}", std::pow(10.0, log10_size));
  return fmt::format("10^{:.1f}", log10_size);
}

std::string interval_words(const MedianInterval& interval) {
  return fmt::format("[{:.4g}, {:.4g}]", interval.low, interval.high);
}

std::string ratio_words(const Report& report, const ReportRow& numerator, Origin baseline) {
  const ReportRow* denominator = find_measured(report, to_string(baseline));
  if (denominator == nullptr) return "-";
  if (denominator->name == numerator.name) return "1";
  const MedianInterval ratio =
      report.final_rounds
          ? paired_ratio(numerator.samples, denominator->samples)
          : median_interval(std::vector{median(numerator.samples) / median(denominator->samples)});
  if (!report.final_rounds) return fmt::format("{:.3f}", ratio.median);
  return fmt::format("{:.3f} [{:.3f}, {:.3f}]", ratio.median, ratio.low, ratio.high);
}

std::string median_heading(const Report& report) {
  const std::string unit = report.metric.shown_unit();
  return unit.empty() ? "median" : "median " + unit;
}

std::string table_line(const Report& report, const ReportRow& row, bool has_expert) {
  if (row.samples.empty())
    return fmt::format(
        "{:<13} {}{}\n", row.name, to_string(row.status),
        row.message.empty() ? "" : ": " + row.message.substr(0, row.message.find('\n')));
  const MedianInterval interval = median_interval(row.samples);
  std::string line =
      fmt::format("{:<13} {:>{}.4g}  {:<20} {:<22}", row.name, interval.median,
                  std::max<size_t>(10, median_heading(report).size()), interval_words(interval),
                  ratio_words(report, row, Origin::Default));
  if (has_expert) line += fmt::format(" {:<22}", ratio_words(report, row, Origin::Expert));
  line += fmt::format(" {:>4}", interval.samples);
  if (!row.note.empty()) line += "  " + row.note;
  return line + "\n";
}

std::string coverage_line(const Report& report) {
  int fewest = 0;
  double coverage = 1;
  for (const ReportRow& row : report.rows) {
    if (row.samples.empty()) continue;
    const MedianInterval interval = median_interval(row.samples);
    if (interval.coverage > coverage) continue;
    coverage = interval.coverage;
    fewest = interval.samples;
  }
  if (!report.final_rounds)
    return fmt::format(
        "no closing comparison, {}: samples are those of the search, taken at different times\n",
        report.why_no_rounds);
  return fmt::format(
      "intervals: order statistics, covering the median with at least {:.1f} % ({} runs); ratios "
      "are medians over rounds of one run each\n",
      100 * coverage, fewest);
}

std::string gain_line(const Report& report) {
  switch (report.gain) {
    case Gain::Sure:
      return "";
    case Gain::Likely:
      return report.final_rounds ? "likely gain: best is better in all rounds but at most one, "
                                   "which is too little to "
                                   "be sure; a longer --budget gives more rounds\n"
                                 : "likely gain: best was better in the search; no closing "
                                   "comparison confirms it\n";
    case Gain::None:
      break;
  }
  const bool has_expert = find_measured(report, to_string(Origin::Expert)) != nullptr;
  if (report.evaluations == 0 && !has_expert)
    return "nothing was tried: best is the default mapper's\n";
  int failed = 0;
  for (const auto& [kind, count] : report.failures) failed += count;
  if (failed == report.evaluations && !has_expert)
    return fmt::format("no gain: none of the {} mappings ran\n", report.evaluations);
  const bool was_compared = has_expert || find_measured(report, kCandidateRow) != nullptr;
  return report.final_rounds && was_compared
             ? "no gain: nothing is better than the default beyond the intervals\n"
             : "no gain: nothing was better than the default beyond what repeated runs differ by\n";
}

std::string changes(const std::vector<workload::Difference>& differences, Origin baseline) {
  const std::string_view versus = to_string(baseline);
  std::string text;
  if (differences.empty()) return fmt::format("best decides like {}\n", versus);
  text += fmt::format("best versus {}:\n", versus);
  for (const std::string& line : summarize(differences)) text += fmt::format("  {}\n", line);
  return text;
}

}  // namespace

std::vector<std::string> summarize(const std::vector<workload::Difference>& differences) {
  struct Group {
    std::string change, task, text;
  };
  std::vector<Group> groups;
  for (const workload::Difference& difference : differences) {
    const std::string& subject = difference.subject;
    const std::string task = subject.substr(0, subject.find("` ") + 1);
    auto group = std::ranges::find(groups, difference.change, &Group::change);
    if (group == groups.end()) {
      groups.push_back({difference.change, task, subject});
    } else if (group->task == task && !task.empty()) {
      group->text += "," + subject.substr(task.size());
    } else {
      group->text += "; " + subject;
      group->task = task;
    }
  }
  std::vector<std::string> lines;
  for (const Group& group : groups)
    lines.push_back(fmt::format("{}: {}", group.change, group.text));
  return lines;
}

const ReportRow* find_measured(const Report& report, std::string_view name) {
  const auto found = std::ranges::find(report.rows, name, &ReportRow::name);
  return found == report.rows.end() || found->samples.empty() ? nullptr : &*found;
}

std::string_view time_label(const Settings& settings) {
  const bool is_time = settings.metric.is_time();
  if (settings.machine.empty())
    return is_time ? "measured time of this machine" : "printed on this machine";
  if (settings.runtime_cost)
    return is_time ? "virtual GPU time (modelled seconds, modelled runtime)"
                   : "printed on virtual GPUs (modelled time, modelled runtime)";
  return is_time ? "virtual GPU time (modelled seconds, runtime not modelled)"
                 : "printed on virtual GPUs (modelled time, runtime not modelled)";
}

std::string explored_line(const Explored& explored) {
  std::string text =
      fmt::format("{} mappings were timed in {} steps of {} run{}, {} visits\n", explored.mappings,
                  explored.steps, explored.runs, explored.runs == 1 ? "" : "s", explored.visits);
  for (const auto& [task, why] : explored.kept)
    text += fmt::format("in steps `{}` kept the run's own mapping: {}\n",
                        explain::harmless(task, kLongestTask), why);
  return text;
}

std::string forecast_lines(const ForecastSummary& forecasts) {
  std::string text;
  if (forecasts.simulated > 0) {
    text += fmt::format("{} mappings were simulated", forecasts.simulated);
    if (forecasts.exhausted) text += ", all that can be reached";
    if (forecasts.failed > 0) text += fmt::format(", {} would end a run", forecasts.failed);
    if (forecasts.before_best)
      text += fmt::format("; the fastest measured one is number {} of them",
                          *forecasts.before_best + 1);
    text += "\n";
  }
  if (forecasts.skipped > 0)
    text += fmt::format("{} proposals were not measured: by their forecasts they are slower\n",
                        forecasts.skipped);
  if (forecasts.tau)
    text += fmt::format(
        "simulated and measured steps of {} mappings: Kendall's tau {:.2f}, median error {:.1f} % "
        "after a common factor\n",
        forecasts.measured, *forecasts.tau, 100 * *forecasts.error);
  return text;
}

std::string results_line(const ResultsCheck& results) {
  if (results.right + results.wrong == 0) return "";
  std::string text = fmt::format(
      "of the mappings close to the best, {} compute what the default mapper does", results.right);
  if (results.wrong > 0) text += fmt::format(", {} something else", results.wrong);
  if (results.unknown > 0) text += fmt::format(", {} were not checked", results.unknown);
  return text + "\n";
}

// The best mapping on each input.
std::string input_lines(const Report& report) {
  const ReportRow* const best = find_measured(report, kBestRow);
  const ReportRow* const first = find_measured(report, to_string(Origin::Default));
  if (best == nullptr || first == nullptr || !report.final_rounds) return "";
  std::string text;
  for (size_t i = 0; i < report.inputs.size(); ++i) {
    const MedianInterval ratio = paired_ratio(report.metric.costs(best->by_input[i]),
                                              report.metric.costs(first->by_input[i]));
    text += fmt::format("input `{}`: best {}, {:.3f} {} of default\n",
                        explain::harmless(report.inputs[i], kLongestTask),
                        report.metric.text(median(best->by_input[i])), ratio.median,
                        fmt::format("[{:.3f}, {:.3f}]", ratio.low, ratio.high));
  }
  if (!text.empty()) text += "the table shows geometric means over the inputs\n";
  return text;
}

std::string render(const Report& report) {
  const bool has_expert = find_measured(report, to_string(Origin::Expert)) != nullptr;
  std::string text = fmt::format("{}: {}\n", report.title, report.time_label);
  const std::string_view value = report.metric.is_time() ? "time" : "value";
  text += fmt::format("{:<13} {:>10}  {:<20} {:<22}", "", median_heading(report), "interval",
                      fmt::format("{} / default", value));
  if (has_expert) text += fmt::format(" {:<22}", fmt::format("{} / expert", value));
  text += " runs\n";
  for (const ReportRow& row : report.rows) text += table_line(report, row, has_expert);
  text += coverage_line(report);
  text += input_lines(report);
  text += fmt::format("{} evaluation{} of {} different mappings ({} assignments) in {:.0f} s",
                      report.evaluations, report.evaluations == 1 ? "" : "s",
                      size_words(report.log10_distinct), size_words(report.log10_assignments),
                      report.elapsed_s);
  for (const auto& [kind, count] : report.failures) text += fmt::format(", {} {}", count, kind);
  if (report.repeats > 0) text += fmt::format(", {} proposals seen before", report.repeats);
  text += "\n";
  if (report.explored) text += explored_line(*report.explored);
  if (report.forecasts) text += forecast_lines(*report.forecasts);
  text += results_line(report.results);
  if (!report.verified) text += "results were not verified: the application prints no checksum\n";
  if (report.metric.maximizes()) text += "larger values are better\n";
  text += gain_line(report);
  text += changes(report.versus_default, Origin::Default);
  if (report.has_expert) text += changes(report.versus_expert, Origin::Expert);
  return text + report.strategy;
}

}  // namespace placewright::tune
