// SPDX-License-Identifier: Apache-2.0
#include "explain/zero_copy.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

namespace placewright::explain {
namespace {

double points_of(const workload::WorkloadTask& task) {
  double points = 0;
  for (const workload::WorkloadLaunch& launch : task.launches)
    points += static_cast<double>(launch.count) *
              (launch.index ? static_cast<double>(launch.domain.volume()) : 1);
  return points;
}

bool has_one_of(const workload::WorkloadArgument& argument, const std::set<std::string>& regions) {
  return std::ranges::any_of(argument.names,
                             [&](const std::string& name) { return regions.contains(name); });
}

void find_slow_zero_copy(const Measured& run, const workload::WorkloadTask& task,
                         std::vector<Finding>& findings) {
  // A lower bound needs the bandwidth of this machine's own bus.
  if (!run.bus_bytes_per_second) return;
  const workload::ResolvedTask* decided = decisions_of(run, task.name);
  if (decided == nullptr || decided->kind != machine::ProcessorKind::Gpu) return;
  double device_s = 0;
  uint64_t count = 0;
  std::set<std::pair<int, int>> processors;
  for (const profile::TaskProfile& row : run.profile.tasks) {
    if (row.task != task.name || row.kind != "GPU" || row.device_s <= 0) continue;
    device_s += row.median_s * static_cast<double>(row.count);
    count += row.count;
    processors.emplace(row.node, row.processor);
  }
  if (count == 0) return;
  uint64_t bytes = 0;
  for (size_t k = 0; k < task.arguments.size() && k < decided->arguments.size(); ++k)
    if (decided->arguments[k].memory == machine::MemoryKind::ZcMem)
      bytes += task.arguments[k].bytes;
  const double each_s = device_s / static_cast<double>(count) / run.time_scale;
  const double bus_s = static_cast<double>(bytes) / *run.bus_bytes_per_second;
  const double share = std::min(1.0, bus_s / each_s);
  const double weight = share * share_of(run, device_s / static_cast<double>(processors.size()));
  if (share < kBusShare || weight < kLeastShare) return;
  Finding finding;
  finding.kind = FindingKind::SlowZeroCopy;
  finding.weight = weight;
  finding.what = fmt::format(
      "{} takes {} on a GPU, at least {} of it on bus accesses to {} in zero-copy memory",
      as_data(task.name), modelled_text(run, each_s * run.time_scale),
      time_text(std::min(bus_s, each_s)), bytes_text(bytes));
  finding.why =
      "a GPU reaches zero-copy memory over the bus, tens of times slower than its own memory";
  finding.advice =
      "keep large arguments in the frame buffer; only small data that several GPUs share benefits "
      "from zero-copy memory";
  for (size_t k = 0; k < task.arguments.size() && k < decided->arguments.size(); ++k) {
    if (decided->arguments[k].memory != machine::MemoryKind::ZcMem) continue;
    const workload::WorkloadArgument& argument = task.arguments[k];
    const std::string name = argument.names.empty() ? "" : argument.names.front();
    const int index = static_cast<int>(k);
    finding.evidence.push_back(
        {"in zero-copy memory",
         fmt::format("{}: {}", argument_text(task.name, index, name), bytes_text(argument.bytes))});
    for (const MappingLine& line : memory_lines(run, task.name, index)) {
      if (std::ranges::find(finding.lines, line) == finding.lines.end())
        finding.lines.push_back(line);
    }
    // Only what takes a noticeable part of the bus.
    const double own_s = static_cast<double>(argument.bytes) / *run.bus_bytes_per_second;
    if (own_s >= kBusShare / 2 * each_s && !name.empty())
      add_edit(finding, run.edits.move_regions({name}, machine::ProcessorKind::Gpu,
                                               machine::MemoryKind::FbMem));
  }
  findings.push_back(std::move(finding));
}

}  // namespace

double least_bus_s(const Measured& run, const std::set<std::string>& regions) {
  double bytes = 0;
  for (const workload::WorkloadTask& task : run.workload.tasks) {
    const workload::ResolvedTask* decided = decisions_of(run, task.name);
    if (decided == nullptr || decided->kind != machine::ProcessorKind::Gpu) continue;
    for (size_t k = 0; k < task.arguments.size() && k < decided->arguments.size(); ++k) {
      const bool moves = has_one_of(task.arguments[k], regions) &&
                         decided->arguments[k].memory != machine::MemoryKind::ZcMem;
      if (moves) bytes += static_cast<double>(task.arguments[k].bytes) * points_of(task);
    }
  }
  const machine::MachineShape& machine = run.workload.machine;
  const int gpus = machine.node_count() * machine.processors_per_node(machine::ProcessorKind::Gpu);
  return bytes / run.bus_bytes_per_second.value_or(kUsualBus) / std::max(gpus, 1);
}

double copied_s(const Measured& run, const std::set<std::string>& regions) {
  double total_s = 0;
  std::set<std::optional<profile::MemoryPlace>> destinations;
  for (const profile::CopyProfile& copy : run.profile.copies) {
    if (!copy.from || !(regions.contains(copy.region) || regions.contains(copy.source))) continue;
    total_s += copy.time_s;
    destinations.insert(copy.to);
  }
  const auto at_once = static_cast<double>(std::max<size_t>(destinations.size(), 1));
  return total_s / at_once / run.time_scale;
}

std::vector<Finding> slow_zero_copy_findings(const Measured& run) {
  std::vector<Finding> findings;
  for (const workload::WorkloadTask& task : run.workload.tasks)
    find_slow_zero_copy(run, task, findings);
  return findings;
}

}  // namespace placewright::explain
