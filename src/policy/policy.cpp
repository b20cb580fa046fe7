// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include "lang/diagnostic_kinds.h"
#include "lang/evaluate/evaluate.h"
#include "policy/place.h"
#include "policy/placement_cache.h"
#include "support/terminal.h"

namespace placewright::policy {
namespace {

/// Nodes that only some machines have.
void check_nodes(const lang::Program& program, const machine::MachineShape& machine,
                 Diagnostics& diagnostics) {
  for (const lang::Statement& statement : program.statements) {
    const auto* rule = std::get_if<lang::ControlReplicateStatement>(&statement.node);
    if (rule == nullptr || !rule->nodes || rule->nodes->last < machine.node_count()) continue;
    report(diagnostics, lang::DiagnosticKind::IndexOutOfRange, rule->nodes->range,
           fmt::format("the machine has {} node{}: there is no node {}", machine.node_count(),
                       machine.node_count() == 1 ? "" : "s", rule->nodes->last))
        .help = fmt::format("the machine is `{}`", machine.to_string());
  }
}

void print_to_stderr(const std::string& text) { print_text(stderr, "{}\n", text); }

}  // namespace

struct Policy::Impl {
  Impl(std::shared_ptr<const Mapping> source, ReadRules read, const machine::MachineShape& shape,
       Diagnostics& diagnostics, lang::PrintSink sink)
      : print(sink ? std::move(sink) : print_to_stderr),
        mapping(std::move(source)),
        machine(shape),
        conditions(std::move(read.conditions)),
        evaluator(mapping->program, machine, diagnostics, print) {
    const auto used = lang::facts_used(mapping->program);
    for (const lang::Name& name : read.functions) {
      add_function(name, diagnostics);
      const auto found = used.find(name.text);
      facts_used.push_back(found == used.end() ? machine::FactsUsed() : found->second);
    }
  }

  void add_function(const lang::Name& name, Diagnostics& diagnostics);
  void report_once(const std::vector<Diagnostic>& warnings);
  /// `facts`: those that the function asks for beside the domain; null if there are none.
  [[nodiscard]] tl::expected<const Placement*, Diagnostic> place(
      FunctionId function, const machine::LaunchDomain& domain, const machine::LaunchFacts* facts,
      machine::ProcessorKind kind);

  lang::PrintSink print;
  std::shared_ptr<const Mapping> mapping;
  machine::MachineShape machine;
  std::vector<size_t> conditions;  ///< The statement of each condition.
  lang::Evaluator evaluator;
  /// A function that map rules name, by FunctionId: its number in the Evaluator, -1 after an error.
  std::vector<int> functions;
  std::vector<FunctionId> function_ids;
  std::vector<machine::FactsUsed> facts_used;  ///< By FunctionId.
  PlacementCache placements;
  std::vector<Diagnostic> reported;  ///< Written while a placement is made, one at a time.
};

void Policy::Impl::add_function(const lang::Name& name, Diagnostics& diagnostics) {
  const auto number = evaluator.find_function(name.text);
  if (!number) {
    report(diagnostics, lang::DiagnosticKind::UnknownFunction, name.range,
           fmt::format("there is no function `{}`", name.text));
  } else if (!evaluator.takes_a_task(*number)) {
    report(diagnostics, lang::DiagnosticKind::BadMapFunction, name.range,
           fmt::format("function `{}` should take one parameter of type `Task` to map tasks",
                       name.text));
  }
  function_ids.push_back({static_cast<int32_t>(functions.size())});
  functions.push_back(number.value_or(-1));
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

Policy::Policy(RuleList list, std::unique_ptr<Impl> impl)
    : ListedRules(std::move(list)), impl_(std::move(impl)) {}
Policy::~Policy() = default;

std::shared_ptr<const Policy> Policy::build(std::shared_ptr<const Mapping> mapping,
                                            const machine::MachineShape& machine,
                                            Diagnostics& diagnostics, lang::PrintSink sink) {
  ReadRules read = read_rules(mapping->program);
  RuleList list = std::move(read.list);
  auto impl = std::make_unique<Impl>(std::move(mapping), std::move(read), machine, diagnostics,
                                     std::move(sink));
  check_nodes(impl->mapping->program, machine, diagnostics);
  if (diagnostics.has_errors()) return nullptr;
  return std::shared_ptr<const Policy>(new Policy(std::move(list), std::move(impl)));
}

tl::expected<bool, Diagnostic> Policy::holds(size_t condition,
                                             const machine::LaunchFacts& launch) const {
  return impl_->evaluator.holds(impl_->conditions[condition], launch);
}

std::span<const FunctionId> Policy::functions() const { return impl_->function_ids; }

std::string_view Policy::function_name(FunctionId function) const {
  return impl_->evaluator.function_name(impl_->functions[static_cast<size_t>(function.value)]);
}

machine::FactsUsed Policy::facts_used(FunctionId function) const {
  return impl_->facts_used[static_cast<size_t>(function.value)];
}

tl::expected<const Placement*, Diagnostic> Policy::Impl::place(FunctionId function,
                                                               const machine::LaunchDomain& domain,
                                                               const machine::LaunchFacts* facts,
                                                               machine::ProcessorKind kind) {
  const PlacementCache::Outcome* outcome = placements.find(function, domain, facts, kind);
  if (!outcome) {
    outcome = &placements.get(function, domain, facts, kind, [&] {
      const int number = functions[static_cast<size_t>(function.value)];
      PlacedLaunch placed = place_launch(
          evaluator, number, facts ? *facts : machine::LaunchFacts{domain}, kind, machine);
      report_once(placed.warnings);
      return std::move(placed.outcome);
    });
  }
  if (!*outcome) return tl::unexpected(outcome->error());
  return outcome->value().get();
}

tl::expected<const Placement*, Diagnostic> Policy::placement(FunctionId function,
                                                             const machine::LaunchFacts& launch,
                                                             machine::ProcessorKind kind) const {
  const machine::FactsUsed used = impl_->facts_used[static_cast<size_t>(function.value)];
  if (!used.any()) return impl_->place(function, *launch.domain, nullptr, kind);
  const machine::LaunchFacts facts = used.of(launch);
  return impl_->place(function, *launch.domain, &facts, kind);
}

tl::expected<const LaunchPlacement*, Diagnostic> Policy::launch_placement(
    FunctionId function, const machine::LaunchFacts& launch, machine::ProcessorKind kind) const {
  return placement(function, launch, kind);
}

tl::expected<Target, Diagnostic> Policy::place_single(FunctionId function,
                                                      const machine::LaunchFacts& launch,
                                                      machine::ProcessorKind kind) const {
  const int number = impl_->functions[static_cast<size_t>(function.value)];
  auto placed = place_task(impl_->evaluator, number, launch, kind);
  if (!placed) return tl::unexpected(std::move(placed.error()));
  thread_local std::vector<int32_t> ordinals;
  ordinals = std::move(placed->ordinals);
  return Target{placed->node, ordinals};
}

std::string Policy::position(SourceRange rule) const {
  const SourceFile& file = impl_->mapping->file;
  const SourcePosition at = file.position(rule.begin);
  return fmt::format("{}:{}:{}", file.name(), at.line, at.column);
}

std::vector<MentionedName> Policy::mentioned_names() const {
  return policy::mentioned_names(impl_->mapping->program);
}

const Mapping& Policy::mapping() const { return *impl_->mapping; }
const machine::MachineShape& Policy::machine() const { return impl_->machine; }

}  // namespace placewright::policy
