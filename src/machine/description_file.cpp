// SPDX-License-Identifier: Apache-2.0
// The reader of machine files: TOML to a checked MachineDescription.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "machine/access_file.h"
#include "machine/description.h"
#include "machine/description_keys.h"
#include "support/text.h"
#include "support/toml.h"

namespace placewright::machine {
namespace {

/// Reads one file and stops at the first mistake.
class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  Result<MachineDescription> read(const toml::table& root) {
    machine_.file = file_;
    for (const auto& [section, node] : root) {
      const bool done = section == "name"     ? read_name(node)
                        : section == "access" ? read_access(node)
                                              : read_section(std::string(section.str()), node);
      if (!done) return tl::unexpected(*error_);
    }
    if (machine_.name.empty()) return fail(fmt::format("{}: `name` is missing", file_));
    if (!check_whole()) return tl::unexpected(*error_);
    return machine_;
  }

 private:
  bool refuse(const toml::node* node, std::string_view what, std::string help = {}) {
    const auto line = node == nullptr ? 0 : node->source().begin.line;
    const std::string place = line == 0 ? file_ : fmt::format("{}:{}", file_, line);
    error_ = Error{fmt::format("{}: {}", place, what), std::move(help)};
    return false;
  }

  bool read_name(const toml::node& node) {
    if (!node.is_string()) return refuse(&node, "`name` should be a string");
    machine_.name = node.value_or(std::string());
    return true;
  }

  bool read_access(const toml::node& node) {
    if (!node.is_table()) return refuse_unknown("access", node);
    auto tables = read_access_tables(*node.as_table(), file_);
    if (!tables) {
      error_ = tables.error();
      return false;
    }
    machine_.access = *std::move(tables);
    return true;
  }

  bool read_section(const std::string& section, const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return refuse_unknown(section, node);
    for (const auto& [name, value] : *table) {
      const std::string key = section + "." + std::string(name.str());
      const bool done = key == kGroups       ? read_list(key, value, machine_.bus_groups)
                        : key == kGpuSockets ? read_list(key, value, machine_.gpu_sockets)
                                             : read_quantity(key, value);
      if (!done) return false;
    }
    return true;
  }

  bool refuse_unknown(const std::string& key, const toml::node& node) {
    const std::vector<std::string_view> known = machine_keys();
    const std::string_view nearest = nearest_word(key, known);
    return refuse(&node, fmt::format("unknown key `{}`", key),
                  nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest));
  }

  bool read_list(const std::string& key, const toml::node& node, std::vector<int>& numbers) {
    const toml::array* array = node.as_array();
    if (array == nullptr)
      return refuse(&node, fmt::format("`{}` should be a list of whole numbers", key));
    for (const toml::node& element : *array) {
      const std::optional<int64_t> number = element.value_exact<int64_t>();
      if (!number || *number < 0 || *number > 1000) {
        return refuse(&node, fmt::format("`{}` should be a list of whole numbers from 0", key));
      }
      numbers.push_back(static_cast<int>(*number));
    }
    lines_.emplace(key, &node);
    return true;
  }

  bool read_quantity(const std::string& name, const toml::node& node) {
    const Key* key = find_key(name);
    if (key == nullptr) return refuse_unknown(name, node);
    const toml::table* table = node.as_table();
    if (table == nullptr || !table->contains("value")) {
      return refuse(&node, fmt::format("`{}` should be a table with a `value`", name),
                    fmt::format("{} = {{value = 1, source = \"...\"}}", name));
    }
    for (const auto& [part, unused] : *table) {
      static constexpr std::string_view kParts[] = {"value", "min", "max", "unit", "source"};
      const std::string word(part.str());
      if (std::find(std::begin(kParts), std::end(kParts), word) == std::end(kParts)) {
        return refuse(&node, fmt::format("`{}` has an unknown part `{}`; expected value, min, max, "
                                         "unit or source",
                                         name, word));
      }
    }
    Quantity quantity;
    quantity.source = (*table)["source"].value_or(std::string());
    if (quantity.source.empty()) return refuse(&node, fmt::format("`{}` has no `source`", name));
    return read_numbers(*key, *table, quantity) && check_quantity(*key, node, quantity);
  }

  bool read_numbers(const Key& key, const toml::table& table, Quantity& quantity) {
    const std::optional<double> factor = unit_factor(key, table);
    if (!factor) return false;
    const std::pair<const char*, double*> parts[] = {
        {"value", &quantity.value}, {"min", &quantity.min}, {"max", &quantity.max}};
    for (const auto& [part, target] : parts) {
      *target = quantity.value;
      if (!table.contains(part)) continue;
      const std::optional<double> number = table[part].value<double>();
      if (!number || !std::isfinite(*number)) {
        return refuse(&table, fmt::format("`{}` of `{}` should be a number", part, key.name));
      }
      *target = *number * *factor;
    }
    return true;
  }

