// SPDX-License-Identifier: Apache-2.0
#include "experiments/mappers/comparison_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "support/json.h"
#include "support/statistics.h"

namespace placewright::experiments {
namespace {

using nlohmann::ordered_json;
using tune::ReportRow;
using tune::Status;

constexpr int kNameWidth = 12;
constexpr int kCellWidth = 32;

std::string heading(const ComparisonTable& table) {
  std::string place = table.machine.name;
  const bool is_virtual = !table.machine.file.empty();
  if (table.machine.processes > 1) place += fmt::format(", {} processes", table.machine.processes);
  const std::string kind =
      !table.timed
          ? fmt::format("{}correctness runs, not timed", is_virtual ? "virtual GPUs, " : "")
      : is_virtual ? "virtual GPU time (modelled seconds, runtime not modelled)"
                   : "measured time of this machine";
  return fmt::format("{}: {}, input {}\n", place, kind, table.input);
}

std::string time_cell(const ReportRow& row) {
  if (row.status != Status::Ok) return std::string(tune::to_string(row.status));
  if (row.samples.empty()) return "ok";
  const MedianInterval interval = median_interval(row.samples);
  return fmt::format("{:.4g} [{:.4g}, {:.4g}]", interval.median, interval.low, interval.high);
}

std::optional<MedianInterval> expert_ratio(const ComparisonRow& row) {
  const auto& expert = row.of(tune::Origin::Expert).samples;
  const auto& handwritten = row.of(tune::Origin::HandWritten).samples;
  if (expert.empty() || handwritten.empty()) return std::nullopt;
  return paired_ratio(expert, handwritten);
}

std::string checksum_cell(const ComparisonRow& row, bool with_value) {
  if (std::ranges::find(row.checksums, "") != row.checksums.end()) return "missing";
  if (!row.has_equal_checksums()) return "DIFFERENT";
  return with_value ? "equal " + row.checksums.front() : "equal";
}

std::string line(const ComparisonTable& table, const ComparisonRow& row) {
  std::string text = fmt::format("{:<{}}", row.application, kNameWidth);
  const int width = table.timed ? kCellWidth : kNameWidth + 2;
  for (const ReportRow& mapper : row.mappers)
    text += fmt::format(" {:<{}}", time_cell(mapper), width);
  text += fmt::format(" {:<10}", checksum_cell(row, !table.timed));
  if (const auto ratio = expert_ratio(row))
    text += fmt::format(" {:.3f} [{:.3f}, {:.3f}]", ratio->median, ratio->low, ratio->high);
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

std::string column_names(const ComparisonTable& table) {
  std::string text = fmt::format("{:<{}}", "", kNameWidth);
  const int width = table.timed ? kCellWidth : kNameWidth + 2;
  for (const tune::Origin mapper : tune::kBaselines)
    text += fmt::format(" {:<{}}", to_string(mapper), width);
  return text + (table.timed ? " checksums  expert / hand-written\n" : " checksums\n");
}

std::string coverage(const ComparisonTable& table) {
  const ReportRow* least = nullptr;
  for (const ComparisonRow& row : table.rows) {
    for (const ReportRow& mapper : row.mappers) {
      if (mapper.samples.empty()) continue;
      if (least == nullptr || mapper.samples.size() < least->samples.size()) least = &mapper;
    }
  }
  if (least == nullptr) return "";
  const MedianInterval interval = median_interval(least->samples);
  return fmt::format(
      "seconds: median [interval of order statistics, covering it with at least {:.1f} %], {} "
      "rounds; the ratio is the median over rounds\n",
      100 * interval.coverage, interval.samples);
}

/// `placewright check` explains whole messages; here one line each is enough.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string problems(const ComparisonTable& table) {
  std::string text;
  for (const ComparisonRow& row : table.rows) {
    for (const ReportRow& mapper : row.mappers) {
      if (mapper.status == Status::Ok) continue;
      text += fmt::format("{} {} failed: {}: {}\n", row.application, mapper.name,
                          tune::to_string(mapper.status), first_line(mapper.message));
    }
    if (row.has_equal_checksums()) continue;
    text += fmt::format("{} checksums:", row.application);
    for (size_t i = 0; i < tune::kBaselines.size(); ++i)
      text += fmt::format(" {} {}", to_string(tune::kBaselines[i]),
                          row.checksums[i].empty() ? "none" : row.checksums[i]);
    text += "\n";
  }
  for (const std::string& note : table.notes) text += note;
  if (!table.timed || table.machine.file.empty()) return text;
  for (const ComparisonRow& row : table.rows) {
    if (row.time_scale == 0)
      text += fmt::format(
          "{}: the machine file's own time scale; kernels below 5 ms of wall time are not timed "
          "well, --time-scale stretches them\n",
          row.application);
  }
  return text;
}

ordered_json json_of(const ComparisonRow& row) {
  ordered_json mappers = ordered_json::object();
  for (size_t i = 0; i < row.mappers.size(); ++i) {
    const ReportRow& mapper = row.mappers[i];
    ordered_json each = {{"status", tune::to_string(mapper.status)},
                         {"checksum", row.checksums[i]},
                         {"seconds", mapper.samples}};
    if (!mapper.message.empty()) each["message"] = mapper.message;
    if (!mapper.samples.empty()) {
      const MedianInterval interval = median_interval(mapper.samples);
      each["median"] = interval.median;
      each["interval"] = {interval.low, interval.high};
      each["coverage"] = interval.coverage;
    }
    mappers[mapper.name] = std::move(each);
  }
  ordered_json result = {{"application", row.application},
                         {"equal_checksums", row.has_equal_checksums()},
                         {"time_scale", row.time_scale},
                         {"mappers", std::move(mappers)}};
  if (const auto ratio = expert_ratio(row))
    result["expert_over_handwritten"] = {{"median", ratio->median},
                                         {"interval", {ratio->low, ratio->high}},
                                         {"coverage", ratio->coverage}};
  return result;
}

}  // namespace

std::string render(const ComparisonResult& result) {
  std::string text;
  for (const ComparisonTable& table : result.tables) {
    if (!text.empty()) text += "\n";
    text += heading(table) + column_names(table);
    for (const ComparisonRow& row : table.rows) text += line(table, row);
    text += coverage(table) + problems(table);
  }
  if (result.stopped) text += "ended early: what is missing was not run\n";
  return text;
}

std::string to_json(const ComparisonResult& result) {
  ordered_json tables = ordered_json::array();
  for (const ComparisonTable& table : result.tables) {
    ordered_json rows = ordered_json::array();
    for (const ComparisonRow& row : table.rows) rows.push_back(json_of(row));
    tables.push_back({{"machine", table.machine.name},
                      {"processes", table.machine.processes},
                      {"time", !table.timed                 ? "none"
                               : table.machine.file.empty() ? "measured"
                                                            : "virtual GPU"},
                      {"input", table.input},
                      {"notes", table.notes},
                      {"rows", std::move(rows)}});
  }
  // Messages may quote what a program printed, which need not be UTF-8.
  return ordered_json{{"stopped", result.stopped}, {"tables", std::move(tables)}}.dump(
             1, ' ', /*ensure_ascii=*/false, ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace placewright::experiments
