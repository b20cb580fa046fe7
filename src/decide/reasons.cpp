// SPDX-License-Identifier: Apache-2.0
#include "decide/reasons.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace placewright::decide {
namespace {

Reason by_rule(std::optional<SourceRange> rule) {
  Reason reason;
  if (!rule || rule->end <= rule->begin) return reason;
  reason.cause = Cause::Rule;
  reason.rule = rule;
  return reason;
}

Reason because(Cause cause) {
  Reason reason;
  reason.cause = cause;
  return reason;
}

std::string_view word(Unusable why) {
  switch (why) {
    case Unusable::None:
      return "full";
    case Unusable::NotDemanded:
      return "not what the task demands";
    case Unusable::NotPossible:
      return "not possible here";
    case Unusable::OutOfReach:
      return "out of the processor's reach";
  }
  return "";
}

std::string skipped_text(const std::vector<SkippedMemory>& skipped) {
  std::vector<std::string> texts;
  for (const auto& [kind, why] : skipped)
    texts.push_back(fmt::format("{} {}", to_string(kind), word(why)));
  return fmt::format("{}", fmt::join(texts, ", "));
}

/// Socket memory has two names in a mapping.
bool is_used(const MemoryChoice& choice, const ArgumentOutcome& outcome) {
  if (outcome.what == ArgumentOutcome::What::Virtual)
    return choice.kind == machine::MemoryKind::Virtual;
  return outcome.memory == choice.kind || (choice.kind == machine::MemoryKind::RegSockMem &&
                                           outcome.memory == machine::MemoryKind::SockMem);
}

Reason explain_layout(const Setting& setting, const TaskRules& task, const Argument& argument,
                      machine::MemoryKind memory) {
  const policy::RegionRef region{argument.names, argument.index};
  const auto layout = setting.rules.layout(task.id, region, memory);
  return by_rule(layout ? std::optional(layout->rule) : std::nullopt);
}

std::string note(const Reason& reason) {
  switch (reason.cause) {
    case Cause::Rule:
      if (!reason.demanded.empty()) return fmt::format("the task demands {}", reason.demanded);
      return skipped_text(reason.skipped);
    case Cause::NoRule:
      return reason.skipped.empty() ? "no rule" : skipped_text(reason.skipped);
    case Cause::NotTheFirstKind:
      return fmt::format("no {} for this task", to_string(*reason.kind));
    case Cause::NoKindOfTheRule:
      return "the task and the machine have none of the rule's kinds";
    case Cause::Shard:
      return "a shard";
    case Cause::MustEpoch:
      return "a must-epoch launch";
    case Cause::PointsTogether:
      return "not for a concurrent launch whose points it puts together";
    case Cause::InnerTask:
      return "the regions of an inner task are virtual";
    case Cause::NoInstanceNeeded:
      return "no instance needed";
  }
  return "";
}

}  // namespace

ReasonText words(const Reason& reason, const policy::Rules& rules) {
  return {reason.rule ? rules.position(*reason.rule) : "", note(reason)};
}

Reason explain_kind(const Setting& setting, const TaskRules& task, machine::ProcessorKind chosen) {
  Reason reason = by_rule(setting.rules.processor_rule(task.id));
  if (reason.cause == Cause::NoRule) return reason;
  const auto wanted = setting.rules.processor_kinds(task.id);
  if (std::find(wanted.begin(), wanted.end(), chosen) == wanted.end()) {
    reason.cause = Cause::NoKindOfTheRule;
  } else if (wanted.front() != chosen) {
    reason.cause = Cause::NotTheFirstKind;
    reason.kind = wanted.front();
  }
  return reason;
}

Reason explain_place(const Setting& setting, const TaskRules& task, const LaunchInfo& launch,
                     bool is_shard, bool is_overruled, machine::ProcessorKind kind) {
  if (is_shard) return because(Cause::Shard);
  if (launch.must_epoch) return because(Cause::MustEpoch);
  if (!launch.is_index()) return by_rule(setting.rules.single_map_rule(task.id, kind));
  Reason reason = by_rule(setting.rules.index_map_rule(task.id, kind));
  if (reason.cause == Cause::Rule && is_overruled) reason.cause = Cause::PointsTogether;
  return reason;
}

ArgumentReasons explain_argument(const Setting& setting, const TaskRules& task,
                                 const ArgumentPlan& plan, const Variant& variant,
                                 const Argument& argument, const ProcessorPlace& target,
                                 const ArgumentOutcome& outcome) {
  std::vector<SkippedMemory> skipped;
  for (const MemoryChoice& choice : plan.choices) {
    if (!is_used(choice, outcome)) {
      // Nothing is ever full that is virtual: arguments that share an instance cannot have it.
      const Unusable why = choice.kind == machine::MemoryKind::Virtual
                               ? Unusable::NotPossible
                               : why_unusable(setting, plan, choice, variant, argument, target);
      skipped.push_back({choice.kind, why});
      continue;
    }
    ArgumentReasons reasons{by_rule(choice.rule), {}};
    reasons.memory.skipped = std::move(skipped);
    reasons.layout = explain_layout(setting, task, argument, choice.kind);
    if (choice.request.conflict) reasons.layout.demanded = choice.request.conflict->demanded;
    return reasons;
  }
  switch (outcome.what) {
    case ArgumentOutcome::What::Nothing:
      return {because(Cause::NoInstanceNeeded), {}};
    case ArgumentOutcome::What::Virtual:
      return {because(Cause::InnerTask), {}};
    case ArgumentOutcome::What::Instance:
      break;
  }
  ArgumentReasons reasons;
  reasons.memory.skipped = std::move(skipped);
  if (outcome.memory) reasons.layout = explain_layout(setting, task, argument, *outcome.memory);
  return reasons;
}

}  // namespace placewright::decide