  std::optional<double> unit_factor(const Key& key, const toml::table& table) {
    const std::string unit = table["unit"].value_or(std::string());
    std::vector<std::string_view> known;
    for (const Unit& candidate : kUnits) {
      if (candidate.dimension != key.dimension) continue;
      if (candidate.name == unit) return candidate.factor;
      known.push_back(candidate.name);
    }
    if (known.empty() && unit.empty()) return 1.0;
    if (known.empty()) {
      refuse(&table, fmt::format("`{}` has no unit, found `{}`", key.name, unit));
    } else {
      refuse(&table, fmt::format("`{}` has the unit `{}`; expected {}", key.name, unit,
                                 join_alternatives(known)));
    }
    return std::nullopt;
  }

  bool check_quantity(const Key& key, const toml::node& node, const Quantity& quantity) {
    if (quantity.min > quantity.value || quantity.value > quantity.max) {
      return refuse(&node, fmt::format("`{}` is {:.6g}, outside of its own range {:.6g} to {:.6g}",
                                       key.name, quantity.value, quantity.min, quantity.max));
    }
    const Limits limits = limits_of(key);
    for (const double number : {quantity.value, quantity.min, quantity.max}) {
      if (number >= limits.least && number <= limits.most) continue;
      return refuse(&node,
                    fmt::format("`{}` is {:.6g}{}; expected {:g} to {:g}{}", key.name, number,
                                limits.unit, limits.least, limits.most, limits.unit));
    }
    for (const double number : {quantity.value, quantity.min, quantity.max}) {
      if (key.dimension != Dimension::Count || number == std::floor(number)) continue;
      return refuse(&node,
                    fmt::format("`{}` is {:.6g}; expected a whole number", key.name, number));
    }
    machine_.quantities.emplace(key.name, quantity);
    lines_.emplace(key.name, &node);
    given_.insert(key.about);
    return true;
  }

  [[nodiscard]] bool is_wanted(const Key& key) const {
    if (key.about == About::Gpus) return machine_.gpus() > 0;
    if (key.about == About::Optional) return lines_.contains(std::string(key.name));
    if (key.about == About::Network) return machine_.nodes() > 1 || given_.contains(key.about);
    if (key.about == About::Runtime || key.about == About::Sockets)
      return given_.contains(key.about);
    return true;
  }

  bool check_presence(const Key& key) {
    const auto line = lines_.find(std::string(key.name));
    if (is_wanted(key) && line == lines_.end()) {
      std::string reason;
      if (key.about != About::Node && key.about != About::Gpus) {
        const std::string_view section = key.name.substr(0, key.name.find('.'));
        reason = given_.contains(key.about)
                     ? fmt::format(", but the file has a part of `[{}]`", section)
                     : fmt::format(", but `shape.nodes` is {}", machine_.nodes());
      }
      return refuse(nullptr, fmt::format("`{}` is missing{}", key.name, reason));
    }
    if (!is_wanted(key) && line != lines_.end()) {
      return refuse(line->second, fmt::format("`{}` is given, but `shape.gpus` is 0", key.name));
    }
    return true;
  }

  /// Realm takes these sizes in MiB and needs a part of each GPU's memory for itself.
  bool check_memories() {
    if (machine_.system_memory_bytes() < kMiB) {
      return refuse(lines_.at("host.memory"), "`host.memory` is below 1 MiB");
    }
    if (machine_.gpus() == 0) return true;
    const uint64_t frame_buffer = machine_.frame_buffer_bytes();
    const uint64_t zero_copy = machine_.zero_copy_bytes();
    if (frame_buffer < kMiB) {
      return refuse(lines_.at("gpu.frame_buffer"), "`gpu.frame_buffer` is below 1 MiB");
    }
    if (zero_copy > 0 && zero_copy < kMiB) {
      return refuse(lines_.at("zero_copy.capacity"),
                    "`zero_copy.capacity` is below 1 MiB; expected 0 or more than that");
    }
    const auto memory = static_cast<uint64_t>(machine_.quantity("gpu.memory").value);
    if (frame_buffer + kIntermediateBuffer > memory) {
      return refuse(lines_.at("gpu.frame_buffer"),
                    "`gpu.frame_buffer` and the 128 MiB that Realm copies through are larger "
                    "than `gpu.memory`");
    }
    return true;
  }

