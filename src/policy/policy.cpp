// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include "lang/diagnostic_kinds.h"
#include "lang/evaluate/evaluate.h"
#include "policy/place.h"
#include "policy/placement_cache.h"
#include "policy/rule_sets.h"

namespace placewright::policy {
namespace {

void print_to_stderr(const std::string& text) { fmt::print(stderr, "{}\n", text); }

}  // namespace

struct Policy::Impl {
  /// A function that map rules name; its id is its index.
  struct Function {
    std::string name;
    int number;  ///< Its number in the Evaluator.
  };

  Impl(std::shared_ptr<const Mapping> source, const machine::MachineShape& shape,
       Diagnostics& diagnostics, lang::PrintSink sink)
      : print(sink ? std::move(sink) : print_to_stderr),
        mapping(std::move(source)),
        machine(shape),
        names(mapping->program),
        rule_sets(mapping->program, names),
        evaluator(mapping->program, machine, diagnostics, print) {
    for (const lang::Statement& statement : mapping->program.statements) {
      if (const auto* rule = std::get_if<lang::MapStatement>(&statement.node))
        add_function(rule->function, diagnostics);
    }
  }

  void add_function(const lang::Name& name, Diagnostics& diagnostics);
  [[nodiscard]] std::optional<FunctionId> find(const MapRule* rule) const;
  void report_once(const std::vector<Diagnostic>& warnings);

