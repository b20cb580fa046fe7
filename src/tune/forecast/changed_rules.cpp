// SPDX-License-Identifier: Apache-2.0
#include "tune/forecast/changed_rules.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace placewright::tune {
namespace {

using machine::ProcessorKind;
using policy::FunctionId;
using policy::TaskId;

/// Policies number their functions from 0 on, and have fewer.
constexpr int32_t kFirstOwn = int32_t{1} << 24;
constexpr auto kKinds = static_cast<int32_t>(machine::kProcessorKindCount);
/// Tells a rule from what the default mapper does; there is no text.
constexpr SourceRange kSomeRule = {0, 1};

FunctionId own_function(IndexMap map, ProcessorKind kind) {
  return {kFirstOwn + static_cast<int32_t>(map) * kKinds + static_cast<int32_t>(kind)};
}
bool is_own(FunctionId function) { return function.value >= kFirstOwn; }
IndexMap map_of(FunctionId function) {
  return static_cast<IndexMap>((function.value - kFirstOwn) / kKinds);
}

/// What the functions that write_mapping() writes return.
class KnobPlacement final : public policy::LaunchPlacement {
 public:
  KnobPlacement(IndexMap map, ProcessorKind kind, const machine::LaunchDomain& domain,
                const machine::MachineShape& machine)
      : map_(map),
        kind_(kind),
        domain_(domain),
        nodes_(machine.nodes_with(kind)),
        ordinals_(static_cast<size_t>(machine.processors_per_node(kind))) {
    std::iota(ordinals_.begin(), ordinals_.end(), 0);
  }
  [[nodiscard]] ProcessorKind kind() const override { return kind_; }
  [[nodiscard]] policy::Target at(const machine::DomainPoint& point) const override {
    const auto [node, processor] =
        mapped_to(map_, domain_.linear(point), domain_.volume(), static_cast<int>(nodes_.size()),
                  static_cast<int>(ordinals_.size()));
    return {nodes_[static_cast<size_t>(node)],
            std::span(ordinals_).subspan(static_cast<size_t>(processor), 1)};
  }

 private:
  IndexMap map_;
  ProcessorKind kind_;
  machine::LaunchDomain domain_;
  std::vector<int> nodes_;
  std::vector<int32_t> ordinals_;
};

}  // namespace

ChangedRules::ChangedRules(const SearchSpace& space, const policy::Policy& base,
                           const Assignment& from, const Assignment& to)
    : space_(&space), base_(&base) {
  for (size_t k = 0; k < to.size(); ++k) {
    if (to[k] == from[k] || !space.is_active(to, static_cast<int>(k))) continue;
    const Knob& knob = space.knobs()[k];
    const Choice& choice = knob.choices[static_cast<size_t>(to[k])];
    if (choice == Choice(IndexMap::Default)) continue;
    Change& change = changes_[knob.task];
    if (const auto* kind = std::get_if<ProcessorKind>(&choice)) change.kind = {*kind};
    if (const auto* memory = std::get_if<machine::MemoryKind>(&choice))
      change.memories.push_back({knob.argument, knob.processor, *memory});
    if (const auto* layout = std::get_if<LayoutChoice>(&choice))
      change.layouts.emplace_back(knob.argument, *layout);
    if (const auto* map = std::get_if<IndexMap>(&choice))
      change.maps.emplace_back(knob.processor, *map);
  }
}

ChangedRules::~ChangedRules() = default;

tl::expected<TaskId, Diagnostic> ChangedRules::task(std::string_view name,
                                                    const machine::LaunchFacts& launch) const {
  const auto base = base_->task(name, launch);
  if (!base) return base;
  const auto& tasks = space_->workload().tasks;
  const auto found = std::ranges::find(tasks, name, &workload::WorkloadTask::name);
  const Known known{*base, found == tasks.end() ? -1 : static_cast<int>(found - tasks.begin())};
  const auto same = std::ranges::find(known_, known);
  if (same != known_.end()) return TaskId{static_cast<int32_t>(same - known_.begin())};
  known_.push_back(known);
  return TaskId{static_cast<int32_t>(known_.size() - 1)};
}

const ChangedRules::Change* ChangedRules::change_of(TaskId task) const {
  const auto found = changes_.find(known_[static_cast<size_t>(task.name)].task);
  return found == changes_.end() ? nullptr : &found->second;
}

std::span<const ProcessorKind> ChangedRules::processor_kinds(TaskId task) const {
  const Change* const change = change_of(task);
  if (change != nullptr && !change->kind.empty()) return change->kind;
  return base_->processor_kinds(base_id(task));
}

std::optional<SourceRange> ChangedRules::processor_rule(TaskId task) const {
  const Change* const change = change_of(task);
  if (change != nullptr && !change->kind.empty()) return kSomeRule;
  return base_->processor_rule(base_id(task));
}

std::vector<policy::MemoryRule> ChangedRules::memories(TaskId task, const policy::RegionRef& region,
                                                       ProcessorKind kind) const {
  std::vector<policy::MemoryRule> list;
  if (const Change* const change = change_of(task); change != nullptr)
    for (const Change::Memory& each : change->memories)
      if (each.argument == region.index && each.processor == kind)
        list.push_back({each.memory, kSomeRule});
  const std::vector<policy::MemoryRule> base = base_->memories(base_id(task), region, kind);
  for (const policy::MemoryRule& rule : base)
    if (list.empty() || list.front().kind != rule.kind) list.push_back(rule);
  return list;
}

std::optional<policy::LayoutRule> ChangedRules::layout(TaskId task, const policy::RegionRef& region,
                                                       machine::MemoryKind memory) const {
  if (const Change* const change = change_of(task); change != nullptr)
    for (const auto& [argument, layout] : change->layouts)
      if (argument == region.index)
        return policy::LayoutRule{.aos = layout.aos, .c_order = layout.c_order, .rule = kSomeRule};
  return base_->layout(base_id(task), region, memory);
}

std::optional<FunctionId> ChangedRules::index_map(TaskId task, ProcessorKind kind) const {
  if (const Change* const change = change_of(task); change != nullptr)
    for (const auto& [processor, map] : change->maps)
      if (processor == kind) return own_function(map, kind);
  return base_->index_map(base_id(task), kind);
}

std::optional<SourceRange> ChangedRules::index_map_rule(TaskId task, ProcessorKind kind) const {
  const auto function = index_map(task, kind);
  if (function && is_own(*function)) return kSomeRule;
  return base_->index_map_rule(base_id(task), kind);
}

machine::FactsUsed ChangedRules::facts_used(FunctionId function) const {
  return is_own(function) ? machine::FactsUsed{} : base_->facts_used(function);
}

tl::expected<const policy::LaunchPlacement*, Diagnostic> ChangedRules::launch_placement(
    FunctionId function, const machine::LaunchFacts& launch, ProcessorKind kind) const {
  if (!is_own(function)) return base_->launch_placement(function, launch, kind);
  const IndexMap map = map_of(function);
  auto& placement = placements_[{map, kind, *launch.domain}];
  if (placement == nullptr)
    placement = std::make_unique<KnobPlacement>(map, kind, *launch.domain, space_->machine());
  return placement.get();
}

}  // namespace placewright::tune