  bool check_processors() {
    const int cpus = machine_.cpu_processors();
    const int gpus = machine_.gpus();
    if (gpus > kMaxGpus) {
      return refuse(lines_.at("shape.gpus"),
                    fmt::format("`shape.gpus` is {}; expected at most {}", gpus, kMaxGpus));
    }
    if (cpus < 1) {
      // Legion starts the top-level task on a CPU.
      return refuse(lines_.at("shape.cpu_processors"),
                    "`shape.cpu_processors` is 0; expected at least 1");
    }
    if (const auto cores = lines_.find("shape.cores");
        cores != lines_.end() && machine_.cores() < 1)
      return refuse(cores->second, "`shape.cores` is 0; expected at least 1");
    // A run may have either end of the range.
    const Quantity& range = machine_.quantity("runtime.utility_processors");
    const int utility = machine_.has_runtime() ? static_cast<int>(range.max) : kUtilityProcessors;
    if (machine_.has_runtime() && range.min < 1) {
      return refuse(lines_.at("runtime.utility_processors"),
                    "`runtime.utility_processors` is 0; expected at least 1");
    }
    const int all = cpus + gpus + utility;
    if (all > kMaxProcessors) {
      return refuse(lines_.at("shape.cpu_processors"),
                    fmt::format("`shape.cpu_processors` is {}, which with {} GPUs and {} utility "
                                "processor{} makes {}; Legion is built for {} processors per node",
                                cpus, gpus, utility, utility == 1 ? "" : "s", all, kMaxProcessors));
    }
    return true;
  }

  /// Checks that need the whole file.
  bool check_whole() {
    for (const Key& key : kKeys) {
      if (!check_presence(key)) return false;
    }
    const toml::node* shape = lines_.at("shape.nodes");
    if (machine_.nodes() < 1) return refuse(shape, "`shape.nodes` is 0; expected at least 1");
    if (!check_processors() || !check_memories()) return false;
    const auto first = machine_.access.lower_bound("gpu.");
    if (machine_.gpus() == 0 && first != machine_.access.end()) {
      return refuse(nullptr,
                    fmt::format("`access.{}` is given, but `shape.gpus` is 0", first->first));
    }
    const size_t groups = machine_.bus_groups.size();
    if (groups != 0 && groups != static_cast<size_t>(machine_.gpus())) {
      return refuse(
          nullptr, fmt::format("`bus.groups` has {} entries for {} GPUs", groups, machine_.gpus()));
    }
    return check_sockets();
  }

  bool check_sockets() {
    const auto list = lines_.find(std::string(kGpuSockets));
    if (!given_.contains(About::Sockets)) {
      return list == lines_.end() ||
             refuse(list->second, "`sockets.gpus` is given, but `sockets.count` is missing");
    }
    const toml::node* count = lines_.at("sockets.count");
    const int sockets = machine_.sockets();
    if (sockets < 2) {
      return refuse(count, fmt::format("`sockets.count` is {}; expected at least 2", sockets),
                    "a machine with one socket has no section `[sockets]`");
    }
    if (sockets > machine_.cpu_processors()) {
      return refuse(count, fmt::format("`sockets.count` is {}, but `shape.cpu_processors` is {}; "
                                       "each socket has at least one of them",
                                       sockets, machine_.cpu_processors()));
    }
    const std::vector<int>& of_gpus = machine_.gpu_sockets;
    if (list == lines_.end() && machine_.gpus() > 0) {
      return refuse(nullptr, "`sockets.gpus` is missing, but the file has a part of `[sockets]`",
                    "it lists the socket of each GPU: gpus = [0, 0, 1, 1]");
    }
    if (of_gpus.size() != static_cast<size_t>(machine_.gpus())) {
      return refuse(list->second, fmt::format("`sockets.gpus` has {} entries for {} GPUs",
                                              of_gpus.size(), machine_.gpus()));
    }
    for (const int socket : of_gpus) {
      if (socket < sockets) continue;
      return refuse(list->second, fmt::format("`sockets.gpus` has a {}, but `sockets.count` is {}; "
                                              "sockets are numbered from 0",
                                              socket, sockets));
    }
    return true;
  }

  std::string file_;
  MachineDescription machine_;
  std::map<std::string, const toml::node*> lines_;
  std::set<About> given_;
  std::optional<Error> error_;
};

}  // namespace

std::vector<std::string_view> machine_keys() {
  std::vector<std::string_view> names;
  for (const Key& key : kKeys) names.push_back(key.name);
  names.insert(names.end(), {kGroups, kGpuSockets});
  return names;
}

Result<MachineDescription> parse_machine(std::string_view text, std::string file) {
  try {
    const toml::table root = parse_toml(text, file);
    return Reader(std::move(file)).read(root);
  } catch (const toml::parse_error& error) {
    return fail(fmt::format("{}:{}: {}", file, error.source().begin.line, error.description()));
  }
}

}  // namespace placewright::machine
