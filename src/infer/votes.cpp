// SPDX-License-Identifier: Apache-2.0
#include "infer/votes.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "lang/syntax/words.h"

namespace placewright::infer {
namespace {

class Counting {
 public:
  Counting(const workload::Workload& workload, std::vector<std::string>& warnings)
      : workload_(workload), warnings_(warnings) {}

  void count(const ObservedTask& task) {
    const workload::WorkloadTask* facts = find(task.name);
    if (facts == nullptr || !lang::can_be_written(task.name)) return;
    TaskVotes& votes = tasks_[task.name];
    votes.kinds.add(task.kind);
    votes.priorities.add(task.priority);
    votes.depth = task.depth;
    if (task.is_shard) votes.shard_nodes.insert(task.place.node);
    count_place(task, votes);
    // Output regions come last and are not inferred.
    const size_t arguments = std::min(task.arguments.size(), facts->arguments.size());
    if (votes.arguments.size() < arguments) votes.arguments.resize(arguments);
    for (size_t k = 0; k < arguments; ++k) count_argument(task, k, *facts, votes.arguments[k]);
  }

  std::map<std::string, TaskVotes> take() { return std::move(tasks_); }

 private:
  [[nodiscard]] const workload::WorkloadTask* find(const std::string& name) const {
    const auto found = std::ranges::find(workload_.tasks, name, &workload::WorkloadTask::name);
    return found == workload_.tasks.end() ? nullptr : &*found;
  }

  void warn(std::string text) { warnings_.push_back(std::move(text)); }

  void count_place(const ObservedTask& task, TaskVotes& votes) {
    if (task.is_shard) return;
    ObservedPlace place = task.place;
    if (task.choices > 1) place.ordinal = ObservedPlace::kAny;
    if (task.point) {
      votes.points[{task.kind, task.domain}][*task.point].add(place);
    } else if (task.depth > 0) {
      votes.single_places[task.kind].add(place);
    }
  }

  void count_argument(const ObservedTask& task, size_t index, const workload::WorkloadTask& facts,
                      ArgumentVotes& votes) {
    const ObservedArgument& argument = task.arguments[index];
    const auto* memory = std::get_if<machine::MemoryKind>(&argument.memory);
    if (std::holds_alternative<machine::UnnamedMemory>(argument.memory) &&
        said_.insert(task.name).second) {
      warn(fmt::format("`{}` has instances in a kind of memory that the language does not have",
                       task.name));
    }
    if (memory == nullptr) return;
    // The regions of inner tasks are virtual without a rule.
    if (*memory == machine::MemoryKind::Virtual && facts.inner) return;
    votes.memories[task.kind].add(*memory);
    if (!argument.order) return;
    if (argument.order->dimensions == machine::DimensionOrder::Mixed) {
      if (said_.insert(task.name).second)
        warn(fmt::format("`{}` has an order of dimensions that is neither F nor C", task.name));
      return;
    }
    // With one field there is only one layout, with one dimension only one order.
    const bool one_field = facts.arguments[index].fields == 1;
    votes.layouts.add(fmt::format(
        "{} {}_order{}", to_string(one_field ? machine::FieldOrder::Soa : argument.order->fields),
        to_string(argument.order->dimensions), argument.compact ? " Compact" : ""));
    votes.collects.add(argument.collects);
  }

  const workload::Workload& workload_;
  std::vector<std::string>& warnings_;
  std::map<std::string, TaskVotes> tasks_;
  std::set<std::string> said_;  ///< Tasks with a warning.
};

}  // namespace

std::map<std::string, TaskVotes> count_votes(std::span<const ObservedTask> observed,
                                             const workload::Workload& workload,
                                             std::vector<std::string>& warnings) {
  Counting counting(workload, warnings);
  for (const ObservedTask& task : observed) counting.count(task);
  return counting.take();
}

}  // namespace placewright::infer
