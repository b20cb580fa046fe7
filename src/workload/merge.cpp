// SPDX-License-Identifier: Apache-2.0
// Merges the workloads of several processes.
#include <algorithm>

#include "workload/workload.h"

namespace placewright::workload {
namespace {

void merge_argument(WorkloadArgument& into, const WorkloadArgument& from) {
  if (into.names.empty()) into.names = from.names;
  if (into.privilege == machine::Privilege::None) into.privilege = from.privilege;
  into.dim = std::max(into.dim, from.dim);
  into.fields = std::max(into.fields, from.fields);
  into.bytes = std::max(into.bytes, from.bytes);
  if (into.demands.empty()) into.demands = from.demands;
}

void merge_launches(std::vector<WorkloadLaunch>& into, const std::vector<WorkloadLaunch>& from) {
  for (const WorkloadLaunch& launch : from) {
    const auto same = std::ranges::find_if(
        into, [&](const WorkloadLaunch& other) { return same_launch(launch, other); });
    if (same == into.end()) {
      into.push_back(launch);
    } else {
      same->count = std::max(same->count, launch.count);
    }
  }
}

void merge_task(WorkloadTask& into, const WorkloadTask& from) {
  for (const machine::ProcessorKind kind : from.variants) {
    if (std::ranges::find(into.variants, kind) == into.variants.end())
      into.variants.push_back(kind);
  }
  std::ranges::sort(into.variants);
  into.inner = into.inner && from.inner;
  for (size_t i = 0; i < from.arguments.size(); ++i) {
    if (i < into.arguments.size()) {
      merge_argument(into.arguments[i], from.arguments[i]);
    } else {
      into.arguments.push_back(from.arguments[i]);
    }
  }
  merge_launches(into.launches, from.launches);
}

}  // namespace

bool same_launch(const WorkloadLaunch& a, const WorkloadLaunch& b) {
  return a.index == b.index && a.domain == b.domain && a.tag == b.tag && a.depth == b.depth &&
         a.mapper == b.mapper;
}

Workload without_mappers(Workload workload, const std::set<uint64_t>& mappers) {
  std::erase_if(workload.tasks, [&](WorkloadTask& task) {
    const size_t left = std::erase_if(task.launches, [&](const WorkloadLaunch& launch) {
      return mappers.contains(launch.mapper);
    });
    return left > 0 && task.launches.empty();
  });
  return workload;
}

Result<Workload> merge(std::span<const Workload> parts) {
  if (parts.empty()) return fail("no process wrote a workload");
  Workload result = parts.front();
  for (const Workload& part : parts.subspan(1)) {
    if (part.machine.to_string() != result.machine.to_string())
      return fail("the processes of one run describe different machines",
                  "start every process with the same processor and memory flags");
    for (const WorkloadTask& task : part.tasks) {
      const auto same = std::ranges::find(result.tasks, task.name, &WorkloadTask::name);
      if (same == result.tasks.end()) {
        result.tasks.push_back(task);
      } else {
        merge_task(*same, task);
      }
    }
  }
  std::ranges::sort(result.tasks, {}, &WorkloadTask::name);
  return result;
}

}  // namespace placewright::workload
