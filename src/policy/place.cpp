// SPDX-License-Identifier: Apache-2.0
#include "policy/place.h"

#include <fmt/core.h>

#include <map>

#include "lang/columns/lower.h"
#include "lang/diagnostic_kinds.h"
#include "support/check.h"

namespace placewright::policy {
namespace {

using lang::DiagnosticKind;

/// The caller sets the range.
Diagnostic make_error(DiagnosticKind kind, std::string message, std::string help = {}) {
  return lang::make_diagnostic(kind, SourceRange{}, std::move(message), std::move(help));
}

/// Converts a mapping function's value to processors.
tl::expected<PlacedTask, Diagnostic> to_processors(const lang::Value& value,
                                                   machine::ProcessorKind kind) {
  const auto* processor = std::get_if<lang::TupleValue>(&value);
  const auto* set = std::get_if<lang::PointSet>(&value);
  const bool is_processor = processor && processor->processor;
  if (!is_processor && (!set || set->points.empty())) {
    return tl::unexpected(make_error(
        DiagnosticKind::NotAProcessor,
        fmt::format("returned {}, expected a {} processor", set ? "no processor" : describe(value),
                    to_string(kind)),
        fmt::format("return an element of a processor space, for example `Machine({})[0, 0]`",
                    to_string(kind))));
  }
  const machine::ProcessorKind found = set ? set->kind : *processor->processor;
  if (found != kind) {
    return tl::unexpected(make_error(
        DiagnosticKind::WrongProcessorKind,
        fmt::format("returned a {} processor for a task on {}", to_string(found), to_string(kind)),
        fmt::format("return an element of `Machine({})`, or put the task on {} with a Task rule",
                    to_string(kind), to_string(found))));
  }
  PlacedTask placed;
  if (is_processor) {
    placed.node = static_cast<int32_t>(processor->elements[0]);
    placed.ordinals.push_back(static_cast<int32_t>(processor->elements[1]));
    return placed;
  }
  placed.node = static_cast<int32_t>(set->points.front().node);
  for (const machine::ProcessorPosition& point : set->points) {
    if (point.node != placed.node) {
      return tl::unexpected(
          make_error(DiagnosticKind::SeveralNodes,
                     fmt::format("returned processors of nodes {} and {}", placed.node, point.node),
                     "the processors for one point must be on one node"));
    }
    placed.ordinals.push_back(static_cast<int32_t>(point.ordinal));
  }
  return placed;
}

/// Numbers the targets. Single processors are node * width + ordinal; once a set occurs, all
/// targets are numbered in the order in which they are first seen.
class TargetNumbers {
 public:
  TargetNumbers(int nodes, int width) : nodes_(nodes), width_(static_cast<uint32_t>(width)) {}

  void add(PlacedTask placed) {
    if (placed.ordinals.size() != 1 && sets_.empty()) switch_to_sets();
    if (sets_.empty()) {
      numbers_.push_back(static_cast<uint32_t>(placed.node) * width_ +
                         static_cast<uint32_t>(placed.ordinals[0]));
    } else {
      numbers_.push_back(number_of(std::move(placed)));
    }
  }

  [[nodiscard]] std::unique_ptr<const Placement> finish(machine::ProcessorKind kind,
                                                        const machine::LaunchDomain& domain) const {
    auto list = sets_.empty() ? single_targets(nodes_, static_cast<int>(width_)) : set_targets();
    return std::make_unique<const Placement>(kind, domain, std::move(list), numbers_,
                                             sets_.empty() ? width_ : 1);
  }

 private:
  uint32_t number_of(PlacedTask placed) {
    return sets_.try_emplace(std::move(placed), static_cast<uint32_t>(sets_.size())).first->second;
  }

  void switch_to_sets() {
    // A dummy entry keeps `sets_` from being empty.
    number_of(PlacedTask{-1, {}});
    for (uint32_t& number : numbers_) {
      number = number_of(PlacedTask{static_cast<int32_t>(number / width_),
                                    {static_cast<int32_t>(number % width_)}});
    }
  }

  [[nodiscard]] std::shared_ptr<const TargetList> set_targets() const {
    auto list = std::make_shared<TargetList>();
    size_t total = 0;
    for (const auto& [placed, number] : sets_) total += placed.ordinals.size();
    list->ordinals.reserve(total);  // the spans must not move
    list->targets.resize(sets_.size());
    for (const auto& [placed, number] : sets_) {
      const size_t begin = list->ordinals.size();
      list->ordinals.insert(list->ordinals.end(), placed.ordinals.begin(), placed.ordinals.end());
      list->targets[number] = {placed.node,
                               std::span(list->ordinals).subspan(begin, placed.ordinals.size())};
    }
    return list;
  }

