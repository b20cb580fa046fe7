// SPDX-License-Identifier: Apache-2.0
// Which rule decided what, for `placewright run --explain-decisions`.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "legion/mapper.h"

namespace placewright::legion {

Reason PlacewrightMapper::reason(std::optional<SourceRange> rule) const {
  if (!rule || rule->end <= rule->begin) return {"", "no rule"};
  return {session_->position(*rule), ""};
}

void PlacewrightMapper::explain_place(Mapping& mapping, MappedTask& record) {
  const Legion::Task& task = mapping.task;
  const TaskInfo& info = mapping.info;
  record.kind_reason = reason(policy_->processor_rule(info.id));
  if (!record.kind_reason.rule.empty()) {
    const auto wanted = policy_->processor_kinds(info.id);
    if (std::ranges::find(wanted, mapping.kind) == wanted.end()) {
      record.kind_reason.note = "the task and the machine have none of the rule's kinds";
    } else if (wanted.front() != mapping.kind) {
      record.kind_reason.note = fmt::format("no {} for this task", to_string(wanted.front()));
    }
  }
  if (mapping.input.shard_processor.exists()) {
    record.place_reason = {"", "a shard"};
  } else if (task.must_epoch_task) {
    record.place_reason = {"", "a must-epoch launch"};
  } else if (task.is_index_space) {
    record.place_reason = reason(policy_->index_map_rule(info.id, mapping.kind));
    if (!record.place_reason.rule.empty() &&
        placement_of(mapping.ctx, task, mapping.kind) == nullptr)
      record.place_reason.note = "not for a concurrent launch whose points it puts together";
  } else {
    record.place_reason = reason(policy_->single_map_rule(info.id, mapping.kind));
  }
}

std::string PlacewrightMapper::why_not(const Mapping& mapping, const ArgumentPlan& plan,
                                       const std::vector<machine::MemoryKind>& skipped) const {
  std::vector<std::string> reasons;
  for (const machine::MemoryKind kind : skipped) {
    std::string_view reason = "full";
    if (plan.demanded_memory && *plan.demanded_memory != to_legion(kind)) {
      reason = "not what the task demands";
    } else if (kind == machine::MemoryKind::Virtual) {
      reason = "not possible here";
    } else if (!session_->machine().memory(mapping.target, kind).exists()) {
      reason = "out of the processor's reach";
    }
    reasons.push_back(fmt::format("{} {}", to_string(kind), reason));
  }
  return fmt::format("{}", fmt::join(reasons, ", "));
}

void PlacewrightMapper::explain_argument(Mapping& mapping, unsigned index, MappedArgument& record) {
  const Argument argument = this->argument(mapping, index);
  std::vector<machine::MemoryKind> before;
  for (const MemoryChoice& choice : argument.plan.choices) {
    if (to_string(choice.kind) != record.memory) {
      before.push_back(choice.kind);
      continue;
    }
    record.memory_reason = reason(choice.rule);
    record.memory_reason.note = why_not(mapping, argument.plan, before);
    const policy::RegionRef region{argument.names, static_cast<int>(index)};
    const auto layout = policy_->layout(mapping.info.id, region, choice.kind);
    record.layout_reason = reason(layout ? std::optional(layout->rule) : std::nullopt);
    if (choice.layout.conflict)
      record.layout_reason.note =
          fmt::format("the task demands {}", choice.layout.conflict->demanded);
    return;
  }
  record.memory_reason = reason(std::nullopt);
  record.layout_reason = reason(std::nullopt);
  if (record.memory == "VIRTUAL") {
    record.memory_reason.note = "the regions of an inner task are virtual";
  } else if (record.memory == "NONE") {
    record.memory_reason.note = "no instance needed";
  } else {
    record.memory_reason.note = why_not(mapping, argument.plan, before);
  }
}

}  // namespace placewright::legion
