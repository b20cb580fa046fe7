// SPDX-License-Identifier: Apache-2.0
#include "decide/task_rules.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "decide/defaults.h"

namespace placewright::decide {
namespace {

template <class Kinds>
std::string names(const Kinds& kinds) {
  std::vector<std::string_view> words;
  for (const machine::ProcessorKind kind : kinds) {
    const std::string_view word = to_string(kind);
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::vector<machine::ProcessorKind> variant_kinds(const TaskFacts& task) {
  std::vector<machine::ProcessorKind> kinds;
  for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
    if (task.has_variant(kind)) kinds.push_back(kind);
  }
  return kinds;
}

/// A rule that names the task but lists no kind on which it can run. A `*` rule applies to tasks in
/// general, including the top-level task of every program.
std::optional<Refusal> refuse_kinds(const Setting& setting, const TaskRules& task) {
  if (setting.as_published || !task.kinds.empty()) return std::nullopt;
  const auto wanted = setting.rules.processor_kinds(task.id);
  const auto rule = setting.rules.processor_rule_naming(task.facts.name);
  if (wanted.empty() || !rule) return std::nullopt;
  Refusal refusal;
  refusal.message = fmt::format(
      "task `{}` cannot run on any processor kind of its rule on this machine: the "
      "rule lists {}, the task has variants for {}, the machine is {}",
      task.facts.name, names(wanted), names(variant_kinds(task.facts)),
      setting.machine.shape().to_string());
  refusal.help = "list a kind that the task has a variant for and the machine has";
  refusal.position = setting.rules.position(*rule);
  refusal.id = "no-variant";
  refusal.argument = {task.facts.name};
  return refusal;
}

}  // namespace

bool TaskRules::has_limits() const {
  return std::any_of(limits.begin(), limits.end(), [](int limit) { return limit > 0; });
}

Refusal refuse(const policy::Rules& rules, const Diagnostic& error, const std::string& task) {
  Refusal refusal;
  refusal.message = fmt::format("{} (for task `{}`)", error.message, task);
  refusal.help = error.help;
  refusal.position = rules.position(error.range);
  refusal.id = error.id;
  refusal.argument = {task};
  return refusal;
}

tl::expected<TaskRules, Refusal> look_up_task(const Setting& setting, const TaskFacts& task,
                                              const machine::LaunchFacts& launch) {
  const auto id = setting.rules.task(task.name, launch);
  if (!id) return tl::unexpected(refuse(setting.rules, id.error(), task.name));
  TaskRules result;
  result.id = *id;
  result.facts = task;
  for (const machine::ProcessorKind kind : machine::kProcessorKinds)
    result.limits[static_cast<size_t>(kind)] = setting.rules.instance_limit(*id, kind);
  for (const machine::ProcessorKind kind : setting.rules.processor_kinds(*id)) {
    const bool on_machine = setting.machine.shape().processors_per_node(kind) > 0;
    if (on_machine && task.has_variant(kind)) result.kinds.push_back(kind);
  }
  if (auto refusal = refuse_kinds(setting, result)) return tl::unexpected(*std::move(refusal));
  return result;
}

std::vector<machine::ProcessorKind> rank_kinds(const TaskRules& task, bool prefers_cpu) {
  std::vector<machine::ProcessorKind> ranking = task.kinds;
  for (const machine::ProcessorKind kind : default_processor_order(prefers_cpu)) {
    if (std::find(ranking.begin(), ranking.end(), kind) == ranking.end()) ranking.push_back(kind);
  }
  return ranking;
}

machine::ProcessorKind choose_kind(const TaskRules& task, const machine::MachineShape& machine,
                                   int node, bool prefers_cpu, bool is_index) {
  const auto is_usable = [&](machine::ProcessorKind kind) {
    return machine.processors(kind, node) > 0 && task.facts.has_variant(kind);
  };
  for (const machine::ProcessorKind kind : task.kinds) {
    if (is_index || is_usable(kind)) return kind;
  }
  if (!task.kinds.empty()) return task.kinds.front();
  for (const machine::ProcessorKind kind : default_processor_order(prefers_cpu)) {
    if (is_usable(kind)) return kind;
  }
  return machine::ProcessorKind::Cpu;
}

int effective_limit(const TaskRules& task, const LaunchInfo& launch, machine::ProcessorKind kind) {
  // The ancestor finishes only after the task, so limiting them together could deadlock. So could
  // holding back points that are mapped together, or a task for whose arrival at a phase barrier
  // those in flight wait.
  return launch.nested_in_itself || launch.collective || launch.beside_barriers ? 0
                                                                                : task.limit(kind);
}

bool is_limit_without_effect(const TaskRules& task, const LaunchInfo& launch,
                             machine::ProcessorKind kind) {
  const bool is_cause = launch.collective || launch.beside_barriers;
  return task.limit(kind) > 0 && is_cause && !launch.nested_in_itself;
}

int choose_priority(const policy::Rules& rules, const TaskRules& task,
                    machine::ProcessorKind kind) {
  return rules.priority(task.id, kind).value_or(default_priority());
}

std::vector<int> shard_nodes(const Setting& setting, const std::optional<policy::NodeRange>& nodes,
                             machine::ProcessorKind kind) {
  const machine::MachineShape& shape = setting.machine.shape();
  const policy::NodeRange range = nodes.value_or(policy::NodeRange{0, shape.node_count() - 1});
  std::vector<int> result;
  for (int node = range.first; node <= range.last; ++node)
    if (shape.processors(kind, node) > 0) result.push_back(node);
  return result;
}

std::vector<std::vector<int>> shard_lists(const Setting& setting) {
  std::vector<int> all(static_cast<size_t>(setting.machine.node_count()));
  std::iota(all.begin(), all.end(), 0);
  std::vector<std::vector<int>> lists = {std::move(all)};
  std::vector<std::optional<policy::NodeRange>> ranges = {std::nullopt};
  for (const policy::NodeRange& range : setting.rules.replicated_nodes())
    ranges.emplace_back(range);
  for (const auto& range : ranges) {
    for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
      std::vector<int> nodes = shard_nodes(setting, range, kind);
      if (nodes.size() > 1 && std::find(lists.begin(), lists.end(), nodes) == lists.end())
        lists.push_back(std::move(nodes));
    }
  }
  return lists;
}

namespace {

Refusal refuse_both(const Setting& setting, const std::string& task, SourceRange replicated,
                    SourceRange placed) {
  Refusal refusal;
  refusal.message = fmt::format(
      "task `{}` is both replicated by ControlReplicate and placed by SingleTaskMap ({})", task,
      setting.rules.position(placed));
  refusal.help = "give the two rules conditions that exclude each other, or remove one";
  refusal.position = setting.rules.position(replicated);
  refusal.id = "replicated-and-placed";
  refusal.argument = {task};
  return refusal;
}

}  // namespace

tl::expected<std::optional<bool>, Refusal> choose_replication(const Setting& setting,
                                                              const TaskRules& task,
                                                              const Variant& variant) {
  const std::optional<policy::Replication> rule = setting.rules.replicates(task.id);
  if (!rule) return std::optional<bool>();
  if (rule->replicated) {
    const auto placed =
        setting.rules.single_map_rule_naming(task.facts.name, task.id, variant.kind);
    if (placed) return tl::unexpected(refuse_both(setting, task.facts.name, rule->rule, *placed));
  }
  // One shard per node, so a single node cannot replicate.
  const bool replicates =
      rule->replicated && shard_nodes(setting, rule->nodes, variant.kind).size() > 1;
  if (!replicates || variant.replicable) return std::optional<bool>(replicates);
  Refusal refusal;
  refusal.message = fmt::format(
      "task `{}` cannot be replicated: its {} variant is not marked as replicable by the "
      "application",
      task.facts.name, to_string(variant.kind));
  refusal.help = "remove it from the ControlReplicate statement";
  refusal.position = setting.rules.position(rule->rule);
  refusal.id = "not-replicable";
  refusal.argument = {task.facts.name};
  return tl::unexpected(std::move(refusal));
}

}  // namespace placewright::decide