  lang::PrintSink print;
  std::shared_ptr<const Mapping> mapping;
  machine::MachineShape machine;
  RuleNames names;
  RuleSets rule_sets;
  lang::Evaluator evaluator;
  std::vector<Function> functions;
  std::vector<FunctionId> function_ids;
  PlacementCache placements;
  std::vector<Diagnostic> reported;  ///< Written while a placement is made, one at a time.
};

void Policy::Impl::add_function(const lang::Name& name, Diagnostics& diagnostics) {
  const bool is_known = std::ranges::any_of(
      functions, [&](const Function& function) { return function.name == name.text; });
  if (is_known) return;
  const auto number = evaluator.find_function(name.text);
  if (!number) {
    report(diagnostics, lang::DiagnosticKind::UnknownFunction, name.range,
           fmt::format("there is no function `{}`", name.text));
  } else if (!evaluator.takes_a_task(*number)) {
    report(diagnostics, lang::DiagnosticKind::BadMapFunction, name.range,
           fmt::format("function `{}` should take one parameter of type `Task` to map tasks",
                       name.text));
  } else {
    function_ids.push_back({static_cast<int32_t>(functions.size())});
    functions.push_back({name.text, *number});
  }
}

std::optional<FunctionId> Policy::Impl::find(const MapRule* rule) const {
  if (!rule) return std::nullopt;
  const auto found = std::ranges::find(functions, rule->function.text, &Function::name);
  return FunctionId{static_cast<int32_t>(found - functions.begin())};
}

void Policy::Impl::report_once(const std::vector<Diagnostic>& warnings) {
  Diagnostics fresh(mapping->file);
  for (const Diagnostic& warning : warnings) {
    const bool is_known = std::ranges::any_of(reported, [&](const Diagnostic& known) {
      return known.id == warning.id && known.range == warning.range;
    });
    if (is_known) continue;
    reported.push_back(warning);
    fresh.add(warning);
  }
  std::string text = fresh.to_text();
  if (text.empty()) return;
  text.pop_back();  // the sink adds the line break
  print(text);
}

Policy::Policy(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Policy::~Policy() = default;

std::shared_ptr<const Policy> Policy::build(std::shared_ptr<const Mapping> mapping,
                                            const machine::MachineShape& machine,
                                            Diagnostics& diagnostics, lang::PrintSink sink) {
  auto impl = std::make_unique<Impl>(std::move(mapping), machine, diagnostics, std::move(sink));
  if (diagnostics.has_errors()) return nullptr;
  return std::shared_ptr<const Policy>(new Policy(std::move(impl)));
}

TaskId Policy::task(std::string_view name) const { return {impl_->names.tasks.find(name)}; }

tl::expected<TaskId, Diagnostic> Policy::task(std::string_view name,
                                              const lang::LaunchFacts& launch) const {
  return impl_->rule_sets.task(name, launch, impl_->evaluator);
}

bool Policy::has_conditions() const { return impl_->rule_sets.has_conditions(); }

RegionId Policy::region(std::string_view name) const { return {impl_->names.regions.find(name)}; }

std::span<const machine::ProcessorKind> Policy::processor_kinds(TaskId task) const {
  const auto& [rules, name] = impl_->rule_sets.of(task);
  const ProcessorRule* rule = rules.processors(name);
  return rule ? std::span<const machine::ProcessorKind>(rule->kinds)
              : std::span<const machine::ProcessorKind>();
}

std::optional<SourceRange> Policy::processor_rule(TaskId task) const {
  const auto& [rules, name] = impl_->rule_sets.of(task);
  const ProcessorRule* rule = rules.processors(name);
  return rule ? std::optional(rule->range) : std::nullopt;
}

std::vector<MemoryRule> Policy::memories(TaskId task, const RegionRef& region,
                                         machine::ProcessorKind kind) const {
  const auto& [rules, name] = impl_->rule_sets.of(task);
  return rules.memories(name, region, kind);
}

std::optional<LayoutRule> Policy::layout(TaskId task, const RegionRef& region,
                                         machine::MemoryKind memory) const {
  const auto& [rules, name] = impl_->rule_sets.of(task);
  return rules.layout(name, region, memory);
}

int Policy::instance_limit(TaskId task, machine::ProcessorKind kind) const {
  const auto& [rules, name] = impl_->rule_sets.of(task);
  return rules.instance_limit(name, kind);
}

std::optional<int> Policy::priority(TaskId task, machine::ProcessorKind kind) const {
  const auto& [rules, name] = impl_->rule_sets.of(task);
  return rules.priority(name, kind);
}

bool Policy::collects(TaskId task, const RegionRef& region) const {
  const auto& [rules, name] = impl_->rule_sets.of(task);
  return rules.collects(name, region);
}

std::optional<bool> Policy::replicates(TaskId task) const {
  const auto& [rules, name] = impl_->rule_sets.of(task);
  return rules.replicates(name);
}

std::optional<FunctionId> Policy::index_map(TaskId task, machine::ProcessorKind kind) const {
  const auto& [rules, name] = impl_->rule_sets.of(task);
  return impl_->find(rules.map(lang::LaunchKind::Index, name, kind));
}

std::optional<FunctionId> Policy::single_map(TaskId task, machine::ProcessorKind kind) const {
  const auto& [rules, name] = impl_->rule_sets.of(task);
  return impl_->find(rules.map(lang::LaunchKind::Single, name, kind));
}

std::optional<SourceRange> Policy::index_map_rule(TaskId task, machine::ProcessorKind kind) const {
  const auto& [rules, name] = impl_->rule_sets.of(task);
  const MapRule* rule = rules.map(lang::LaunchKind::Index, name, kind);
  return rule ? std::optional(rule->range) : std::nullopt;
}

std::optional<SourceRange> Policy::single_map_rule(TaskId task, machine::ProcessorKind kind) const {
  const auto& [rules, name] = impl_->rule_sets.of(task);
  const MapRule* rule = rules.map(lang::LaunchKind::Single, name, kind);
  return rule ? std::optional(rule->range) : std::nullopt;
}

std::span<const FunctionId> Policy::functions() const { return impl_->function_ids; }

std::string_view Policy::function_name(FunctionId function) const {
  return impl_->functions[static_cast<size_t>(function.value)].name;
}

tl::expected<const Placement*, Diagnostic> Policy::placement(FunctionId function,
                                                             const machine::LaunchDomain& domain,
                                                             machine::ProcessorKind kind) const {
  const PlacementCache::Outcome* outcome = impl_->placements.find(function, domain, kind);
  if (!outcome) {
    const int number = impl_->functions[static_cast<size_t>(function.value)].number;
    outcome = &impl_->placements.get(function, domain, kind, [&] {
      PlacedLaunch placed = place_launch(impl_->evaluator, number, domain, kind, impl_->machine);
      impl_->report_once(placed.warnings);
      return std::move(placed.outcome);
    });
  }
  if (!*outcome) return tl::unexpected(outcome->error());
  return outcome->value().get();
}

tl::expected<Target, Diagnostic> Policy::place_single(FunctionId function,
                                                      const ParentProcessor& parent,
                                                      machine::ProcessorKind kind) const {
  const int number = impl_->functions[static_cast<size_t>(function.value)].number;
  auto placed = place_task(impl_->evaluator, number, parent, kind);
  if (!placed) return tl::unexpected(std::move(placed.error()));
  thread_local std::vector<int32_t> ordinals;
  ordinals = std::move(placed->ordinals);
  return Target{placed->node, ordinals};
}

std::vector<MentionedName> Policy::mentioned_names() const { return impl_->names.mentioned; }

const Mapping& Policy::mapping() const { return *impl_->mapping; }
const machine::MachineShape& Policy::machine() const { return impl_->machine; }

}  // namespace placewright::policy
