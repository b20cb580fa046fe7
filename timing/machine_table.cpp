// SPDX-License-Identifier: Apache-2.0
#include <placewright/machine_table.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <sstream>
#include <utility>

namespace placewright {
namespace {

/// The permitted range of a value.
enum class Range { Positive, NotNegative, Count, TimeScale, Flag };

struct Key {
  std::string name;
  Range range;
  std::function<void(MachineTable&, double)> store;
  bool optional = false;
};

MachineTable::Network& network_of(MachineTable& table) {
  // Not emplace(): Clang 14 takes a nested struct with default values for not constructible there.
  if (!table.network) table.network = MachineTable::Network{};
  return *table.network;
}

MachineTable::Runtime& runtime_of(MachineTable& table) {
  if (!table.runtime) table.runtime = MachineTable::Runtime{};
  return *table.runtime;
}

/// The keys of the runtime's costs.
std::vector<Key> runtime_keys() {
  using T = MachineTable;
  return {
      {"runtime.utility_processors", Range::Count,
       [](T& t, double v) { runtime_of(t).utility_processors = static_cast<int>(v); }, true},
      {"runtime.instance_s", Range::NotNegative,
       [](T& t, double v) { runtime_of(t).instance_s = v; }, true},
      {"runtime.task_s", Range::NotNegative,
       [](T& t, double v) { runtime_of(t).untraced.task_s = v; }, true},
      {"runtime.argument_s", Range::NotNegative,
       [](T& t, double v) { runtime_of(t).untraced.argument_s = v; }, true},
      // Recording a trace makes a copy as dear as outside of traces.
      {"runtime.copy_s", Range::NotNegative,
       [](T& t, double v) { runtime_of(t).untraced.copy_s = runtime_of(t).captured.copy_s = v; },
       true},
      {"runtime.captured_task_s", Range::NotNegative,
       [](T& t, double v) { runtime_of(t).captured.task_s = v; }, true},
      {"runtime.captured_argument_s", Range::NotNegative,
       [](T& t, double v) { runtime_of(t).captured.argument_s = v; }, true},
      {"runtime.replayed_task_s", Range::NotNegative,
       [](T& t, double v) { runtime_of(t).replayed.task_s = v; }, true},
      {"runtime.replayed_argument_s", Range::NotNegative,
       [](T& t, double v) { runtime_of(t).replayed.argument_s = v; }, true},
      {"runtime.replayed_copy_s", Range::NotNegative,
       [](T& t, double v) { runtime_of(t).replayed.copy_s = v; }, true},
  };
}

std::vector<Key> machine_keys() {
  using T = MachineTable;
  return {
      {"time_scale", Range::TimeScale, [](T& t, double v) { t.time_scale = v; }},
      {"move_bytes", Range::Flag, [](T& t, double v) { t.move_bytes = v != 0; }},
      {"gpu.count", Range::Count, [](T& t, double v) { t.gpu.count = static_cast<int>(v); }},
      {"gpu.frame_buffer_bytes", Range::Positive,
       [](T& t, double v) { t.gpu.frame_buffer_bytes = static_cast<std::uint64_t>(v); }},
      {"gpu.memory_bandwidth", Range::Positive, [](T& t, double v) { t.gpu.memory_bandwidth = v; }},
      {"gpu.fp32_flops", Range::Positive, [](T& t, double v) { t.gpu.fp32_flops = v; }},
      {"gpu.fp64_flops", Range::Positive, [](T& t, double v) { t.gpu.fp64_flops = v; }},
      {"gpu.kernel_launch_s", Range::NotNegative,
       [](T& t, double v) { t.gpu.kernel_launch_s = v; }},
      {"gpu.sector_bytes", Range::Positive, [](T& t, double v) { t.gpu.sector_bytes = v; }},
      {"gpu.lanes", Range::NotNegative, [](T& t, double v) { t.gpu.lanes = v; }, true},
      {"gpu.atomic_bus_factor", Range::Positive,
       [](T& t, double v) { t.gpu.atomic_bus_factor = v; }},
      {"bus.bandwidth_to_device", Range::Positive,
       [](T& t, double v) { t.bus.bandwidth_to_device = v; }},
      {"bus.bandwidth_to_host", Range::Positive,
       [](T& t, double v) { t.bus.bandwidth_to_host = v; }},
      {"bus.latency_s", Range::NotNegative, [](T& t, double v) { t.bus.latency_s = v; }},
      {"zero_copy.bytes", Range::NotNegative,
       [](T& t, double v) { t.zero_copy_bytes = static_cast<std::uint64_t>(v); }},
      {"peer.bandwidth", Range::Positive, [](T& t, double v) { t.peer.bandwidth = v; }},
      {"peer.latency_s", Range::NotNegative, [](T& t, double v) { t.peer.latency_s = v; }},
      {"network.bandwidth", Range::Positive, [](T& t, double v) { network_of(t).bandwidth = v; },
       true},
      {"network.latency_s", Range::NotNegative, [](T& t, double v) { network_of(t).latency_s = v; },
       true},
      {"host.memory_bandwidth", Range::Positive,
       [](T& t, double v) { t.host_memory_bandwidth = v; }},
      {"sockets.count", Range::Count, [](T& t, double v) { t.sockets.count = static_cast<int>(v); },
       true},
      {"sockets.link_bandwidth", Range::Positive,
       [](T& t, double v) { t.sockets.link_bandwidth = v; }, true},
      {"cpu.count", Range::Count, [](T& t, double v) { t.cpu.count = static_cast<int>(v); }},
      {"cpu.fp32_flops", Range::Positive, [](T& t, double v) { t.cpu.fp32_flops = v; }},
      {"cpu.fp64_flops", Range::Positive, [](T& t, double v) { t.cpu.fp64_flops = v; }},
      {"cpu.memory_bandwidth", Range::Positive, [](T& t, double v) { t.cpu.memory_bandwidth = v; }},
      {"cpu.sector_bytes", Range::Positive, [](T& t, double v) { t.cpu.sector_bytes = v; }},
      {"cpu.task_launch_s", Range::NotNegative, [](T& t, double v) { t.cpu.task_launch_s = v; }},
      {"access.gpu.frame_buffer.hot_line_s", Range::NotNegative,
       [](T& t, double v) { t.gpu.frame_buffer.hot_line_s = v; }, true},
      {"access.gpu.zero_copy.hot_line_s", Range::NotNegative,
       [](T& t, double v) { t.gpu.zero_copy.hot_line_s = v; }, true},
      {"access.cpu.host.hot_line_s", Range::NotNegative,
       [](T& t, double v) { t.cpu.host.hot_line_s = v; }, true},
  };
}

/// Every key except the optional `bus.group.<gpu>` and `sockets.gpu.<gpu>`, and the points of
/// `access.`.
const std::vector<Key>& known_keys() {
  static const std::vector<Key> keys = [] {
    std::vector<Key> all = machine_keys();
    const std::vector<Key> more = runtime_keys();
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return keys;
}

std::string describe(Range range) {
  switch (range) {
    case Range::Positive:
      return "a number above zero";
    case Range::NotNegative:
      return "a number that is not negative";
    case Range::Count:
      return "a whole number up to 65536";
    case Range::TimeScale:
      return "a number above zero, at most 1e9";
    case Range::Flag:
      return "0 or 1";
  }
  return {};
}

bool fits(Range range, double value) {
  if (!std::isfinite(value)) return false;
  if (range == Range::Positive) return value > 0;
  if (range == Range::TimeScale) return value > 0 && value <= 1e9;
  if (range == Range::Count) return value >= 0 && value <= 65536 && value == std::floor(value);
  if (range == Range::Flag) return value == 0 || value == 1;
  return value >= 0;
}

/// A number that spans all of `text`.
std::optional<double> to_number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return std::nullopt;
  return value;
}

struct Entry {
  std::string value;
  int line;
};

MachineTableResult failure(std::string message) { return {std::nullopt, std::move(message)}; }

/// The GPU's number in `bus.group.<gpu>`; none if `key` is something else.
std::optional<int> group_gpu(const std::string& key) {
  static const std::string prefix = "bus.group.";
  if (key.rfind(prefix, 0) != 0) return std::nullopt;
  const std::string digits = key.substr(prefix.size());
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::stoi(digits);
}

/// The curve of `access.<processor>.<memory>.<pattern>.`; null if the name is something else.
RateCurve* curve_named(MachineTable& table, std::string_view name) {
  const std::pair<std::string_view, AccessRates*> places[] = {
      {"access.gpu.frame_buffer.", &table.gpu.frame_buffer},
      {"access.gpu.zero_copy.", &table.gpu.zero_copy},
      {"access.cpu.host.", &table.cpu.host}};
  for (const auto& [prefix, rates] : places) {
    if (name.substr(0, prefix.size()) != prefix) continue;
    const std::string_view pattern = name.substr(prefix.size());
    if (pattern == "stream_read") return &rates->stream_read;
    if (pattern == "stream_write") return &rates->stream_write;
    if (pattern == "irregular") return &rates->irregular;
    if (pattern == "atomic") return &rates->atomic;
  }
  return nullptr;
}

/// Moves `access.<processor>.<memory>.<pattern>.<footprint>` out of `entries`; returns an error line
/// or nothing.
std::string take_curves(const std::string& file, std::map<std::string, Entry>& entries,
                        MachineTable& table) {
  for (auto it = entries.begin(); it != entries.end();) {
    const std::size_t dot = it->first.rfind('.');
    RateCurve* curve =
        dot == std::string::npos ? nullptr : curve_named(table, it->first.substr(0, dot));
    if (curve == nullptr) {
      ++it;
      continue;
    }
    const std::optional<double> footprint = to_number(it->first.substr(dot + 1));
    const std::optional<double> rate = to_number(it->second.value);
    if (!footprint || !fits(Range::Positive, *footprint) || !rate ||
        !fits(Range::Positive, *rate)) {
      return file + ":" + std::to_string(it->second.line) + ": `" + it->first + "` is `" +
             it->second.value + "`; expected a footprint and a rate above zero";
    }
    curve->push_back({*footprint, *rate});
    it = entries.erase(it);
  }
  for (AccessRates* rates : {&table.gpu.frame_buffer, &table.gpu.zero_copy, &table.cpu.host}) {
    RateCurve* const curves[] = {&rates->stream_read, &rates->stream_write, &rates->irregular,
                                 &rates->atomic};
    for (RateCurve* curve : curves) {
      if (curve->empty() != rates->atomic.empty())
        return file + ": `access.` gives some patterns of a memory and not the others";
      std::sort(curve->begin(), curve->end(), [](const RatePoint& a, const RatePoint& b) {
        return a.footprint_bytes < b.footprint_bytes;
      });
    }
  }
  return {};
}

/// Splits the text into entries; returns an error line or nothing.
std::string collect(std::string_view text, const std::string& file,
                    std::map<std::string, Entry>& entries) {
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    line = line.substr(0, line.find('#'));
    std::istringstream words(line);
    std::string key, value, rest;
    if (!(words >> key)) continue;
    const std::string where = file + ":" + std::to_string(number) + ": ";
    if (!(words >> value)) return where + "`" + key + "` has no value; expected `key value`";
    if (words >> rest) return where + "found `" + rest + "` after the value of `" + key + "`";
    if (!entries.emplace(key, Entry{value, number}).second) {
      return where + "`" + key + "` is given twice";
    }
  }
  return {};
}

/// The keys of some sections are given together or not at all; returns an error line or nothing.
std::string check_sections(const std::string& file, const std::map<std::string, Entry>& entries) {
  for (const std::string section : {"network.", "runtime.", "sockets."}) {
    const auto given = entries.lower_bound(section);
    if (given == entries.end() || given->first.rfind(section, 0) != 0) continue;
    for (const Key& key : known_keys()) {
      if (key.name.rfind(section, 0) != 0 || entries.count(key.name) != 0) continue;
      return file + ": the key `" + key.name + "` is missing, but `" + given->first + "` is given";
    }
  }
  return {};
}

/// Moves the optional bus groups out of `entries`; returns an error line or nothing.
std::string take_groups(const std::string& file, std::map<std::string, Entry>& entries,
                        MachineTable& table) {
  // A GPU without a group has a bus of its own: a negative number, which no table can contain.
  for (int gpu = 0; gpu < table.gpu.count; ++gpu) table.bus.group.push_back(-1 - gpu);
  for (auto it = entries.begin(); it != entries.end();) {
    const std::optional<int> gpu = group_gpu(it->first);
    if (!gpu) {
      ++it;
      continue;
    }
    const std::string where = file + ":" + std::to_string(it->second.line) + ": ";
    const std::optional<double> group = to_number(it->second.value);
    if (*gpu >= table.gpu.count) {
      return where + "`" + it->first + "` names a GPU outside `gpu.count` " +
             std::to_string(table.gpu.count);
    }
    if (!group || *group < 0 || *group != std::floor(*group) || *group > 1e6) {
      return where + "`" + it->first + "` is `" + it->second.value + "`; expected a whole number";
    }
    table.bus.group[static_cast<std::size_t>(*gpu)] = static_cast<int>(*group);
    it = entries.erase(it);
  }
  return {};
}

/// Moves `sockets.gpu.<gpu>` out of `entries`; returns an error line or nothing.
std::string take_sockets(const std::string& file, std::map<std::string, Entry>& entries,
                         MachineTable& table) {
  MachineTable::Sockets& sockets = table.sockets;
  const bool is_given = sockets.link_bandwidth > 0;
  if (!is_given) return {};
  if (sockets.count < 2)
    return file + ": `sockets.count` is " + std::to_string(sockets.count) + "; expected at least 2";
  for (int gpu = 0; gpu < table.gpu.count; ++gpu) {
    const auto found = entries.find("sockets.gpu." + std::to_string(gpu));
    if (found == entries.end())
      return file + ": the key `sockets.gpu." + std::to_string(gpu) + "` is missing";
    const auto& [key, entry] = *found;
    const std::optional<double> socket = to_number(entry.value);
    if (!socket || !fits(Range::Count, *socket) || *socket >= sockets.count) {
      return file + ":" + std::to_string(entry.line) + ": `" + key + "` is `" + entry.value +
             "`; expected a whole number below `sockets.count` " + std::to_string(sockets.count);
    }
    sockets.of_gpu.push_back(static_cast<int>(*socket));
    entries.erase(found);
  }
  return {};
}

}  // namespace

