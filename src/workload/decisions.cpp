// SPDX-License-Identifier: Apache-2.0
#include "workload/decisions.h"

#include <fmt/format.h>

#include <algorithm>

#include "decide/defaults.h"
#include "support/check.h"

namespace placewright::workload {
namespace {

ResolvedLayout resolve_layout(const std::optional<policy::LayoutRule>& rule) {
  if (!rule) return {};
  // `Exact` has an effect only together with `Compact`.
  ResolvedLayout layout{rule->aos, rule->c_order, rule->compact, rule->compact && rule->exact, {}};
  if (rule->alignment)
    layout.alignment =
        fmt::format("{}{}", policy::symbol(rule->alignment->relation), rule->alignment->bytes);
  return layout;
}

// The parts of a layout that make a difference for this argument: one dimension has no order, one
// field no interleaving, and a reduction gets one instance per field.
ResolvedLayout effective(ResolvedLayout layout, const WorkloadArgument& argument) {
  if (argument.dim < 2) layout.c_order = false;
  if (argument.fields < 2 || argument.privilege == machine::Privilege::Reduce) layout.aos = false;
  return layout;
}

std::string target_text(const policy::Target& target) {
  return fmt::format("{}.{}", target.node, fmt::join(target.processors, "+"));
}

machine::MemoryKind resolve_memory(const std::vector<policy::MemoryRule>& rules,
                                   machine::ProcessorKind kind,
                                   const machine::MachineShape& machine) {
  for (const policy::MemoryRule& rule : rules) {
    if (rule.kind == machine::MemoryKind::Virtual || machine.has(kind, rule.kind)) return rule.kind;
  }
  return decide::default_memory(kind, machine);
}

ResolvedArgument resolve_argument(const policy::Policy& policy, policy::TaskId task,
                                  machine::ProcessorKind kind, const WorkloadArgument& argument,
                                  int index) {
  const std::vector<policy::RegionId> names = region_names(policy, argument);
  const policy::RegionRef region{names, index};
  ResolvedArgument result;
  result.memory = resolve_memory(policy.memories(task, region, kind), kind, policy.machine());
  if (result.memory != machine::MemoryKind::Virtual)
    result.layout = effective(resolve_layout(policy.layout(task, region, result.memory)), argument);
  result.collect =
      argument.privilege == machine::Privilege::ReadOnly && policy.collects(task, region);
  return result;
}

std::vector<std::string> index_targets(const policy::Policy& policy, policy::FunctionId function,
                                       const lang::LaunchFacts& launch,
                                       machine::ProcessorKind kind) {
  const machine::LaunchDomain& domain = *launch.domain;
  const auto placement = policy.placement(function, launch, kind);
  if (!placement) return {};
  std::vector<std::string> targets;
  const int64_t step = std::max<int64_t>(1, domain.volume() / policy::kMaxLaunchPoints);
  for (int64_t i = 0; i < domain.volume(); i += step)
    targets.push_back(target_text((*placement)->at(domain.point(i))));
  return targets;
}

// A workload does not record the parent's processor. Single tasks: one parent per node, on its first
// CPU; index launches: a parent on the first CPU of node 0.
std::vector<std::string> single_targets(const policy::Policy& policy, policy::FunctionId function,
                                        lang::LaunchFacts launch, machine::ProcessorKind kind) {
  std::vector<std::string> targets;
  for (int node = 0; node < policy.machine().node_count(); ++node) {
    launch.parent = {machine::ProcessorKind::Cpu, node, 0};
    const auto target = policy.place_single(function, launch, kind);
    if (!target) return {};
    targets.push_back(target_text(*target));
  }
  return targets;
}

ResolvedLaunch resolve_launch(const policy::Policy& policy, policy::TaskId task,
                              machine::ProcessorKind kind, const WorkloadLaunch& launch) {
  ResolvedLaunch result{launch.index, launch.domain, {}};
  if (launch.index) {
    const auto function = policy.index_map(task, kind);
    if (function) result.targets = index_targets(policy, *function, facts(launch), kind);
  } else {
    const auto function = policy.single_map(task, kind);
    if (function) result.targets = single_targets(policy, *function, facts(launch), kind);
  }
  return result;
}

ResolvedChoices resolve_choices(const policy::Policy& policy, policy::TaskId id,
                                const WorkloadTask& task) {
  ResolvedChoices result;
  result.kind = resolve_kind(policy, id, task);
  result.limit = policy.instance_limit(id, result.kind);
  result.priority = policy.priority(id, result.kind);
  if (const auto replication = policy.replicates(id)) {
    result.replicate = replication->replicated;
    result.replicate_nodes = replication->nodes;
  }
  for (size_t i = 0; i < task.arguments.size(); ++i)
    result.arguments.push_back(
        resolve_argument(policy, id, result.kind, task.arguments[i], static_cast<int>(i)));
  return result;
}

std::string choices_text(const ResolvedChoices& choices) {
  std::string text = fmt::format("{} limit {}", to_string(choices.kind), choices.limit);
  if (choices.priority) text += fmt::format(" priority {}", *choices.priority);
  if (choices.replicate) text += *choices.replicate ? " replicated" : " not-replicated";
  if (const auto& nodes = choices.replicate_nodes)
    text += fmt::format(" {}..{}", nodes->first, nodes->last);
  text += '\n';
  for (size_t i = 0; i < choices.arguments.size(); ++i) {
    const ResolvedArgument& argument = choices.arguments[i];
    text += fmt::format("  {} {} {}{}\n", i, to_string(argument.memory),
                        argument.layout.to_string(), argument.collect ? " collect" : "");
  }
  return text;
}

std::string launch_text(const ResolvedLaunch& launch) {
  return fmt::format(
      "  {} -> {}", launch.index ? launch.domain.to_string() : "single",
      launch.targets.empty() ? "default" : fmt::format("{}", fmt::join(launch.targets, " ")));
}

std::string argument_label(const WorkloadArgument& argument, size_t index) {
  if (argument.names.empty()) return fmt::format("argument {}", index);
  return fmt::format("argument {} ({})", index, argument.names.front());
}

void compare_arguments(const ResolvedTask& from, const ResolvedTask& to, const WorkloadTask& task,
                       std::vector<Difference>& list) {
  for (size_t i = 0; i < from.arguments.size(); ++i) {
    const ResolvedArgument& a = from.arguments[i];
    const ResolvedArgument& b = to.arguments[i];
    const std::string label =
        fmt::format("`{}` {}", task.name, argument_label(task.arguments[i], i));
    if (a.memory != b.memory)
      list.push_back({label, fmt::format("{} -> {}", to_string(a.memory), to_string(b.memory))});
    if (a.layout != b.layout)
      list.push_back({label, fmt::format("{} -> {}", a.layout.to_string(), b.layout.to_string())});
    if (a.collect != b.collect) list.push_back({label, b.collect ? "collected early" : "kept"});
  }
}

std::string placement_words(const ResolvedLaunch& launch) {
  if (launch.targets.empty()) return "the default placement";
  constexpr size_t kShown = 8;
  const size_t count = std::min(kShown, launch.targets.size());
  const std::string shown =
      fmt::format("{}", fmt::join(launch.targets.begin(), launch.targets.begin() + count, " "));
  return count < launch.targets.size() ? shown + " ..." : shown;
}

std::string priority_text(const ResolvedTask& task) {
  return task.priority ? std::to_string(*task.priority) : "the default";
}

}  // namespace

std::string ResolvedLayout::to_string() const {
  std::string text = fmt::format("{} {}", aos ? "AOS" : "SOA", c_order ? "C_order" : "F_order");
  if (compact) text += " Compact";
  if (exact) text += " Exact";
  if (!alignment.empty()) text += " Align" + alignment;
  return text;
}

lang::LaunchFacts facts(const WorkloadLaunch& launch) {
  return {launch.index ? std::optional(launch.domain) : std::nullopt,
          launch.tag,
          launch.depth,
          {},
          launch.mapper};
}

machine::ProcessorKind resolve_kind(const policy::Policy& policy, policy::TaskId id,
                                    const WorkloadTask& task) {
  for (const machine::ProcessorKind kind : policy.processor_kinds(id)) {
    if (std::ranges::find(task.variants, kind) != task.variants.end() && policy.machine().has(kind))
      return kind;
  }
  return decide::default_processor_kind(task.variants, policy.machine())
      .value_or(machine::ProcessorKind::Cpu);
}

std::vector<policy::RegionId> region_names(const policy::Policy& policy,
                                           const WorkloadArgument& argument) {
  std::vector<policy::RegionId> names;
  for (const std::string& name : argument.names) names.push_back(policy.region(name));
  return names;
}

ResolvedDecisions resolve(const policy::Policy& policy, const Workload& workload) {
  ResolvedDecisions decisions;
  for (const WorkloadTask& task : workload.tasks) {
    const policy::TaskId id = policy.task(task.name);
    ResolvedTask result;
    static_cast<ResolvedChoices&>(result) = resolve_choices(policy, id, task);
    result.name = task.name;
    for (size_t i = 0; i < task.launches.size(); ++i) {
      // A condition without a value counts as false; legality.h reports it.
      const policy::TaskId launched = policy.task(task.name, facts(task.launches[i])).value_or(id);
      machine::ProcessorKind kind = result.kind;
      if (launched != id) {
        const ResolvedChoices choices = resolve_choices(policy, launched, task);
        kind = choices.kind;
        if (choices != result) result.exceptions.emplace(i, choices);
      }
      result.launches.push_back(resolve_launch(policy, launched, kind, task.launches[i]));
    }
    decisions.tasks.push_back(std::move(result));
  }
  return decisions;
}

std::string canonical_text(const ResolvedDecisions& decisions) {
  std::string text;
  for (const ResolvedTask& task : decisions.tasks) {
    text += fmt::format("task {} {}", task.name, choices_text(task));
    for (const ResolvedLaunch& launch : task.launches) text += launch_text(launch) + "\n";
    for (const auto& [launch, choices] : task.exceptions)
      text += fmt::format(" launch {} {}", launch, choices_text(choices));
  }
  return text;
}

std::vector<Difference> differences(const ResolvedDecisions& from, const ResolvedDecisions& to,
                                    const Workload& workload) {
  PLACEWRIGHT_CHECK(from.tasks.size() == workload.tasks.size());
  PLACEWRIGHT_CHECK(to.tasks.size() == workload.tasks.size());
  std::vector<Difference> list;
  for (size_t t = 0; t < workload.tasks.size(); ++t) {
    const ResolvedTask& a = from.tasks[t];
    const ResolvedTask& b = to.tasks[t];
    const std::string task = fmt::format("`{}`", a.name);
    if (a.kind != b.kind)
      list.push_back({task, fmt::format("{} -> {}", to_string(a.kind), to_string(b.kind))});
    compare_arguments(a, b, workload.tasks[t], list);
    for (size_t i = 0; i < a.launches.size(); ++i) {
      if (a.launches[i].targets == b.launches[i].targets) continue;
      const std::string points =
          a.launches[i].index ? a.launches[i].domain.to_string() : "single launches";
      list.push_back({fmt::format("{} over {}", task, points),
                      fmt::format("{} -> {}", placement_words(a.launches[i]),
                                  placement_words(b.launches[i]))});
    }
    if (a.priority != b.priority)
      list.push_back({task, fmt::format("priority {} -> {}", priority_text(a), priority_text(b))});
    if (a.limit != b.limit)
      list.push_back({task, fmt::format("instance limit {} -> {}", a.limit, b.limit)});
    if (a.replicate != b.replicate || a.replicate_nodes != b.replicate_nodes)
      list.push_back({task, "replication"});
    if (a.exceptions != b.exceptions) list.push_back({task, "choices that depend on the launch"});
  }
  return list;
}

}  // namespace placewright::workload
