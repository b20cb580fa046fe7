// SPDX-License-Identifier: Apache-2.0
#include "sim/labels.h"

#include <fmt/format.h>

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

}  // namespace

std::string words(const Label& label, const workload::Recording& recording,
                  const ModelledMachine& machine) {
  if (label.kind == Label::Kind::Wait) return "waiting";
  const workload::WorkloadTask& task = recording.workload.tasks[label.of.task];
  if (label.kind == Label::Kind::Runtime) return fmt::format("the runtime, for `{}`", task.name);
  if (label.kind == Label::Kind::Task) return fmt::format("task `{}`", task.name);
  const std::string argument = argument_words(task, label.of.argument);
  const std::string to = memory_kind(machine, label.to);
  if (label.kind == Label::Kind::Fill) return fmt::format("fills of {} for {}", to, argument);
  const std::string what = label.kind == Label::Kind::Fold ? "reductions" : "copies";
  if (label.from == label.to) return fmt::format("{} within {} for {}", what, to, argument);
  const bool is_across = machine.place(label.from).node != machine.place(label.to).node;
  return fmt::format("{} from {} to {}{} for {}", what, memory_kind(machine, label.from), to,
                     is_across ? " of another node" : "", argument);
}

}  // namespace placewright::sim
