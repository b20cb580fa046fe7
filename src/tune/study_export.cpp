// SPDX-License-Identifier: Apache-2.0
#include "tune/study_export.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "support/json.h"
#include "support/statistics.h"
#include "support/try.h"
#include "tune/evaluation.h"
#include "tune/settings.h"

namespace placewright::tune {
namespace {

using nlohmann::ordered_json;
using Finals = std::map<std::string, std::vector<double>>;

/// What holds for all values of a study.
struct Frame {
  StudyFacts facts;
  Metric metric;          ///< What the samples of evaluations are.
  Metric closing_metric;  ///< Whole runs, where those are steps.
  std::string_view kind;  ///< "measured" or "virtual".
  Finals finals;
};

/// Reads everything once, so that a damaged study is refused as a whole.
Result<Frame> read_frame(const StudyStore& study) {
  Frame frame;
  PLACEWRIGHT_TRY(frame.facts, study.facts());
  frame.metric = metric_of(frame.facts);
  frame.closing_metric = closing_metric_of(frame.facts);
  const auto machine = frame.facts.find("machine");
  if (machine == frame.facts.end())
    return fail("the study is damaged: it does not tell its machine");
  frame.kind = machine->second.empty() ? "measured" : "virtual";
  PLACEWRIGHT_TRY(frame.finals, study.finals());
  PLACEWRIGHT_TRY_VOID(study.each_evaluation([](const Evaluation&) {}));
  return frame;
}

/// RFC 4180: quotes around what a reader would misunderstand.
std::string field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c;
    if (c == '"') quoted += c;
  }
  return quoted + '"';
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& each : fields) {
    if (!line.empty()) line += ',';
    line += field(each);
  }
  return line + "\n";
}

std::string csv_heading(const Frame& frame) {
  const auto name = [&](std::string_view what, const Metric& metric) {
    const std::string unit = metric.shown_unit();
    return fmt::format("{}_{}{}{}", frame.kind, what, unit.empty() ? "" : "_", unit);
  };
  const auto value = [&](std::string_view what) { return name(what, frame.metric); };
  const auto closing = [&](std::string_view what) { return name(what, frame.closing_metric); };
  return csv_line({"part",
                   "id",
                   "origin",
                   "status",
                   value("median"),
                   value("low"),
                   value("high"),
                   "coverage",
                   "runs",
                   value("verdict_median"),
                   value("samples"),
                   "accepted",
                   "parent",
                   "move",
                   "memory",
                   "checksum",
                   "fingerprint",
                   "wall_elapsed_s",
                   "message",
                   "mapping",
                   closing("closing_median"),
                   closing("closing_low"),
                   closing("closing_high"),
                   closing("closing_samples")});
}

/// Median, interval, its coverage and the number of runs; empty without samples.
std::vector<std::string> estimate_fields(const std::vector<double>& samples) {
  if (samples.empty()) return {"", "", "", "", "0"};
  const MedianInterval interval = median_interval(samples);
  return {fmt::format("{}", interval.median), fmt::format("{}", interval.low),
          fmt::format("{}", interval.high), fmt::format("{}", interval.coverage),
          fmt::format("{}", interval.samples)};
}

template <class Value>
std::string text_of(const std::optional<Value>& value) {
  return value ? fmt::format("{}", *value) : "";
}

std::string memory_of(const Evaluation& evaluation) {
  return evaluation.memory ? std::string(machine::to_string(*evaluation.memory)) : "";
}

std::string csv_line(const Evaluation& evaluation) {
  std::vector<std::string> fields = {"search", fmt::format("{}", evaluation.id),
                                     std::string(evaluation.origin_name()),
                                     std::string(to_string(evaluation.status))};
  for (std::string& each : estimate_fields(evaluation.samples)) fields.push_back(std::move(each));
  for (std::string each :
       {text_of(evaluation.median), fmt::format("{}", fmt::join(evaluation.samples, ";")),
        std::string(evaluation.accepted ? "1" : "0"), text_of(evaluation.parent), evaluation.move,
        memory_of(evaluation), evaluation.checksum, evaluation.fingerprint,
        fmt::format("{}", evaluation.elapsed_s), evaluation.message, evaluation.mapping,
        std::string(), std::string(), std::string(), std::string()})
    fields.push_back(std::move(each));
  return csv_line(fields);
}

