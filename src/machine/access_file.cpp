// SPDX-License-Identifier: Apache-2.0
#include "machine/access_file.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "support/text.h"
#include "support/try.h"

namespace placewright::machine {
namespace {

constexpr double kLeastRate = 1e3;
constexpr double kMostRate = 1e18;
constexpr double kMostFootprint = 1LL << 50;
constexpr double kLongestHotLine = 1e-3;

struct RateUnit {
  std::string_view name;
  double factor;
  bool is_bytes;
};
constexpr RateUnit kRateUnits[] = {{"MB/s", 1e6, true},
                                   {"GB/s", 1e9, true},
                                   {"TB/s", 1e12, true},
                                   {"Maccesses/s", 1e6, false},
                                   {"Gaccesses/s", 1e9, false}};
struct SizeUnit {
  std::string_view name;
  double factor;
};
constexpr SizeUnit kFootprintUnits[] = {
    {"B", 1}, {"KiB", 1024.0}, {"MiB", 1024.0 * 1024}, {"GiB", 1024.0 * 1024 * 1024}};

/// Where in the file something is, for messages.
struct Place {
  const std::string& file;
  std::string key;
  [[nodiscard]] tl::unexpected<Error> refuse(const toml::node& node, std::string_view what,
                                             std::string help = {}) const {
    return fail(fmt::format("{}:{}: `{}` {}", file, node.source().begin.line, key, what),
                std::move(help));
  }
  [[nodiscard]] Place at(std::string_view part) const {
    return {file, fmt::format("{}.{}", key, part)};
  }
};

Result<void> check_parts(const toml::table& table, std::span<const std::string_view> known,
                         const Place& place) {
  for (const auto& [part, node] : table) {
    if (std::ranges::find(known, part.str()) != known.end()) continue;
    return place.refuse(node, fmt::format("has an unknown part `{}`; expected {}", part.str(),
                                          join_alternatives({known.begin(), known.end()})));
  }
  return {};
}

Result<double> number(const toml::table& table, std::string_view part, const Place& place) {
  const auto value = table[part].value<double>();
  if (!value || !std::isfinite(*value))
    return place.refuse(table, fmt::format("should have a number as `{}`", part));
  return *value;
}

/// value, min and max, which are the value if they are not given.
Result<AccessPoint> ranged(const toml::table& table, double factor, const Place& place) {
  AccessPoint point;
  PLACEWRIGHT_TRY(const double value, number(table, "value", place));
  point.value = point.min = point.max = value * factor;
  if (table.contains("min")) {
    PLACEWRIGHT_TRY(const double min, number(table, "min", place));
    point.min = min * factor;
  }
  if (table.contains("max")) {
    PLACEWRIGHT_TRY(const double max, number(table, "max", place));
    point.max = max * factor;
  }
  if (point.min > point.value || point.value > point.max)
    return place.refuse(table, fmt::format("has the value {:.6g}, outside of its own range {:.6g} "
                                           "to {:.6g}",
                                           point.value, point.min, point.max));
  return point;
}

/// `256MiB` in bytes.
Result<double> footprint_of(const toml::table& table, const Place& place) {
  const std::string text = table["footprint"].value_or(std::string());
  const size_t end = text.find_first_not_of("0123456789");
  double bytes = 0;
  for (const SizeUnit& unit : kFootprintUnits) {
    if (end != std::string::npos && end > 0 && end < 8 && text.substr(end) == unit.name)
      bytes = std::stod(text.substr(0, end)) * unit.factor;
  }
  if (bytes <= 0 || bytes > kMostFootprint)
    return place.refuse(table,
                        fmt::format("has the footprint `{}`; expected a size above 0 such as "
                                    "\"256MiB\"",
                                    text));
  return bytes;
}

Result<AccessPoint> read_point(const toml::node& node, double factor, const Place& place) {
  static constexpr std::string_view kParts[] = {"footprint", "value", "min", "max"};
  const toml::table* table = node.as_table();
  if (table == nullptr)
    return place.refuse(node, "has a point that is not a table",
                        "{footprint = \"256MiB\", value = 51.3}");
  PLACEWRIGHT_TRY_VOID(check_parts(*table, kParts, place));
  PLACEWRIGHT_TRY(AccessPoint point, ranged(*table, factor, place));
  PLACEWRIGHT_TRY(point.footprint, footprint_of(*table, place));
  if (point.min < kLeastRate || point.max > kMostRate)
    return place.refuse(node, fmt::format("has the rate {:.6g}/s; expected {:g} to {:g}",
                                          point.value, kLeastRate, kMostRate));
  return point;
}

Result<void> check_order(const AccessCurve& curve, const toml::node& node, const Place& place) {
  bool rises = false, falls = false;
  for (size_t i = 1; i < curve.points.size(); ++i) {
    const AccessPoint& last = curve.points[i - 1];
    const AccessPoint& next = curve.points[i];
    if (next.footprint <= last.footprint)
      return place.refuse(node, "has footprints that do not ascend");
    rises |= next.value > last.value;
    falls |= next.value < last.value;
  }
  if (rises && falls)
    return place.refuse(node, "has rates that rise and fall with the footprint",
                        "measure again, or leave out the points that the noise of the measurement "
                        "makes");
  return {};
}

Result<double> rate_factor(const toml::table& table, std::string_view pattern, const Place& place) {
  const std::string unit = table["unit"].value_or(std::string());
  const bool is_bytes = pattern.starts_with("stream");
  std::vector<std::string_view> known;
  for (const RateUnit& candidate : kRateUnits) {
    if (candidate.is_bytes != is_bytes) continue;
    if (candidate.name == unit) return candidate.factor;
    known.push_back(candidate.name);
  }
  return place.refuse(
      table, fmt::format("has the unit `{}`; expected {}", unit, join_alternatives(known)));
}

Result<AccessCurve> read_curve(const toml::node& node, std::string_view pattern,
                               const Place& place) {
  static constexpr std::string_view kParts[] = {"unit", "source", "points"};
  const toml::table* table = node.as_table();
  const toml::array* points = table == nullptr ? nullptr : (*table)["points"].as_array();
  if (points == nullptr || points->empty())
    return place.refuse(node, "should be a table with a list of `points`",
                        "{unit = \"GB/s\", source = \"...\", points = [{footprint = \"256MiB\", "
                        "value = 51.3}]}");
  PLACEWRIGHT_TRY_VOID(check_parts(*table, kParts, place));
  AccessCurve curve;
  curve.source = (*table)["source"].value_or(std::string());
  if (curve.source.empty()) return place.refuse(node, "has no `source`");
  PLACEWRIGHT_TRY(const double factor, rate_factor(*table, pattern, place));
  for (const toml::node& each : *points) {
    PLACEWRIGHT_TRY(AccessPoint point, read_point(each, factor, place));
    curve.points.push_back(point);
  }
  PLACEWRIGHT_TRY_VOID(check_order(curve, node, place));
  return curve;
}

Result<HotLine> read_hot_line(const toml::node& node, const Place& place) {
  static constexpr std::string_view kParts[] = {"value", "min", "max", "unit", "source"};
  const toml::table* table = node.as_table();
  if (table == nullptr) return place.refuse(node, "should be a table with a `value`");
  PLACEWRIGHT_TRY_VOID(check_parts(*table, kParts, place));
  const std::string unit = (*table)["unit"].value_or(std::string());
  if (unit != "ns" && unit != "us")
    return place.refuse(node, fmt::format("has the unit `{}`; expected ns or us", unit));
  PLACEWRIGHT_TRY(const AccessPoint time, ranged(*table, unit == "ns" ? 1e-9 : 1e-6, place));
  if (time.min < 0 || time.max > kLongestHotLine)
    return place.refuse(
        node, fmt::format("is {:.6g} s; expected 0 to {:g}", time.value, kLongestHotLine));
  HotLine line{time.value, time.min, time.max, (*table)["source"].value_or(std::string())};
  if (line.source.empty()) return place.refuse(node, "has no `source`");
  return line;
}

Result<AccessTable> read_table(const toml::node& node, const Place& place) {
  const toml::table* table = node.as_table();
  if (table == nullptr) return place.refuse(node, "should be a table of access patterns");
  std::vector<std::string_view> known(std::begin(kAccessPatterns), std::end(kAccessPatterns));
  known.push_back("hot_line");
  PLACEWRIGHT_TRY_VOID(check_parts(*table, known, place));
  AccessTable result;
  // What one line costs may be known without the rates.
  const bool has_only_line = table->size() == 1 && table->contains("hot_line");
  for (const std::string_view pattern : kAccessPatterns) {
    if (has_only_line) break;
    const toml::node* curve = table->get(pattern);
    if (curve == nullptr)
      return place.refuse(node, fmt::format("has no `{}`; expected all of {}", pattern,
                                            fmt::join(kAccessPatterns, ", ")));
    PLACEWRIGHT_TRY(AccessCurve read, read_curve(*curve, pattern, place.at(pattern)));
    result.curves.emplace(pattern, std::move(read));
  }
  if (const toml::node* line = table->get("hot_line")) {
    PLACEWRIGHT_TRY(result.hot_line, read_hot_line(*line, place.at("hot_line")));
  }
  return result;
}

}  // namespace

Result<std::map<std::string, AccessTable>> read_access_tables(const toml::table& section,
                                                              const std::string& file) {
  std::map<std::string, AccessTable> tables;
  for (const auto& [processor, memories] : section) {
    const Place place{file, fmt::format("access.{}", processor.str())};
    if (!memories.is_table()) return place.refuse(memories, "should be a table of memories");
    for (const auto& [memory, node] : *memories.as_table()) {
      const std::string name = fmt::format("{}.{}", processor.str(), memory.str());
      if (std::ranges::find(kAccessPlaces, name) == std::end(kAccessPlaces))
        return place.at(memory.str())
            .refuse(node, fmt::format("is not known; expected {}", fmt::join(kAccessPlaces, ", ")));
      PLACEWRIGHT_TRY(AccessTable table, read_table(node, place.at(memory.str())));
      tables.emplace(name, std::move(table));
    }
  }
  return tables;
}

}  // namespace placewright::machine