MachineTableResult parse_machine_table(std::string_view text, std::string_view file_name) {
  const std::string file(file_name);
  std::map<std::string, Entry> entries;
  if (std::string error = collect(text, file, entries); !error.empty()) return failure(error);

  if (std::string error = check_sections(file, entries); !error.empty()) return failure(error);
  MachineTable table;
  for (const Key& key : known_keys()) {
    const auto found = entries.find(key.name);
    if (found == entries.end() && key.optional) continue;
    if (found == entries.end()) return failure(file + ": the key `" + key.name + "` is missing");
    const std::optional<double> value = to_number(found->second.value);
    if (!value || !fits(key.range, *value)) {
      return failure(file + ":" + std::to_string(found->second.line) + ": `" + key.name + "` is `" +
                     found->second.value + "`; expected " + describe(key.range));
    }
    key.store(table, *value);
    entries.erase(found);
  }
  if (table.gpu.count > 64) return failure(file + ": `gpu.count` is above 64");
  if (std::string error = take_groups(file, entries, table); !error.empty()) return failure(error);
  if (std::string error = take_sockets(file, entries, table); !error.empty()) return failure(error);
  if (std::string error = take_curves(file, entries, table); !error.empty()) return failure(error);
  if (!entries.empty()) {
    const auto& [key, entry] = *entries.begin();
    return failure(file + ":" + std::to_string(entry.line) + ": unknown key `" + key + "`");
  }
  return {table, {}};
}

MachineTableResult read_machine_table(const std::string& path) {
  std::error_code ignored;
  std::string text;
  std::ifstream stream(path, std::ios::binary);
  const bool is_open = stream.good() && !std::filesystem::is_directory(path, ignored);
  if (is_open) {
    text.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  if (!is_open || stream.bad()) {
    return failure("cannot read the machine table `" + path + "` named by " +
                   kMachineTableVariable);
  }
  return parse_machine_table(text, path);
}

MachineTableResult machine_table_from_environment() {
  const char* path = std::getenv(kMachineTableVariable);
  if (path == nullptr || *path == '\0') return {};
  return read_machine_table(path);
}

}  // namespace placewright