std::string csv_line(const std::string& row, const std::vector<double>& samples) {
  const std::vector<std::string> estimate = estimate_fields(samples);
  std::vector<std::string> fields = {"closing", "", row,         "ok",       "",
                                     "",        "", estimate[3], estimate[4]};
  fields.insert(fields.end(), 11, "");
  fields.insert(fields.end(), {estimate[0], estimate[1], estimate[2],
                               fmt::format("{}", fmt::join(samples, ";"))});
  return csv_line(fields);
}

ordered_json json_of(const MedianInterval& interval) {
  return {{"median", interval.median},
          {"low", interval.low},
          {"high", interval.high},
          {"coverage", interval.coverage}};
}

ordered_json estimate_json(const std::vector<double>& samples) {
  return samples.empty() ? ordered_json() : json_of(median_interval(samples));
}

template <class Value>
ordered_json json_of(const std::optional<Value>& value) {
  return value ? ordered_json(*value) : ordered_json();
}

ordered_json json_of(const Evaluation& evaluation) {
  return {{"id", evaluation.id},
          {"origin", evaluation.origin_name()},
          {"status", to_string(evaluation.status)},
          {"estimate", estimate_json(evaluation.samples)},
          {"verdict_median", json_of(evaluation.median)},
          {"samples", evaluation.samples},
          {"accepted", evaluation.accepted},
          {"parent", json_of(evaluation.parent)},
          {"move", evaluation.move},
          {"memory", memory_of(evaluation)},
          {"checksum", evaluation.checksum},
          {"fingerprint", evaluation.fingerprint},
          {"wall_elapsed_s", evaluation.elapsed_s},
          {"message", evaluation.message},
          {"mapping", evaluation.mapping}};
}

ordered_json closing_json(const Finals& finals) {
  ordered_json rows = ordered_json::array();
  const auto first = finals.find(std::string(to_string(Origin::Default)));
  for (const auto& [row, samples] : finals) {
    ordered_json each = {{"row", row}, {"estimate", estimate_json(samples)}, {"samples", samples}};
    if (first != finals.end())
      each["ratio_to_default"] = json_of(paired_ratio(samples, first->second));
    rows.push_back(std::move(each));
  }
  return rows;
}

/// The settings; the workload would be most of the document.
ordered_json settings_json(const StudyFacts& facts) {
  ordered_json settings = ordered_json::object();
  for (const auto& [key, value] : facts)
    if (key != kWorkloadFact) settings[key] = value;
  return settings;
}

}  // namespace

Result<void> export_csv(const StudyStore& study, const Write& write) {
  PLACEWRIGHT_TRY(const Frame frame, read_frame(study));
  write(csv_heading(frame));
  PLACEWRIGHT_TRY_VOID(
      study.each_evaluation([&](const Evaluation& evaluation) { write(csv_line(evaluation)); }));
  for (const auto& [row, samples] : frame.finals) write(csv_line(row, samples));
  return {};
}

Result<void> export_json(const StudyStore& study, const Write& write) {
  PLACEWRIGHT_TRY(const Frame frame, read_frame(study));
  const auto direction = [](const Metric& metric) {
    return to_string(metric.direction.value_or(Direction::Minimize));
  };
  write(fmt::format(
      "{{\n\"version\": 1,\n\"kind\": \"{}\",\n\"unit\": {},\n\"direction\": \"{}\",\n"
      "\"closing_unit\": {},\n\"closing_direction\": \"{}\",\n\"settings\": {},\n"
      "\"evaluations\": [",
      frame.kind, dump_json(ordered_json(frame.metric.shown_unit())), direction(frame.metric),
      dump_json(ordered_json(frame.closing_metric.shown_unit())), direction(frame.closing_metric),
      dump_json(settings_json(frame.facts))));
  std::string_view before = "\n";
  PLACEWRIGHT_TRY_VOID(study.each_evaluation([&](const Evaluation& evaluation) {
    write(std::string(before) + dump_json(json_of(evaluation)));
    before = ",\n";
  }));
  write(fmt::format("\n],\n\"closing\": {}\n}}\n", dump_json(closing_json(frame.finals))));
  return {};
}

}  // namespace placewright::tune
