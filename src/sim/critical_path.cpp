// SPDX-License-Identifier: Apache-2.0
#include "sim/critical_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace placewright::sim {
namespace {

std::string memory_kind(const ModelledMachine& machine, uint64_t memory) {
  return std::string(to_string(machine.place(memory).kind));
}

/// "`x` argument 1 (rp_shared)".
std::string argument_words(const workload::WorkloadTask& task, int argument) {
  std::string words = fmt::format("`{}` argument {}", task.name, argument);
  const auto number = static_cast<size_t>(argument);
  if (number < task.arguments.size() && !task.arguments[number].names.empty())
    words += fmt::format(" ({})", task.arguments[number].names.front());
  return words;
}

std::string words(const Label& label, const workload::Recording& recording,
                  const ModelledMachine& machine) {
  if (label.kind == Label::Kind::Wait) return "waiting";
  const workload::WorkloadTask& task = recording.workload.tasks[label.task];
  if (label.kind == Label::Kind::Task) return fmt::format("task `{}`", task.name);
  const std::string argument = argument_words(task, label.argument);
  const std::string to = memory_kind(machine, label.to);
  if (label.kind == Label::Kind::Fill) return fmt::format("fills of {} for {}", to, argument);
  const std::string what = label.kind == Label::Kind::Fold ? "reductions" : "copies";
  if (label.from == label.to) return fmt::format("{} within {} for {}", what, to, argument);
  const bool is_across = machine.place(label.from).node != machine.place(label.to).node;
  return fmt::format("{} from {} to {}{} for {}", what, memory_kind(machine, label.from), to,
                     is_across ? " of another node" : "", argument);
}

}  // namespace

std::vector<Blame> critical_path(const Timeline& timeline, const Labels& labels,
                                 const workload::Recording& recording,
                                 const ModelledMachine& machine, ActivityId last, double since_s) {
  std::map<std::string, double> sums;
  const double end_s = timeline.end(last);
  for (ActivityId at = last; at != kNoActivity && timeline.end(at) > since_s;
       at = timeline.cause(at)) {
    const double seconds = timeline.end(at) - std::max(timeline.start(at), since_s);
    if (seconds > 0) sums[words(labels.of(at), recording, machine)] += seconds;
    // It may have been in line for what was free, because somebody else's turn was before.
    const ActivityId before = timeline.cause(at);
    const double from_s = std::max(before == kNoActivity ? 0 : timeline.end(before), since_s);
    if (timeline.start(at) > from_s) sums["waiting"] += timeline.start(at) - from_s;
  }
  std::vector<Blame> list;
  for (const auto& [what, seconds] : sums)
    list.push_back({what, seconds, seconds / (end_s - since_s)});
  std::ranges::stable_sort(list, std::ranges::greater(), &Blame::seconds);
  return list;
}

}  // namespace placewright::sim
