// SPDX-License-Identifier: Apache-2.0
#include "explain/slow_tasks.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "explain/task_on_kind.h"
#include "lang/grammar/index_maps.h"

namespace placewright::explain {
namespace {

using profile::ProcessorProfile;
using profile::TaskProfile;

std::string place_text(const ProcessorProfile& each) {
  return explain::place_text(each.kind, each.processor, each.node);
}

/// Edits that distribute a task's points in another way.
void add_placements(const Measured& run, const std::string& task, const std::string& kind,
                    Finding& finding) {
  const auto processor = machine::parse_processor_kind(kind);
  const workload::WorkloadTask* known = find_task(run, task);
  if (!processor || known == nullptr ||
      std::ranges::none_of(known->launches, &workload::WorkloadLaunch::index))
    return;
  for (const std::string_view map : lang::grammar::kIndexMaps)
    add_edit(finding, run.edits.place(task, map, *processor));
}

/// The most points that one launch of the task has; 1 for single tasks.
int64_t most_points(const workload::WorkloadTask& task) {
  int64_t most = 1;
  for (const workload::WorkloadLaunch& launch : task.launches)
    if (launch.index) most = std::max(most, launch.domain.volume());
  return most;
}

// ---- idle processors

/// The task that has most work on the kind.
std::string heaviest_task(const std::vector<TaskOnKind>& groups, const std::string& kind) {
  const TaskOnKind* heaviest = nullptr;
  for (const TaskOnKind& group : groups) {
    if (group.kind == kind && (heaviest == nullptr || group.work_s > heaviest->work_s))
      heaviest = &group;
  }
  return heaviest == nullptr ? "" : heaviest->task;
}

/// Says why by what takes most: too few points, copies, or the runtime's own work.
void blame_idleness(const Measured& run, const std::string& task, size_t processors,
                    Finding& finding) {
  const workload::WorkloadTask* known = find_task(run, task);
  double copies_s = 0, runtime_s = 0;
  for (const auto& copy : run.profile.copies) copies_s += copy.time_s;
  for (const auto& each : run.profile.processors) runtime_s += each.runtime_s;
  finding.evidence.push_back({"copies, summed", modelled_text(run, copies_s)});
  finding.evidence.push_back({"runtime's own work, summed", wall_text(run, runtime_s)});
  if (known != nullptr && most_points(*known) < static_cast<int64_t>(processors)) {
    finding.why = fmt::format("{} has at most {} points at a time for {} processors", as_data(task),
                              most_points(*known), processors);
    finding.advice =
        "no mapping can use more processors than a launch has points; give the "
        "application more pieces";
  } else if (copies_s > runtime_s) {
    finding.why = "their tasks wait for copies more than for anything else";
    finding.advice = "keep data where it is used, or in a memory that all of them see";
  } else {
    finding.why = "the runtime prepares tasks more slowly than the processors finish them";
    finding.advice =
        "make tasks larger (fewer pieces), or give the runtime more processors "
        "(-ll:util)";
  }
}

void find_idle(const Measured& run, const std::vector<TaskOnKind>& groups,
               std::vector<Finding>& findings) {
  // Where most of the work is; kinds that only start things are idle by nature.
  std::map<std::string, double> work;
  for (const TaskOnKind& group : groups) work[group.kind] += group.work_s;
  work.erase("UTIL");
  const auto busiest = std::ranges::max_element(work, {}, [](const auto& e) { return e.second; });
  if (busiest == work.end()) return;
  const std::string& kind = busiest->first;
  std::vector<const ProcessorProfile*> all;
  double idle_s = 0, window_s = 0;
  for (const ProcessorProfile& each : run.profile.processors) {
    if (each.kind != kind) continue;
    all.push_back(&each);
    idle_s += each.window_s - each.busy_s;
    window_s += each.window_s;
  }
  if (window_s <= 0 || idle_s / window_s < kIdleShare) return;
  Finding finding;
  finding.kind = FindingKind::IdleProcessors;
  finding.weight = share_of(run, idle_s / static_cast<double>(all.size()));
  finding.what = fmt::format("the {} processors are idle {} of the time in which they are used",
                             kind, percent_text(idle_s / window_s));
  const std::string task = heaviest_task(groups, kind);
  blame_idleness(run, task, all.size(), finding);
  for (const ProcessorProfile* each : all) {
    finding.evidence.push_back({"idle", fmt::format("{}: {} of {}", place_text(*each),
                                                    percent_text(1 - each->busy_s / each->window_s),
                                                    wall_text(run, each->window_s))});
  }
  finding.lines = task_lines(run, task);
  const bool some_unused =
      std::ranges::any_of(all, [](const auto* each) { return each->tasks == 0; });
  if (some_unused) add_placements(run, task, kind, finding);
  findings.push_back(std::move(finding));
}

// ---- imbalance

/// The time of one run of the task on a processor. One stalled run is a straggler, not an imbalance:
/// of three runs and more it does not move the median, and of fewer it cannot be told apart, so the
/// task's runs everywhere decide.
double typical_run_s(const TaskOnKind& group, const TaskProfile& row) {
  constexpr uint64_t kFewestForMedian = 3;
  return row.count < kFewestForMedian ? std::min(row.median_s, group.median_s) : row.median_s;
}

void find_imbalance(const Measured& run, const TaskOnKind& group, std::vector<Finding>& findings) {
  const size_t processors = processors_of(run.profile, group.kind);
  const workload::WorkloadTask* known = find_task(run, group.task);
  // A launch that ran once says little: one stalled point would be an imbalance.
  if (processors < 2 || known == nullptr || group.count < 2 * processors ||
      most_points(*known) < static_cast<int64_t>(processors))
    return;
  double most_s = 0, sum_s = 0;
  const TaskProfile* most = nullptr;
  for (const TaskProfile* row : group.rows) {
    const double typical_s = typical_run_s(group, *row) * static_cast<double>(row->count);
    sum_s += typical_s;
    if (typical_s <= most_s) continue;
    most_s = typical_s;
    most = row;
  }
  const double mean_s = sum_s / static_cast<double>(processors);
  const double weight = share_of(run, most_s - mean_s);
  if (most == nullptr || most_s < kImbalance * mean_s || weight < kLeastShare) return;
  Finding finding;
  finding.kind = FindingKind::Imbalance;
  finding.weight = weight;
  finding.what =
      fmt::format("{} is busy with {} for {}, {:.3g} times the mean over {} processors",
                  explain::place_text(most->kind, most->processor, most->node), as_data(group.task),
                  modelled_text(run, most_s), most_s / mean_s, processors);
  finding.why = "its points are spread unevenly, or some of them are larger than others";
  finding.advice = "map its points differently";
  for (const TaskProfile* row : group.rows) {
    finding.evidence.push_back(
        {"at work",
         fmt::format("{}: {} x {}", explain::place_text(row->kind, row->processor, row->node),
                     row->count, modelled_text(run, row->median_s))});
  }
  finding.lines = task_lines(run, group.task);
  add_placements(run, group.task, group.kind, finding);
  findings.push_back(std::move(finding));
}

// ---- the runtime

void find_overhead(const Measured& run, std::vector<Finding>& findings) {
  double calls_s = 0, runtime_s = 0;
  for (const auto& call : run.profile.mapper_calls) calls_s += call.time_s;
  double utilities = 0;
  for (const ProcessorProfile& each : run.profile.processors) {
    if (each.kind != "UTIL") continue;
    utilities += 1;
    runtime_s += each.runtime_s;
  }
  const double lanes = std::max(1.0, utilities);
  const double calls = share_of(run, calls_s / lanes);
  const double runtime = share_of(run, runtime_s / lanes);
  if (calls < kMapperShare && runtime < kRuntimeBusy) return;
  Finding finding;
  finding.kind = FindingKind::MappingOverhead;
  finding.weight = std::max(calls, runtime >= kRuntimeBusy ? runtime : 0);
  finding.what = fmt::format(
      "mapper calls take {} and all of the runtime's own work {} of the time "
      "of its processors",
      percent_text(calls), percent_text(runtime));
  finding.why =
      "every point of every launch is mapped; the profile is of a run without traces, so programs "
      "that use traces pay this once";
  finding.advice = "use fewer and larger tasks, traces in the application, or -ll:util 2";
  for (const auto& call : run.profile.mapper_calls) {
    if (finding.evidence.size() == 4) break;
    finding.evidence.push_back({"mapper call", fmt::format("{}: {} x, {}", call.call, call.count,
                                                           wall_text(run, call.time_s))});
  }
  findings.push_back(std::move(finding));
}

void find_busiest(const Measured& run, std::vector<Finding>& findings) {
  const ProcessorProfile* busiest = nullptr;
  for (const ProcessorProfile& each : run.profile.processors) {
    if (each.kind != "UTIL" && (busiest == nullptr || each.busy_s > busiest->busy_s))
      busiest = &each;
  }
  if (busiest == nullptr || share_of(run, busiest->busy_s) < kBusiest) return;
  Finding finding;
  finding.kind = FindingKind::BusiestProcessor;
  finding.weight = share_of(run, busiest->busy_s);
  finding.what = fmt::format("{} is at work for {}, {} of the run", place_text(*busiest),
                             modelled_text(run, busiest->busy_s), percent_text(finding.weight));
  finding.why =
      "a run cannot be shorter than the work of its busiest processor: a lower bound for "
      "the critical path, which may be longer";
  finding.advice = "make its largest tasks faster, or give some of them to other processors";
  std::vector<const TaskProfile*> rows;
  for (const TaskProfile& row : run.profile.tasks) {
    if (row.kind == busiest->kind && row.node == busiest->node &&
        row.processor == busiest->processor)
      rows.push_back(&row);
  }
  std::ranges::stable_sort(rows, std::greater<>(), [](const auto* row) { return work_s(*row); });
  for (size_t k = 0; k < std::min<size_t>(3, rows.size()); ++k) {
    finding.evidence.push_back(
        {"top task", fmt::format("{}: {} in {} runs", as_data(rows[k]->task),
                                 modelled_text(run, work_s(*rows[k])), rows[k]->count)});
  }
  if (!rows.empty()) finding.lines = task_lines(run, rows.front()->task);
  findings.push_back(std::move(finding));
}

/// One finding per task, about its longest run.
void find_straggler(const Measured& run, const TaskOnKind& group, std::vector<Finding>& findings) {
  constexpr uint64_t kFewestRuns = 4;
  const TaskProfile* longest = nullptr;
  for (const TaskProfile* row : group.rows) {
    // The longest run of a task that blocks inside includes the blocked time.
    const double usual_s = row->count < kFewestRuns ? group.median_s : row->median_s;
    if (group.count < kFewestRuns || row->longest_s < kStraggler * usual_s ||
        row->blocked_s > row->longest_s / 2)
      continue;
    if (longest == nullptr || row->longest_s > longest->longest_s) longest = row;
  }
  if (longest == nullptr || share_of(run, longest->longest_s) < kStragglerShare) return;
  Finding finding;
  finding.kind = FindingKind::Straggler;
  finding.weight = share_of(run, longest->longest_s);
  finding.what = fmt::format(
      "one run of {} on {} took {}, its median is {}", as_data(group.task),
      explain::place_text(longest->kind, longest->processor, longest->node),
      modelled_text(run, longest->longest_s),
      modelled_text(run, longest->count < kFewestRuns ? group.median_s : longest->median_s));
  finding.why =
      "probably a one-time effect: first use of a device, a busy machine, or one large piece";
  finding.advice =
      "run it again before believing this profile; if the effect remains, look at that piece";
  finding.evidence = {{"runs", std::to_string(longest->count)},
                      {"share of the run", percent_text(finding.weight)}};
  findings.push_back(std::move(finding));
}

}  // namespace

std::vector<Finding> slow_task_findings(const Measured& run) {
  std::vector<Finding> findings;
  const std::vector<TaskOnKind> groups = by_task_and_kind(run.profile);
  find_idle(run, groups, findings);
  for (const TaskOnKind& group : groups) {
    find_imbalance(run, group, findings);
    find_straggler(run, group, findings);
  }
  find_overhead(run, findings);
  find_busiest(run, findings);
  return findings;
}

}  // namespace placewright::explain
