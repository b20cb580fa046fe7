// SPDX-License-Identifier: Apache-2.0
#include "workload/legality.h"

#include <fmt/format.h>

#include <algorithm>

#include "lang/syntax/find_statement.h"
#include "support/name_pattern.h"
#include "support/text.h"
#include "workload/decisions.h"

namespace placewright::workload {
namespace {

KnownNames names_of(const Workload& workload) {
  KnownNames known;
  for (const WorkloadTask& task : workload.tasks) {
    known.tasks.insert(task.name);
    for (const WorkloadArgument& argument : task.arguments)
      known.regions.insert(argument.names.begin(), argument.names.end());
  }
  return known;
}

Diagnostic& report(Diagnostics& diagnostics, bool is_error, std::string_view id, SourceRange range,
                   std::string message) {
  if (is_error) return diagnostics.error(id, range, std::move(message));
  message += "; Legion's default mapper decides";
  return diagnostics.warning(id, range, std::move(message));
}

void check_variants(const policy::Policy& policy, policy::TaskId id, const WorkloadTask& task,
                    Diagnostics& diagnostics) {
  const auto kinds = policy.processor_kinds(id);
  if (kinds.empty() || task.variants.empty()) return;
  const bool fits = std::ranges::any_of(kinds, [&](machine::ProcessorKind kind) {
    return std::ranges::find(task.variants, kind) != task.variants.end() &&
           policy.machine().has(kind);
  });
  if (fits) return;
  const SourceRange range = *policy.processor_rule(id);
  // A `*` rule without a fitting kind is common: `Task * GPU;` in a program whose top-level task
  // has no GPU variant.
  if (!names_task<lang::TaskStatement>(policy.mapping().program, range, task.name)) return;
  std::vector<std::string_view> variants;
  for (const machine::ProcessorKind kind : task.variants) variants.push_back(to_string(kind));
  report(
      diagnostics, true, "no-variant", range,
      fmt::format("task `{}` has no variant for any listed kind that this machine has", task.name))
      .help = fmt::format("it has variants for {}; the machine is {}", join_alternatives(variants),
                          policy.machine().to_string());
}

void check_memories(const policy::Policy& policy, policy::TaskId id, const WorkloadTask& task,
                    Diagnostics& diagnostics) {
  const machine::ProcessorKind kind = resolve_kind(policy, id, task);
  for (size_t i = 0; i < task.arguments.size(); ++i) {
    const std::vector<policy::RegionId> names = region_names(policy, task.arguments[i]);
    const auto rules = policy.memories(id, {names, static_cast<int>(i)}, kind);
    if (rules.empty()) continue;
    const bool fits = std::ranges::any_of(rules, [&](const policy::MemoryRule& rule) {
      return rule.kind == machine::MemoryKind::Virtual || policy.machine().has(kind, rule.kind);
    });
    if (fits) continue;
    const bool named =
        names_task<lang::RegionStatement>(policy.mapping().program, rules.front().rule, task.name);
    report(diagnostics, named, "unaddressable-memory", rules.front().rule,
           fmt::format("no memory listed for argument {} of `{}` can be seen by its processors "
                       "({})",
                       i, task.name, to_string(kind)))
        .help = fmt::format("the machine is {}", policy.machine().to_string());
  }
}

/// One id for each set of rules that counts for some launch of the task.
std::set<policy::TaskId> ids_of(const policy::Policy& policy, const WorkloadTask& task) {
  std::set<policy::TaskId> ids;
  for (const WorkloadLaunch& launch : task.launches) {
    if (const auto id = policy.task(task.name, facts(launch))) ids.insert(*id);
  }
  if (ids.empty()) ids.insert(policy.task(task.name));
  return ids;
}

std::string what_is_unknown(const std::string& name, bool is_task, bool is_pattern) {
  if (is_pattern)
    return is_task
               ? fmt::format("no task that the application launched matches `{}`", name)
               : fmt::format("no region argument of the application has a name that matches `{}`",
                             name);
  return is_task ? fmt::format("the application launched no task `{}`", name)
                 : fmt::format("no region argument of the application is named `{}`", name);
}

}  // namespace

void warn_about_unknown_names(const policy::Policy& policy, const KnownNames& known,
                              Diagnostics& diagnostics) {
  for (const policy::MentionedName& mention : policy.mentioned_names()) {
    const bool is_task = mention.kind == policy::MentionedName::Kind::Task;
    const std::set<std::string>& names = is_task ? known.tasks : known.regions;
    if (names.contains(mention.name)) continue;
    const bool is_pattern = is_name_pattern(mention.name);
    if (is_pattern && std::ranges::any_of(names, [&](const std::string& name) {
          return matches_pattern(mention.name, name);
        }))
      continue;
    Diagnostic& warning =
        diagnostics.warning(is_task ? "unknown-task" : "unknown-region", mention.range,
                            what_is_unknown(mention.name, is_task, is_pattern));
    if (is_pattern) continue;
    const std::vector<std::string> words(names.begin(), names.end());
    const std::string_view nearest = nearest_word(mention.name, std::span(words));
    if (!nearest.empty()) {
      warning.help = fmt::format("did you mean `{}`?", nearest);
      warning.fixes = {FixIt{mention.range, std::string(nearest)}};
    } else if (names.empty()) {
      warning.help = is_task ? "it launched none at all" : "its regions have no names, use indices";
    }
  }
}

void check_placements(const policy::Policy& policy, const WorkloadTask& task,
                      Diagnostics& diagnostics) {
  const auto add = [&](Diagnostic problem) {
    Diagnostic& error = diagnostics.error(problem.id, problem.range, std::move(problem.message));
    error.help = std::move(problem.help);
    error.notes = std::move(problem.notes);
  };
  for (const WorkloadLaunch& launch : task.launches) {
    const auto launched = policy.task(task.name, facts(launch));
    if (!launched) {
      add(launched.error());
      continue;
    }
    const policy::TaskId id = *launched;
    const machine::ProcessorKind kind = resolve_kind(policy, id, task);
    if (launch.index) {
      const auto function = policy.index_map(id, kind);
      if (!function) continue;
      const auto placement = policy.placement(*function, facts(launch), kind);
      if (!placement) add(placement.error());
    } else if (const auto function = policy.single_map(id, kind)) {
      for (int node = 0; node < policy.machine().node_count(); ++node) {
        lang::LaunchFacts single = facts(launch);
        single.parent = {machine::ProcessorKind::Cpu, node, 0};
        const auto target = policy.place_single(*function, single, kind);
        if (!target) add(target.error());
      }
    }
  }
}

void check_legality(const policy::Policy& policy, const Workload& workload,
                    Diagnostics& diagnostics) {
  warn_about_unknown_names(policy, names_of(workload), diagnostics);
  for (const WorkloadTask& task : workload.tasks) {
    for (const policy::TaskId id : ids_of(policy, task)) {
      check_variants(policy, id, task, diagnostics);
      check_memories(policy, id, task, diagnostics);
    }
    check_placements(policy, task, diagnostics);
  }
}

}  // namespace placewright::workload
