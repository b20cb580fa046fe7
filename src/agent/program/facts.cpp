// SPDX-License-Identifier: Apache-2.0
#include "agent/program/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "explain/finding.h"
#include "support/json.h"
#include "workload/decisions.h"

namespace placewright::agent {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostTasks = 64;
constexpr size_t kMostNames = 200;    // of tasks that are not described
constexpr size_t kMostLaunches = 16;  // per task, with different points
constexpr size_t kLongestName = 200;

/// Pure ASCII; everything else is escaped.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

std::string name(const std::string& text) { return explain::harmless(text, kLongestName); }

double weight(const workload::WorkloadTask& task) {
  double bytes = 1;
  for (const workload::WorkloadArgument& argument : task.arguments)
    bytes += static_cast<double>(argument.bytes);
  double points = 0;
  for (const workload::WorkloadLaunch& launch : task.launches)
    points += static_cast<double>(launch.count) *
              static_cast<double>(launch.index ? launch.domain.volume() : 1);
  return bytes * points;
}

/// Heaviest first.
std::vector<const workload::WorkloadTask*> decidable(const workload::Workload& workload) {
  std::vector<const workload::WorkloadTask*> tasks;
  for (const workload::WorkloadTask& task : workload.tasks)
    if (!task.launches.empty()) tasks.push_back(&task);
  std::ranges::stable_sort(tasks, std::ranges::greater(),
                           [](const workload::WorkloadTask* task) { return weight(*task); });
  return tasks;
}

/// How often which points were launched, the most frequent first; the rest in one entry.
Json launches_of(const workload::WorkloadTask& task, bool only_index) {
  std::vector<std::pair<std::string, uint64_t>> counts;  // No points: launched alone.
  for (const workload::WorkloadLaunch& launch : task.launches) {
    if (only_index && !launch.index) continue;
    const std::string points = launch.index ? launch.domain.to_string() : "";
    const auto same = std::ranges::find(counts, points, &decltype(counts)::value_type::first);
    if (same == counts.end()) {
      counts.emplace_back(points, launch.count);
    } else {
      same->second += launch.count;
    }
  }
  std::ranges::stable_sort(counts, std::ranges::greater(), &decltype(counts)::value_type::second);
  Json list = Json::array();
  uint64_t others = 0;
  for (const auto& [points, count] : counts) {
    if (list.size() == kMostLaunches) {
      others += count;
    } else if (points.empty()) {
      list.push_back({{"alone", true}, {"launches", count}});
    } else {
      list.push_back({{"points", points}, {"launches", count}});
    }
  }
  if (others > 0)
    list.push_back({{"other_points", counts.size() - kMostLaunches}, {"launches", others}});
  return list;
}

Json described(const workload::WorkloadTask& task, const machine::MachineShape& machine) {
  Json json = {{"name", name(task.name)}};
  for (const machine::ProcessorKind kind : task.variants)
    if (machine.has(kind)) json["variants"].push_back(to_string(kind));
  json["arguments"] = Json::array();
  for (size_t i = 0; i < task.arguments.size(); ++i) {
    const workload::WorkloadArgument& argument = task.arguments[i];
    Json each = {{"index", i}, {"regions", Json::array()}};
    for (const std::string& region : argument.names) each["regions"].push_back(name(region));
    each["privilege"] = to_string(argument.privilege);
    each["bytes_per_point"] = argument.bytes;
    each["dimensions"] = argument.dim;
    each["fields"] = argument.fields;
    for (const std::string& demand : argument.demands) {
      const auto kind = machine::parse_processor_kind(demand.substr(0, demand.find(':')));
      if (kind && machine.has(*kind)) each["demands"].push_back(name(demand));
    }
    json["arguments"].push_back(std::move(each));
  }
  json["launches"] = launches_of(task, /*only_index=*/false);
  if (task.inner) json["only_launches_others"] = true;
  return json;
}

Json regions_of(const std::vector<const workload::WorkloadTask*>& tasks) {
  Json regions = Json::object();
  for (const workload::WorkloadTask* task : tasks) {
    for (size_t i = 0; i < task->arguments.size(); ++i) {
      const workload::WorkloadArgument& argument = task->arguments[i];
      for (const std::string& region : argument.names)
        regions[name(region)].push_back({{"task", name(task->name)},
                                         {"argument", i},
                                         {"privilege", to_string(argument.privilege)},
                                         {"bytes_per_point", argument.bytes}});
    }
  }
  return regions;
}

Json machine_facts(const machine::MachineShape& machine) {
  Json json = {{"nodes", machine.node_count()}};
  for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
    if (!machine.has(kind)) continue;
    Json processors = {{"per_node", machine.processors_per_node(kind)},
                       {"memories", Json::array()}};
    for (const machine::MemoryKind memory : machine::kMemoryKinds) {
      if (memory == machine::MemoryKind::Virtual || !machine.has(kind, memory)) continue;
      const uint64_t bytes = machine.node(0).memory_bytes[static_cast<size_t>(memory)];
      Json each = {{"kind", to_string(memory)}};
      if (bytes != machine::kUnlimitedBytes) each["bytes"] = bytes;
      processors["memories"].push_back(std::move(each));
    }
    json[std::string(to_string(kind))] = std::move(processors);
  }
  return json;
}

}  // namespace

Facts facts_of(const workload::Workload& workload, const machine::MachineShape& machine) {
  std::vector<const workload::WorkloadTask*> all = decidable(workload);
  std::vector<std::string> others;
  for (size_t i = kMostTasks; i < all.size(); ++i) others.push_back(name(all[i]->name));
  if (others.size() > kMostNames) others.resize(kMostNames);
  const size_t left_out = all.size() - std::min(all.size(), kMostTasks);
  all.resize(all.size() - left_out);
  Json tasks = Json::array();
  Json index_tasks = Json::array();
  Json single_tasks = Json::array();
  Json specification = Json::object();
  for (const workload::WorkloadTask* task : all) {
    tasks.push_back(described(*task, machine));
    if (task->inner) continue;
    const auto is_index = [](const workload::WorkloadLaunch& launch) { return launch.index; };
    if (std::ranges::any_of(task->launches, is_index)) {
      index_tasks.push_back(name(task->name));
      specification[name(task->name)] = launches_of(*task, /*only_index=*/true);
    }
    if (!std::ranges::all_of(task->launches, is_index)) single_tasks.push_back(name(task->name));
  }
  if (left_out > 0)
    tasks.push_back({{"smaller_tasks_not_described", left_out}, {"names", std::move(others)}});
  return {{"tasks", dump(tasks)},
          {"regions", dump(regions_of(all))},
          {"index_tasks", dump(index_tasks)},
          {"index_task_specification", dump(specification)},
          {"single_tasks", dump(single_tasks)},
          {"machine", dump(machine_facts(machine))}};
}

Facts restrictions_of(const tune::Settings& settings) {
  Facts facts;
  if (!settings.pin.text.empty()) facts["rules_that_must_stay"] = dump(settings.pin.text);
  if (!settings.only.empty()) facts["tasks_that_may_change"] = dump(settings.only);
  if (!settings.except.empty()) facts["tasks_that_may_not_change"] = dump(settings.except);
  return facts;
}

std::string to_text(const Facts& facts) {
  std::string text;
  for (const auto& [key, value] : facts) text += fmt::format("{} = {}\n", key, value);
  return text;
}

}  // namespace placewright::agent
