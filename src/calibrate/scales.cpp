// SPDX-License-Identifier: Apache-2.0
#include "calibrate/scales.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "support/json.h"
#include "support/toml.h"

namespace placewright::calibrate {
namespace {

constexpr std::string_view kCompute[] = {"cpu.fp32_efficiency", "cpu.fp64_efficiency",
                                         "gpu.fp32_efficiency", "gpu.fp64_efficiency"};
// What one processor reaches. What all reach together is another number: code that waits for its own
// loads leaves room for others.
constexpr std::string_view kMemory[] = {"cpu.memory_bandwidth", "gpu.memory_bandwidth_efficiency"};
constexpr std::string_view kLaunch[] = {"cpu.task_launch", "gpu.kernel_launch"};

constexpr std::array<Scale, kScaleCount> kScales = {{
    {"compute", "operations per second", kCompute},
    {"memory", "bytes per second that one processor moves", kMemory},
    {"launch", "seconds to start a task", kLaunch},
}};

bool is_efficiency(std::string_view key) { return key.ends_with("_efficiency"); }

machine::Quantity times(machine::Quantity quantity, double factor, std::string_view key) {
  for (double* number : {&quantity.value, &quantity.min, &quantity.max}) {
    *number *= factor;
    if (is_efficiency(key)) *number = std::min(*number, 1.0);
  }
  return quantity;
}

/// A place in a text; lines and columns count from 1, columns in characters of UTF-8.
size_t offset_of(const std::string& text, const toml::source_position& position) {
  size_t at = 0;
  for (toml::source_index line = 1; line < position.line && at < text.size(); ++line)
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  for (toml::source_index column = 1; column < position.column && at < text.size(); ++at) {
    const bool continues =
        at + 1 < text.size() && (static_cast<unsigned char>(text[at + 1]) & 0xc0U) == 0x80;
    if (!continues) ++column;
  }
  return at;
}

struct Change {
  size_t begin, end;
  std::string text;
};

/// The same numbers in the unit that the file has them in.
std::string inline_table(const toml::table& table, double factor, std::string_view key) {
  std::string text = "{";
  for (const char* part : {"value", "min", "max"}) {
    const auto number = table[part].value<double>();
    if (!number) continue;
    const double scaled = *number * factor;
    text += fmt::format("{} = {:.6g}, ", part, is_efficiency(key) ? std::min(scaled, 1.0) : scaled);
  }
  const auto quoted = [&](const char* part) {
    return nlohmann::json(table[part].value_or(std::string())).dump();
  };
  if (table.contains("unit")) text += fmt::format("unit = {}, ", quoted("unit"));
  const std::string source = fmt::format("{}; times {:.4g} by calibration",
                                         table["source"].value_or(std::string()), factor);
  return text + fmt::format("source = {}}}", nlohmann::json(source).dump());
}

}  // namespace

std::span<const Scale, kScaleCount> scales() { return kScales; }

double most(const Scale& scale, const machine::MachineDescription& machine) {
  double most = std::numeric_limits<double>::infinity();
  for (const std::string_view key : scale.keys) {
    const double value = machine.quantity(key).value;
    if (is_efficiency(key) && value > 0) most = std::min(most, 1 / value);
  }
  return most;
}

machine::MachineDescription scaled(const machine::MachineDescription& machine,
                                   const Factors& factors) {
  machine::MachineDescription result = machine;
  for (size_t i = 0; i < kScaleCount; ++i)
    for (const std::string_view key : kScales[i].keys)
      if (const auto found = result.quantities.find(key); found != result.quantities.end())
        found->second = times(found->second, factors[i], key);
  return result;
}

std::string scaled_text(const std::string& text, const Factors& factors) {
  const toml::table root = parse_toml(text, "");
  std::vector<Change> changes;
  for (size_t i = 0; i < kScaleCount; ++i) {
    if (factors[i] == 1) continue;
    for (const std::string_view key : kScales[i].keys) {
      const toml::table* table = root.at_path(key).as_table();
      if (table == nullptr) continue;
      const toml::source_region& where = table->source();
      changes.push_back({offset_of(text, where.begin), offset_of(text, where.end),
                         inline_table(*table, factors[i], key)});
    }
  }
  std::ranges::sort(changes, std::ranges::greater(), &Change::begin);
  std::string result = text;
  for (const Change& change : changes)
    result.replace(change.begin, change.end - change.begin, change.text);
  return result;
}

}  // namespace placewright::calibrate