  int nodes_;
  uint32_t width_;
  std::vector<uint32_t> numbers_;
  std::map<PlacedTask, uint32_t> sets_;
};

Diagnostic at_point(Diagnostic error, const std::string& function,
                    const machine::LaunchDomain& domain, const machine::DomainPoint& point,
                    const machine::MachineShape& machine) {
  error.message = fmt::format("`{}` at point ({}) of launch {}: {}", function, to_string(point),
                              domain.to_string(), error.message);
  if (error.help.empty()) error.help = fmt::format("the machine is `{}`", machine.to_string());
  return error;
}

void advance(machine::DomainPoint& point, const machine::LaunchDomain& domain) {
  for (int d = 0; d < domain.dim(); ++d) {
    if (++point.at[d] <= domain.hi.at[d]) return;
    point.at[d] = domain.lo.at[d];
  }
}

/// Places a launch by columns: all points at once, or on demand if the launch is too large. nullopt
/// if the points must be evaluated one by one.
std::optional<PlacedLaunch> place_by_columns(const lang::Evaluator& evaluator, int function,
                                             const machine::LaunchFacts& launch,
                                             machine::ProcessorKind kind,
                                             const machine::MachineShape& machine) {
  const machine::LaunchDomain& domain = *launch.domain;
  constexpr int64_t kFewPoints = 64;  // below this, the setup costs more than it saves
  if (domain.volume() < kFewPoints) return std::nullopt;
  const int width = machine.most_processors_per_node(kind);
  auto lowered = lang::lower_function(evaluator, function, launch, kind, width);
  if (!lowered) return std::nullopt;
  auto targets = single_targets(machine.node_count(), width);
  if (domain.volume() > kMaxLaunchPoints) {
    if (!lowered->program.is_total()) return std::nullopt;
    return PlacedLaunch{
        std::make_unique<const Placement>(kind, std::move(targets), std::move(lowered->program)),
        std::move(lowered->warnings)};
  }
  const auto numbers = lowered->program.run();
  if (!numbers) return std::nullopt;
  return PlacedLaunch{std::make_unique<const Placement>(kind, domain, std::move(targets), *numbers,
                                                        static_cast<uint32_t>(width)),
                      std::move(lowered->warnings)};
}

}  // namespace

std::shared_ptr<const TargetList> single_targets(int nodes, int width) {
  auto list = std::make_shared<TargetList>();
  for (int32_t ordinal = 0; ordinal < width; ++ordinal) list->ordinals.push_back(ordinal);
  list->targets.reserve(static_cast<size_t>(nodes) * static_cast<size_t>(width));
  for (int32_t node = 0; node < nodes; ++node) {
    for (int32_t ordinal = 0; ordinal < width; ++ordinal) {
      list->targets.push_back({node, std::span(list->ordinals).subspan(ordinal, 1)});
    }
  }
  return list;
}

PlacedLaunch place_launch(const lang::Evaluator& evaluator, int function,
                          const machine::LaunchFacts& launch, machine::ProcessorKind kind,
                          const machine::MachineShape& machine) {
  const machine::LaunchDomain& domain = *launch.domain;
  const std::string& name = evaluator.function_name(function);
  const int64_t volume = domain.volume();
  if (auto placed = place_by_columns(evaluator, function, launch, kind, machine))
    return *std::move(placed);
  if (volume > kMaxLaunchPoints) {
    Diagnostic error =
        make_error(DiagnosticKind::LaunchTooLarge,
                   fmt::format("`{}` cannot be evaluated on launch {}: it has more than {} points",
                               name, domain.to_string(), kMaxLaunchPoints),
                   "on larger launches a function must not be able to leave its space: write "
                   "`% m.size[0]` after an index, or a block `p * m.size / task.ispace`");
    error.range = evaluator.function_range(function);
    return {tl::unexpected(std::move(error)), {}};
  }
  TargetNumbers numbers(machine.node_count(), machine.most_processors_per_node(kind));
  lang::FunctionRun run(evaluator, function);
  lang::LaunchedTask launched(launch);
  lang::TaskView& task = launched.task;
  for (int64_t i = 0; i < volume; ++i, advance(task.point, domain)) {
    const lang::Value* value = run.evaluate(task);
    auto placed = value ? to_processors(*value, kind) : tl::unexpected(run.error());
    if (!placed) {
      Diagnostic error = std::move(placed.error());
      if (value) error.range = evaluator.function_range(function);
      return {tl::unexpected(at_point(std::move(error), name, domain, task.point, machine)),
              run.warnings()};
    }
    numbers.add(std::move(*placed));
  }
  return {numbers.finish(kind, domain), run.warnings()};
}

tl::expected<PlacedTask, Diagnostic> place_task(const lang::Evaluator& evaluator, int function,
                                                const machine::LaunchFacts& launch,
                                                machine::ProcessorKind kind) {
  const lang::LaunchedTask launched(launch);
  const machine::ParentProcessor& parent = launch.parent;
  lang::FunctionRun run(evaluator, function);
  const lang::Value* value = run.evaluate(launched.task);
  auto placed = value ? to_processors(*value, kind) : tl::unexpected(run.error());
  if (placed) return placed;
  Diagnostic error = std::move(placed.error());
  if (value) error.range = evaluator.function_range(function);
  error.message =
      fmt::format("`{}` for a single task of a parent on {} processor {} of node {}: {}",
                  evaluator.function_name(function), to_string(parent.kind), parent.ordinal,
                  parent.node, error.message);
  return tl::unexpected(std::move(error));
}

}  // namespace placewright::policy
