// SPDX-License-Identifier: Apache-2.0
// What a profile says of each task on each kind of processor.
#pragma once

#include <string>
#include <vector>

#include "explain/observation.h"
#include "profile/profile.h"

namespace placewright::explain {

/// All rows of a task on one kind of processor.
struct TaskOnKind {
  std::string task, kind;
  uint64_t count = 0;
  double work_s = 0;
  double median_s = 0;  ///< The middle one of the rows' medians, by count.
  std::vector<const profile::TaskProfile*> rows;
};

/// The time that a row's tasks took at work: on the device where they worked there.
[[nodiscard]] double work_s(const profile::TaskProfile& task);
/// The profile must outlive the result.
[[nodiscard]] std::vector<TaskOnKind> by_task_and_kind(const profile::Profile& profile);
[[nodiscard]] size_t processors_of(const profile::Profile& profile, const std::string& kind);

/// The medians, in modelled seconds where `time_scale` is not 1.
[[nodiscard]] TaskTimes task_times(const profile::Profile& profile, double time_scale);

}  // namespace placewright::explain
