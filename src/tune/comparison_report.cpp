// SPDX-License-Identifier: Apache-2.0
#include "tune/comparison_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/json.h"
#include "support/statistics.h"

namespace placewright::tune {
namespace {

using nlohmann::ordered_json;

constexpr int kIntervalWidth = 22;
constexpr int kRatioWidth = 24;

constexpr int kFewestRounds = 3;  // as in a closing comparison

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// The checker's messages may begin with warnings.
std::string reason(const std::string& message) {
  const size_t error = message.find(": error: ");
  if (error == std::string::npos) return first_line(message);
  const size_t begin = message.rfind('\n', error);
  return first_line(message.substr(begin == std::string::npos ? 0 : begin + 1));
}

/// Values as they were printed.
MedianInterval ratio(const Comparison& comparison, size_t row) {
  return paired_ratio(comparison.rows[row].samples, comparison.rows[comparison.reference].samples);
}

/// "faster" where the whole interval of the ratio says so.
std::string_view verdict(const Comparison& comparison, size_t row) {
  const Metric& metric = comparison.metric;
  if (comparison.rounds < kFewestRounds) return "too few rounds to tell";
  const MedianInterval cost =
      paired_ratio(metric.costs(comparison.rows[row].samples),
                   metric.costs(comparison.rows[comparison.reference].samples));
  if (cost.high < 1) return metric.is_time() ? "faster" : "better";
  if (cost.low > 1) return metric.is_time() ? "slower" : "worse";
  return "no difference beyond the interval";
}

size_t name_width(const Comparison& comparison) {
  size_t width = 0;
  for (const ReportRow& row : comparison.rows) width = std::max(width, row.name.size());
  return width;
}

std::string median_heading(const Metric& metric) {
  const std::string unit = metric.shown_unit();
  return unit.empty() ? "median" : "median " + unit;
}

std::string heading(const Comparison& comparison) {
  const std::string_view value = comparison.metric.is_time() ? "time" : "value";
  return fmt::format(
      "{}\n{:<{}} {:>10}  {:<{}} {:<{}} runs\n", comparison.time_label, "", name_width(comparison),
      median_heading(comparison.metric), "interval", kIntervalWidth,
      fmt::format("{} / {}", value, comparison.rows[comparison.reference].name), kRatioWidth);
}

std::string line(const Comparison& comparison, size_t i) {
  const ReportRow& row = comparison.rows[i];
  const size_t width = name_width(comparison);
  if (row.status != Status::Ok)
    return fmt::format("{:<{}} {}: {}\n", row.name, width, to_string(row.status),
                       reason(row.message));
  if (row.samples.empty()) return fmt::format("{:<{}} ok, not timed\n", row.name, width);
  const MedianInterval interval = median_interval(row.samples);
  const size_t median_width = std::max<size_t>(10, median_heading(comparison.metric).size());
  std::string text =
      fmt::format("{:<{}} {:>{}.4g}  {:<{}} ", row.name, width, interval.median, median_width,
                  fmt::format("[{:.4g}, {:.4g}]", interval.low, interval.high), kIntervalWidth);
  if (!comparison.has_ratio(i))
    return text + fmt::format("{:<{}} {:>4}\n", 1, kRatioWidth, interval.samples);
  const MedianInterval against = ratio(comparison, i);
  return text + fmt::format("{:<{}} {:>4}  {}\n",
                            fmt::format("{:.3f} [{:.3f}, {:.3f}]", against.median, against.low,
                                        against.high),
                            kRatioWidth, interval.samples, verdict(comparison, i));
}

std::string coverage_line(const Comparison& comparison) {
  const ReportRow& row = comparison.rows[comparison.reference];
  if (row.samples.empty()) return "nothing was timed\n";
  const MedianInterval interval = median_interval(row.samples);
  return fmt::format(
      "intervals: order statistics, covering the median with at least {:.1f} % ({} runs); ratios "
      "are medians over rounds of one run each\n",
      100 * interval.coverage, interval.samples);
}

std::string checksum_line(const Comparison& comparison) {
  std::vector<std::string> known;
  bool is_missing = false;
  for (size_t i = 0; i < comparison.rows.size(); ++i) {
    const std::string& checksum = comparison.checksums[i];
    if (!checksum.empty()) known.push_back(checksum);
    is_missing = is_missing || (checksum.empty() && comparison.rows[i].status == Status::Ok);
  }
  if (known.empty() && is_missing && comparison.rounds > 0)
    return "results were not verified: the application prints no checksum\n";
  if (known.size() < 2) return "";
  const bool equal = std::ranges::all_of(known, [&](const auto& each) { return each == known[0]; });
  return equal ? fmt::format("checksums are equal: {}\n", known.front())
               : "checksums DIFFER: a mapping must not change results\n";
}

std::string change_lines(const Comparison& comparison, size_t i) {
  const std::string& reference = comparison.rows[comparison.reference].name;
  const std::string& name = comparison.rows[i].name;
  const DecisionChange& change = *comparison.changes[i];
  if (!change.same()) {
    std::string text = fmt::format("{} versus {}:\n", name, reference);
    for (const std::string& each : summarize(change.differences))
      text += fmt::format("  {}\n", each);
    return text;
  }
  if (change.same_rules)
    return fmt::format("{} decides like {} in every case: no difference is to be expected\n", name,
                       reference);
  return fmt::format(
      "{} decides like {} in this program: no difference is to be expected unless a memory fills "
      "up\n",
      name, reference);
}

std::string decision_lines(const Comparison& comparison) {
  if (!comparison.not_resolved.empty())
    return fmt::format("decisions were not compared: {}\n", first_line(comparison.not_resolved));
  std::string text;
  for (size_t i = 0; i < comparison.rows.size(); ++i)
    if (comparison.changes[i]) text += change_lines(comparison, i);
  return text;
}

ordered_json json_of(const MedianInterval& interval) {
  return {{"median", interval.median},
          {"low", interval.low},
          {"high", interval.high},
          {"coverage", interval.coverage}};
}

ordered_json json_of(const DecisionChange& change) {
  ordered_json list = ordered_json::array();
  for (const workload::Difference& each : change.differences)
    list.push_back({{"subject", each.subject}, {"change", each.change}});
  return {{"equal", change.same()},
          {"equal_in_every_case", change.same_rules},
          {"differences", std::move(list)}};
}

ordered_json row_json(const Comparison& comparison, size_t i) {
  const ReportRow& row = comparison.rows[i];
  ordered_json result = {{"name", row.name},
                         {"status", to_string(row.status)},
                         {"message", row.message},
                         {"checksum", comparison.checksums[i]},
                         {"samples", row.samples}};
  if (!row.samples.empty()) result["value"] = json_of(median_interval(row.samples));
  if (comparison.has_ratio(i)) {
    result["ratio_to_reference"] = json_of(ratio(comparison, i));
    result["verdict"] = verdict(comparison, i);
  }
  if (comparison.changes[i]) result["decisions"] = json_of(*comparison.changes[i]);
  return result;
}

}  // namespace

std::string render(const Comparison& comparison) {
  std::string text = heading(comparison);
  for (size_t i = 0; i < comparison.rows.size(); ++i) text += line(comparison, i);
  text += coverage_line(comparison) + checksum_line(comparison);
  if (comparison.metric.maximizes()) text += "larger values are better\n";
  text += decision_lines(comparison);
  if (comparison.stopped) text += "ended early: what is missing was not run\n";
  return text;
}

std::string to_json(const Comparison& comparison) {
  ordered_json rows = ordered_json::array();
  for (size_t i = 0; i < comparison.rows.size(); ++i) rows.push_back(row_json(comparison, i));
  ordered_json result = {
      {"version", 1},
      {"kind", comparison.is_virtual ? "virtual" : "measured"},
      {"time", comparison.time_label},
      {"unit", comparison.metric.shown_unit()},
      {"direction", to_string(comparison.metric.direction.value_or(Direction::Minimize))},
      {"rounds", comparison.rounds},
      {"stopped", comparison.stopped},
      {"reference", comparison.rows[comparison.reference].name},
      {"decisions_not_compared", comparison.not_resolved},
      {"mappings", std::move(rows)}};
  // Messages may quote what a program printed, which need not be UTF-8.
  return result.dump(1, ' ', /*ensure_ascii=*/false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace placewright::tune
