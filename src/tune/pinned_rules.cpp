// SPDX-License-Identifier: Apache-2.0
#include "tune/pinned_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace placewright::tune {
namespace {

using policy::Policy;
using policy::RegionRef;
using policy::TaskId;

/// Points of a launch that are compared, evenly spaced.
constexpr int64_t kMostPoints = 4096;

/// One task, possibly in a launch, under both mappings.
struct Case {
  const workload::WorkloadTask& task;
  TaskId pins, other;
  const workload::WorkloadLaunch* launch = nullptr;
};

struct Argument {
  std::vector<policy::RegionId> names;
  int index = 0;
  [[nodiscard]] RegionRef ref() const { return {names, index}; }
};

Argument argument_of(const Policy& policy, const workload::WorkloadTask& task, size_t index) {
  return {workload::region_names(policy, task.arguments[index]), static_cast<int>(index)};
}

bool same_target(const policy::Target& a, const policy::Target& b) {
  return a.node == b.node && std::ranges::equal(a.processors, b.processors);
}

/// A later mention of a memory has no effect.
std::vector<machine::MemoryKind> kinds_of(const std::vector<policy::MemoryRule>& rules) {
  std::vector<machine::MemoryKind> kinds;
  for (const policy::MemoryRule& rule : rules)
    if (std::ranges::find(kinds, rule.kind) == kinds.end()) kinds.push_back(rule.kind);
  return kinds;
}

std::string layout_text(const policy::LayoutRule& rule) {
  std::string text = fmt::format("{}{}{}{}", rule.aos, rule.c_order, rule.compact, rule.exact);
  if (rule.alignment)
    text += fmt::format(" {}{}", policy::symbol(rule.alignment->relation), rule.alignment->bytes);
  return text;
}

std::optional<SourceRange> first_rule(const std::vector<policy::MemoryRule>& rules) {
  return rules.empty() ? std::nullopt : std::optional(rules.front().rule);
}

class Check {
 public:
  Check(const Policy& pins, const Policy& other, Strictness strictness)
      : pins_(pins), other_(other), strict_(strictness == Strictness::EveryDecision) {}

  std::optional<Contradiction> task(const workload::WorkloadTask& task) {
    one({task, pins_.task(task.name), other_.task(task.name)});
    for (const workload::WorkloadLaunch& launch : task.launches) {
      const auto facts = workload::facts(launch);
      one({task, pins_.task(task.name, facts).value_or(pins_.task(task.name)),
           other_.task(task.name, facts).value_or(other_.task(task.name)), &launch});
    }
    return found_;
  }

 private:
  void report(const Case& each, const std::string& what, std::optional<SourceRange> pin,
              std::optional<SourceRange> other) {
    if (!found_) found_ = {fmt::format("`{}` {}", each.task.name, what), pin, other};
  }

  /// Whether a difference counts although the other mapping may say nothing.
  [[nodiscard]] bool counts(bool other_speaks) const { return strict_ || other_speaks; }

  void one(const Case& each) {
    processors(each);
    for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
      if (!pins_.machine().has(kind)) continue;
      for (size_t i = 0; i < each.task.arguments.size(); ++i) memories(each, kind, i);
      numbers(each, kind);
    }
    for (size_t i = 0; i < each.task.arguments.size(); ++i) layouts(each, i);
    for (size_t i = 0; i < each.task.arguments.size(); ++i) collection(each, i);
    replication(each);
    if (each.launch != nullptr) places(each);
  }

  void processors(const Case& each) {
    const auto pin = pins_.processor_rule(each.pins);
    if (!pin) return;
    const auto wanted = workload::resolve_kind(pins_, each.pins, each.task);
    const auto decided = workload::resolve_kind(other_, each.other, each.task);
    const auto rule = other_.processor_rule(each.other);
    if (wanted != decided && counts(rule.has_value()))
      report(each, fmt::format("runs on {} instead of {}", to_string(decided), to_string(wanted)),
             pin, rule);
  }

  static std::string label(const Case& each, size_t index) {
    const auto& names = each.task.arguments[index].names;
    return names.empty() ? fmt::format("argument {}", index)
                         : fmt::format("argument {} ({})", index, names.front());
  }

  void memories(const Case& each, machine::ProcessorKind kind, size_t i) {
    const Argument pinned = argument_of(pins_, each.task, i);
    const Argument other = argument_of(other_, each.task, i);
    const auto rules = pins_.memories(each.pins, pinned.ref(), kind);
    if (rules.empty()) return;
    const auto others = other_.memories(each.other, other.ref(), kind);
    const auto wanted = kinds_of(rules), decided = kinds_of(others);
    const bool keeps = decided.size() >= wanted.size() &&
                       std::equal(wanted.begin(), wanted.end(), decided.begin());
    if (!keeps && counts(!others.empty()))
      report(each, fmt::format("{} on {}: its memories", label(each, i), to_string(kind)),
             first_rule(rules), first_rule(others));
  }

  void layouts(const Case& each, size_t i) {
    const Argument pinned = argument_of(pins_, each.task, i);
    const Argument other = argument_of(other_, each.task, i);
    for (const machine::MemoryKind memory : machine::kMemoryKinds) {
      const auto rule = pins_.layout(each.pins, pinned.ref(), memory);
      if (!rule) continue;
      const auto decided = other_.layout(each.other, other.ref(), memory);
      const bool keeps = decided && layout_text(*decided) == layout_text(*rule);
      if (!keeps && counts(decided.has_value()))
        report(each, label(each, i) + ": its layout", rule->rule,
               decided ? std::optional(decided->rule) : std::nullopt);
    }
  }

