// SPDX-License-Identifier: Apache-2.0
#include "explain/wrong_kind.h"

#include <fmt/core.h>

#include "explain/task_on_kind.h"

namespace placewright::explain {
namespace {

/// What the task took on that kind of processor, in this run or an earlier one.
std::optional<double> known_s(const Measured& run, const TaskTimes& now, const std::string& task,
                              machine::ProcessorKind kind) {
  const std::pair key(task, std::string(machine::to_string(kind)));
  for (const TaskTimes* times : {&now, &run.earlier})
    if (const auto found = times->find(key); found != times->end()) return found->second;
  return std::nullopt;
}

/// In the unit of `known_s`.
std::string task_time_text(const Measured& run, double seconds) {
  return modelled_text(run, seconds * run.time_scale);
}

double weight_of(const Measured& run, const TaskOnKind& group) {
  return share_of(run, group.work_s / static_cast<double>(processors_of(run.profile, group.kind)));
}

Finding finding_about(const Measured& run, const TaskOnKind& group, FindingKind kind,
                      std::optional<double> elsewhere_s, machine::ProcessorKind other) {
  Finding finding;
  finding.kind = kind;
  finding.weight = weight_of(run, group);
  finding.evidence = {
      {"runs", fmt::format("{} of {}", group.count, modelled_text(run, group.median_s))},
      {"share of the run", percent_text(finding.weight)}};
  if (elsewhere_s)
    finding.evidence.push_back({fmt::format("on {} in another run", machine::to_string(other)),
                                task_time_text(run, *elsewhere_s)});
  finding.lines = task_lines(run, group.task);
  return finding;
}

// Whether a CPU is faster depends on the work, so only a time that was seen makes it advice.
void find_small(const Measured& run, const TaskTimes& now, const TaskOnKind& group,
                std::vector<Finding>& findings) {
  using machine::ProcessorKind;
  const double here_s = group.median_s / run.time_scale;
  if (group.kind != "GPU" || here_s > kSmallKernel_s || weight_of(run, group) < kLeastShare ||
      !can_run_on(run, group.task, ProcessorKind::Cpu))
    return;
  const auto on_cpu_s = known_s(run, now, group.task, ProcessorKind::Cpu);
  Finding finding =
      finding_about(run, group, FindingKind::SmallTasks, on_cpu_s, ProcessorKind::Cpu);
  finding.what =
      fmt::format("{} takes {} on a GPU, of which the launch of a kernel is 5 us or more",
                  as_data(group.task), modelled_text(run, group.median_s));
  if (on_cpu_s && *on_cpu_s < here_s) {
    finding.why = "the task is too small for a GPU: it was faster on a CPU";
    finding.advice = "run it on a CPU if its data can be in a memory that both see";
    add_edit(finding, run.edits.move_task(group.task, ProcessorKind::Cpu));
  } else {
    finding.why = "half of the task's time and more is overhead";
    finding.advice = "make its pieces larger";
    if (on_cpu_s) finding.advice += "; a CPU takes longer for it";
  }
  findings.push_back(std::move(finding));
}

void find_slow_processor(const Measured& run, const TaskTimes& now, const TaskOnKind& group,
                         std::vector<Finding>& findings) {
  using machine::ProcessorKind;
  const double here_s = group.median_s / run.time_scale;
  if (group.kind == "GPU" || here_s < kLargeForCpu_s || weight_of(run, group) < kLeastShare ||
      !can_run_on(run, group.task, ProcessorKind::Gpu))
    return;
  const auto on_gpu_s = known_s(run, now, group.task, ProcessorKind::Gpu);
  if (on_gpu_s && *on_gpu_s >= here_s) return;  // a run has shown that a GPU does not help
  Finding finding =
      finding_about(run, group, FindingKind::SlowProcessor, on_gpu_s, ProcessorKind::Gpu);
  finding.what = fmt::format("{} takes {} on {} and has a variant for GPUs, which the machine has",
                             as_data(group.task), modelled_text(run, group.median_s), group.kind);
  finding.why = on_gpu_s ? "it was faster on a GPU"
                         : "a GPU does most such work many times faster, and launching it there "
                           "costs microseconds; it was not timed there yet";
  finding.advice = "run it on a GPU";
  add_edit(finding, run.edits.move_task(group.task, ProcessorKind::Gpu));
  findings.push_back(std::move(finding));
}

}  // namespace

std::vector<Finding> wrong_kind_findings(const Measured& run) {
  std::vector<Finding> findings;
  const TaskTimes now = task_times(run.profile, run.time_scale);
  for (const TaskOnKind& group : by_task_and_kind(run.profile)) {
    find_small(run, now, group, findings);
    find_slow_processor(run, now, group, findings);
  }
  return findings;
}

}  // namespace placewright::explain
