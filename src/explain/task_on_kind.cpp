// SPDX-License-Identifier: Apache-2.0
#include "explain/task_on_kind.h"

#include <algorithm>
#include <map>

namespace placewright::explain {

using profile::ProcessorProfile;
using profile::TaskProfile;

double work_s(const TaskProfile& task) { return task.device_s > 0 ? task.device_s : task.run_s; }

std::vector<TaskOnKind> by_task_and_kind(const profile::Profile& profile) {
  std::map<std::pair<std::string, std::string>, TaskOnKind> groups;
  for (const TaskProfile& row : profile.tasks) {
    TaskOnKind& group = groups[{row.task, row.kind}];
    group.task = row.task;
    group.kind = row.kind;
    group.count += row.count;
    group.work_s += work_s(row);
    group.rows.push_back(&row);
  }
  std::vector<TaskOnKind> result;
  for (auto& [key, group] : groups) {
    std::ranges::sort(group.rows, {}, &TaskProfile::median_s);
    uint64_t reached = 0;
    for (const TaskProfile* row : group.rows) {
      group.median_s = row->median_s;
      if (2 * (reached += row->count) >= group.count) break;
    }
    result.push_back(std::move(group));
  }
  return result;
}

size_t processors_of(const profile::Profile& profile, const std::string& kind) {
  return static_cast<size_t>(std::ranges::count(profile.processors, kind, &ProcessorProfile::kind));
}

TaskTimes task_times(const profile::Profile& profile, double time_scale) {
  TaskTimes times;
  for (const TaskOnKind& group : by_task_and_kind(profile))
    times[{group.task, group.kind}] = group.median_s / time_scale;
  return times;
}

}  // namespace placewright::explain
