// SPDX-License-Identifier: Apache-2.0
#include "explain/measured.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "explain/mapping_lines.h"

namespace placewright::explain {
namespace {

const policy::Policy* policy_of(const Measured& run) { return run.edits.before().policy.get(); }

void add_line(std::vector<MappingLine>& lines, const policy::Policy& policy, SourceRange range) {
  const SourceFile& file = policy.mapping().file;
  const MappingLine line = line_of(file, file.position(range.begin).line);
  if (std::ranges::find(lines, line) == lines.end()) lines.push_back(line);
}

/// The task as its rules count in one of its launches; that of no launch where it has none.
policy::TaskId id_of(const policy::Policy& policy, const workload::WorkloadTask& task) {
  const policy::TaskId plain = policy.task(task.name);
  if (task.launches.empty()) return plain;
  return policy.task(task.name, facts(task.launches.front())).value_or(plain);
}

}  // namespace

const workload::ResolvedTask* decisions_of(const Measured& run, const std::string& task) {
  const auto& tasks = run.edits.before().decisions.tasks;
  const auto found = std::ranges::find(tasks, task, &workload::ResolvedTask::name);
  return found == tasks.end() ? nullptr : &*found;
}

const workload::WorkloadTask* find_task(const Measured& run, const std::string& task) {
  const auto found = std::ranges::find(run.workload.tasks, task, &workload::WorkloadTask::name);
  return found == run.workload.tasks.end() ? nullptr : &*found;
}

bool can_run_on(const Measured& run, const std::string& task, machine::ProcessorKind kind) {
  const workload::WorkloadTask* known = find_task(run, task);
  return known != nullptr && std::ranges::find(known->variants, kind) != known->variants.end() &&
         run.workload.machine.has(kind);
}

double share_of(const Measured& run, double seconds) {
  return run.profile.span_s > 0 ? std::clamp(seconds / run.profile.span_s, 0.0, 1.0) : 0;
}

std::string time_text(double seconds) {
  if (seconds >= 1) return fmt::format("{:.3g} s", seconds);
  if (seconds >= 1e-3) return fmt::format("{:.3g} ms", seconds * 1e3);
  return fmt::format("{:.3g} us", seconds * 1e6);
}

std::string modelled_text(const Measured& run, double seconds) {
  if (!run.is_modelled()) return time_text(seconds);
  return time_text(seconds / run.time_scale) + " of modelled time";
}

std::string wall_text(const Measured& run, double seconds) {
  return time_text(seconds) + (run.is_modelled() ? " of wall time" : "");
}

std::string percent_text(double share) { return fmt::format("{:.3g} %", share * 100); }

std::string bytes_text(uint64_t bytes) {
  constexpr std::array<const char*, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return fmt::format("{:.3g} {}", value, kUnits[unit]);
}

std::string place_text(const std::string& kind, int processor, int node) {
  return fmt::format("{} {} of node {}", kind, processor, node);
}

std::string argument_text(const std::string& task, int argument, const std::string& region) {
  if (argument < 0) return as_data(task);
  if (region.empty()) return fmt::format("argument {} of {}", argument, as_data(task));
  return fmt::format("argument {} ({}) of {}", argument, as_data(region), as_data(task));
}

std::vector<MappingLine> task_lines(const Measured& run, const std::string& task) {
  std::vector<MappingLine> lines;
  const policy::Policy* policy = policy_of(run);
  const workload::WorkloadTask* known = find_task(run, task);
  if (policy == nullptr || known == nullptr) return lines;
  const policy::TaskId id = id_of(*policy, *known);
  const machine::ProcessorKind kind = workload::resolve_kind(*policy, id, *known);
  for (const auto& rule : {policy->processor_rule(id), policy->index_map_rule(id, kind),
                           policy->single_map_rule(id, kind)}) {
    if (rule) add_line(lines, *policy, *rule);
  }
  return lines;
}

std::vector<MappingLine> memory_lines(const Measured& run, const std::string& task, int argument) {
  std::vector<MappingLine> lines;
  const policy::Policy* policy = policy_of(run);
  const workload::WorkloadTask* known = find_task(run, task);
  if (policy == nullptr || known == nullptr || argument < 0 ||
      argument >= static_cast<int>(known->arguments.size()))
    return lines;
  const policy::TaskId id = id_of(*policy, *known);
  const auto names =
      workload::region_names(*policy, known->arguments[static_cast<size_t>(argument)]);
  const auto rules =
      policy->memories(id, {names, argument}, workload::resolve_kind(*policy, id, *known));
  if (!rules.empty()) add_line(lines, *policy, rules.front().rule);
  return lines;
}

void add_edit(Finding& finding, std::optional<Edit> edit) {
  if (!edit) return;
  const bool is_known = std::ranges::any_of(
      finding.edits, [&](const Edit& known) { return known.rules == edit->rules; });
  if (!is_known) finding.edits.push_back(std::move(*edit));
}

}  // namespace placewright::explain