  void collection(const Case& each, size_t i) {
    const Argument pinned = argument_of(pins_, each.task, i);
    const Argument other = argument_of(other_, each.task, i);
    if (strict_ && pins_.collects(each.pins, pinned.ref()) &&
        !other_.collects(each.other, other.ref()))
      report(each, label(each, i) + ": CollectMemory", std::nullopt, std::nullopt);
  }

  void numbers(const Case& each, machine::ProcessorKind kind) {
    const int limit = pins_.instance_limit(each.pins, kind);
    const int other_limit = other_.instance_limit(each.other, kind);
    if (limit != 0 && other_limit != limit && counts(other_limit != 0))
      report(each, "InstanceLimit", std::nullopt, std::nullopt);
    const auto priority = pins_.priority(each.pins, kind);
    const auto other_priority = other_.priority(each.other, kind);
    if (priority && priority != other_priority && counts(other_priority.has_value()))
      report(each, "Priority", std::nullopt, std::nullopt);
  }

  void replication(const Case& each) {
    const auto pin = pins_.replicates(each.pins);
    if (!pin) return;
    const auto other = other_.replicates(each.other);
    const bool keeps = other && other->replicated == pin->replicated && other->nodes == pin->nodes;
    if (!keeps && counts(other.has_value()))
      report(each, "ControlReplicate", std::nullopt, std::nullopt);
  }

  void places(const Case& each) {
    const auto kind = workload::resolve_kind(other_, each.other, each.task);
    const bool index = each.launch->index;
    const auto pin = index ? pins_.index_map(each.pins, kind) : pins_.single_map(each.pins, kind);
    if (!pin) return;
    const auto other =
        index ? other_.index_map(each.other, kind) : other_.single_map(each.other, kind);
    if (!counts(other.has_value())) return;
    const bool keeps = other && (index ? same_points(each, kind, *pin, *other)
                                       : same_processor(each, kind, *pin, *other));
    if (keeps) return;
    const auto rule =
        index ? pins_.index_map_rule(each.pins, kind) : pins_.single_map_rule(each.pins, kind);
    const auto other_rule =
        index ? other_.index_map_rule(each.other, kind) : other_.single_map_rule(each.other, kind);
    report(each, "where it runs", rule, other_rule);
  }

  bool same_points(const Case& each, machine::ProcessorKind kind, policy::FunctionId pin,
                   policy::FunctionId other) const {
    const auto facts = workload::facts(*each.launch);
    const auto a = pins_.placement(pin, facts, kind);
    const auto b = other_.placement(other, facts, kind);
    if (!a || !b) return !a && !b;
    const machine::LaunchDomain& domain = each.launch->domain;
    const int64_t step = std::max<int64_t>(1, domain.volume() / kMostPoints);
    for (int64_t i = 0; i < domain.volume(); i += step)
      if (!same_target((*a)->at(domain.point(i)), (*b)->at(domain.point(i)))) return false;
    return true;
  }

  bool same_processor(const Case& each, machine::ProcessorKind kind, policy::FunctionId pin,
                      policy::FunctionId other) const {
    auto facts = workload::facts(*each.launch);
    for (int node = 0; node < pins_.machine().node_count(); ++node) {
      facts.parent = {machine::ProcessorKind::Cpu, node, 0};
      const auto a = pins_.place_single(pin, facts, kind);
      if (!a) return !other_.place_single(other, facts, kind);
      // The span of a target lives until the next call.
      const std::vector<int> processors(a->processors.begin(), a->processors.end());
      const int place = a->node;
      const auto b = other_.place_single(other, facts, kind);
      if (!b || b->node != place || !std::ranges::equal(b->processors, processors)) return false;
    }
    return true;
  }

  const Policy& pins_;
  const Policy& other_;
  bool strict_;
  std::optional<Contradiction> found_;
};

}  // namespace

std::optional<Contradiction> contradiction(const Policy& pins, const Policy& other,
                                           const workload::Workload& workload,
                                           Strictness strictness) {
  Check check(pins, other, strictness);
  for (const workload::WorkloadTask& task : workload.tasks)
    if (auto found = check.task(task)) return found;
  return std::nullopt;
}

bool decides(const Policy& pins, const SearchSpace& space, const Knob& knob) {
  const workload::WorkloadTask& task = space.workload().tasks[knob.task];
  const TaskId id = pins.task(task.name);
  if (knob.is<machine::ProcessorKind>()) return pins.processor_rule(id).has_value();
  if (knob.is<IndexMap>()) return pins.index_map(id, knob.processor).has_value();
  const Argument argument = argument_of(pins, task, static_cast<size_t>(knob.argument));
  if (knob.is<machine::MemoryKind>())
    return !pins.memories(id, argument.ref(), knob.processor).empty();
  return std::ranges::any_of(machine::kMemoryKinds, [&](machine::MemoryKind memory) {
    return pins.layout(id, argument.ref(), memory).has_value();
  });
}

}  // namespace placewright::tune
