// SPDX-License-Identifier: Apache-2.0
#include "tune/search_space.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "decide/defaults.h"
#include "support/check.h"

namespace placewright::tune {
namespace {

constexpr int kMaxMappedDim = 3;

bool has_data(const workload::WorkloadArgument& argument) {
  return argument.privilege != machine::Privilege::None && argument.fields > 0;
}

bool same_lower_bounds(const std::vector<workload::WorkloadLaunch>& launches) {
  const workload::WorkloadLaunch* first = nullptr;
  for (const workload::WorkloadLaunch& launch : launches) {
    if (!launch.index) continue;
    if (first != nullptr && first->domain.lo != launch.domain.lo) return false;
    first = &launch;
  }
  return true;
}

}  // namespace

std::string_view to_string(IndexMap map) {
  switch (map) {
    case IndexMap::Default:
      return "default";
    case IndexMap::Block:
      return "block";
    case IndexMap::Cyclic:
      return "cyclic";
  }
  return "default";
}

std::string to_string(const Choice& choice) {
  if (const auto* kind = std::get_if<machine::ProcessorKind>(&choice))
    return std::string(machine::to_string(*kind));
  if (const auto* memory = std::get_if<machine::MemoryKind>(&choice))
    return std::string(machine::to_string(*memory));
  if (const auto* layout = std::get_if<LayoutChoice>(&choice))
    return fmt::format("{} {}", layout->aos ? "AOS" : "SOA",
                       layout->c_order ? "C_order" : "F_order");
  return std::string(to_string(std::get<IndexMap>(choice)));
}

std::pair<int64_t, int64_t> mapped_to(IndexMap map, int64_t linear, int64_t volume, int nodes,
                                      int processors_per_node) {
  if (map == IndexMap::Cyclic) return {linear % nodes, linear / nodes % processors_per_node};
  const int64_t processor = linear * nodes * processors_per_node / volume;
  return {processor / processors_per_node, processor % processors_per_node};
}

std::vector<std::string> map_targets(IndexMap map, const machine::LaunchDomain& domain, int nodes,
                                     int processors_per_node) {
  const int64_t volume = domain.volume();
  std::vector<std::string> targets;
  for (int64_t i = 0; i < volume; ++i) {
    const auto [node, processor] = mapped_to(map, i, volume, nodes, processors_per_node);
    targets.push_back(fmt::format("{}.{}", node, processor));
  }
  return targets;
}

SearchSpace::SearchSpace(workload::Workload workload, machine::MachineShape machine)
    : workload_(std::move(workload)), machine_(std::move(machine)) {
  for (size_t task = 0; task < workload_.tasks.size(); ++task) add_task(static_cast<int>(task));
  add_groups();
}

std::vector<machine::ProcessorKind> SearchSpace::kinds_of(int task) const {
  const workload::WorkloadTask& described = workload_.tasks[task];
  std::vector<machine::ProcessorKind> kinds;
  const auto first = decide::default_processor_kind(described.variants, machine_);
  if (!first) return kinds;
  kinds.push_back(*first);
  for (const machine::ProcessorKind kind : described.variants) {
    if (kind != *first && machine_.has(kind)) kinds.push_back(kind);
  }
  return kinds;
}

void SearchSpace::add_task(int task) {
  const workload::WorkloadTask& described = workload_.tasks[task];
  if (described.inner || described.launches.empty()) return;
  const std::vector<machine::ProcessorKind> kinds = kinds_of(task);
  if (kinds.size() > 1) knobs_.push_back({task, -1, kinds.front(), {kinds.begin(), kinds.end()}});
  for (const machine::ProcessorKind kind : kinds) {
    add_memories(task, kind);
    add_index_maps(task, kind);
  }
  add_layouts(task);
}

void SearchSpace::add_memories(int task, machine::ProcessorKind kind) {
  const auto& arguments = workload_.tasks[task].arguments;
  const machine::MemoryKind first = decide::default_memory(kind, machine_);
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!has_data(arguments[i])) continue;
    std::vector<Choice> choices = {first};
    for (const machine::MemoryKind memory : machine::kMemoryKinds) {
      if (memory != first && memory != machine::MemoryKind::Virtual && machine_.has(kind, memory))
        choices.push_back(memory);
    }
    if (choices.size() > 1) knobs_.push_back({task, static_cast<int>(i), kind, std::move(choices)});
  }
}

void SearchSpace::add_layouts(int task) {
  const auto& arguments = workload_.tasks[task].arguments;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const workload::WorkloadArgument& argument = arguments[i];
    if (!has_data(argument) || argument.privilege == machine::Privilege::Reduce) continue;
    std::vector<Choice> choices = {LayoutChoice{}};
    if (argument.dim >= 2) choices.push_back(LayoutChoice{false, true});
    if (argument.fields >= 2) choices.push_back(LayoutChoice{true, false});
    if (argument.dim >= 2 && argument.fields >= 2) choices.push_back(LayoutChoice{true, true});
    if (choices.size() > 1)
      knobs_.push_back(
          {task, static_cast<int>(i), machine::ProcessorKind::Cpu, std::move(choices)});
  }
}

void SearchSpace::add_index_maps(int task, machine::ProcessorKind kind) {
  const auto& launches = workload_.tasks[task].launches;
  const auto nodes = static_cast<int>(machine_.nodes_with(kind).size());
  const int processors = machine_.processors_per_node(kind);
  if (nodes * processors <= 1 || !same_lower_bounds(launches)) return;
  bool several_points = false;
  bool maps_differ = false;
  for (const workload::WorkloadLaunch& launch : launches) {
    if (!launch.index) continue;
    if (launch.domain.dim() > kMaxMappedDim) return;
    several_points = several_points || launch.domain.volume() > 1;
    maps_differ =
        maps_differ || map_targets(IndexMap::Block, launch.domain, nodes, processors) !=
                           map_targets(IndexMap::Cyclic, launch.domain, nodes, processors);
  }
  if (!several_points) return;
  std::vector<Choice> choices = {IndexMap::Default, IndexMap::Block};
  if (maps_differ) choices.push_back(IndexMap::Cyclic);
  knobs_.push_back({task, -1, kind, std::move(choices)});
}

void SearchSpace::add_groups() {
  std::map<std::string, KnobGroup> by_name;
  std::map<std::string, std::set<std::string>> parts;  // coarser name -> names that it contains
  for (size_t k = 0; k < knobs_.size(); ++k) {
    const Knob& knob = knobs_[k];
    if (!knob.is<machine::MemoryKind>()) continue;
    const workload::WorkloadArgument& argument =
        workload_.tasks[knob.task].arguments[knob.argument];
    const std::set<std::string> names(argument.names.begin(), argument.names.end());
    for (const std::string& name : names) {
      KnobGroup& group = by_name[name];
      group.name = name;
      group.knobs.push_back(static_cast<int>(k));
      group.bytes += argument.bytes;
      if (name != argument.names.front()) parts[name].insert(argument.names.front());
    }
  }
  std::vector<KnobGroup> candidates;
  for (const auto& [name, group] : by_name) candidates.push_back(group);
  for (const auto& [whole, names] : parts) {
    for (auto first = names.begin(); first != names.end(); ++first) {
      for (auto second = std::next(first); second != names.end(); ++second) {
        KnobGroup pair = by_name[*first];
        const KnobGroup& other = by_name[*second];
        pair.name += " + " + other.name;
        pair.knobs.insert(pair.knobs.end(), other.knobs.begin(), other.knobs.end());
        pair.bytes += other.bytes;
        std::ranges::sort(pair.knobs);
        candidates.push_back(std::move(pair));
      }
    }
  }
  std::set<std::vector<int>> seen;
  for (KnobGroup& group : candidates) {
    if (group.knobs.size() > 1 && seen.insert(group.knobs).second)
      groups_.push_back(std::move(group));
  }
  std::ranges::stable_sort(groups_, std::ranges::greater(), &KnobGroup::bytes);
}

bool SearchSpace::is_active(const Assignment& assignment, int knob) const {
  const Knob& k = knobs_[knob];
  if (k.is<machine::ProcessorKind>() || k.is<LayoutChoice>()) return true;
  return kind(assignment, k.task) == k.processor;
}

template <class T>
T SearchSpace::chosen(const Assignment& assignment, int task, int argument,
                      machine::ProcessorKind kind, T otherwise) const {
  PLACEWRIGHT_CHECK(assignment.size() == knobs_.size());
  for (size_t i = 0; i < knobs_.size(); ++i) {
    const Knob& knob = knobs_[i];
    if (knob.task != task || knob.argument != argument || !knob.is<T>()) continue;
    constexpr bool per_kind = std::is_same_v<T, machine::MemoryKind> || std::is_same_v<T, IndexMap>;
    if (per_kind && knob.processor != kind) continue;
    return std::get<T>(knob.choices[assignment[i]]);
  }
  return otherwise;
}

machine::ProcessorKind SearchSpace::kind(const Assignment& assignment, int task) const {
  const machine::ProcessorKind otherwise =
      decide::default_processor_kind(workload_.tasks[task].variants, machine_)
          .value_or(machine::ProcessorKind::Cpu);
  return chosen(assignment, task, -1, otherwise, otherwise);
}

machine::MemoryKind SearchSpace::memory(const Assignment& assignment, int task,
                                        int argument) const {
  const machine::ProcessorKind on = kind(assignment, task);
  return chosen(assignment, task, argument, on, decide::default_memory(on, machine_));
}

LayoutChoice SearchSpace::layout(const Assignment& assignment, int task, int argument) const {
  return chosen(assignment, task, argument, machine::ProcessorKind::Cpu, LayoutChoice{});
}

IndexMap SearchSpace::index_map(const Assignment& assignment, int task) const {
  return chosen(assignment, task, -1, kind(assignment, task), IndexMap::Default);
}

int SearchSpace::choice_of(const Knob& knob, const workload::ResolvedTask& decided) const {
  const auto matches = [&](const Choice& choice) {
    if (const auto* kind = std::get_if<machine::ProcessorKind>(&choice))
      return *kind == decided.kind;
    if (const auto* memory = std::get_if<machine::MemoryKind>(&choice))
      return decided.kind == knob.processor && decided.arguments[knob.argument].memory == *memory;
    if (const auto* layout = std::get_if<LayoutChoice>(&choice)) {
      const workload::ResolvedLayout& other = decided.arguments[knob.argument].layout;
      return other.aos == layout->aos && other.c_order == layout->c_order;
    }
    if (decided.kind != knob.processor) return false;
    return std::ranges::all_of(decided.launches, [&](const workload::ResolvedLaunch& launch) {
      return !launch.index ||
             launch.targets ==
                 map_targets(std::get<IndexMap>(choice), launch.domain,
                             static_cast<int>(machine_.nodes_with(knob.processor).size()),
                             machine_.processors_per_node(knob.processor));
    });
  };
  // The first choice is the default. An explicit index map counts even if it matches the default.
  for (size_t c = knob.is<IndexMap>() ? 1 : 0; c < knob.choices.size(); ++c) {
    if (matches(knob.choices[c])) return static_cast<int>(c);
  }
  return 0;
}

Assignment SearchSpace::nearest(const workload::ResolvedDecisions& decisions) const {
  PLACEWRIGHT_CHECK(decisions.tasks.size() == workload_.tasks.size());
  Assignment assignment = defaults();
  for (size_t i = 0; i < knobs_.size(); ++i)
    assignment[i] = choice_of(knobs_[i], decisions.tasks[knobs_[i].task]);
  return assignment;
}

size_t SearchSpace::free_knobs() const {
  return static_cast<size_t>(
      std::ranges::count_if(knobs_, [](const Knob& knob) { return !knob.fixed; }));
}

double SearchSpace::weight(int task) const {
  double bytes = 1;
  for (const workload::WorkloadArgument& argument : workload_.tasks[task].arguments)
    bytes += static_cast<double>(argument.bytes);
  double points = 0;
  for (const workload::WorkloadLaunch& launch : workload_.tasks[task].launches)
    points += static_cast<double>(launch.count) *
              static_cast<double>(launch.index ? launch.domain.volume() : 1);
  return bytes * points;
}

double SearchSpace::log10_assignments() const {
  double sum = 0;
  for (const Knob& knob : knobs_) sum += std::log10(static_cast<double>(knob.open_choices()));
  return sum;
}

double SearchSpace::log10_distinct() const {
  double total = 0;
  for (size_t t = 0; t < workload_.tasks.size(); ++t) {
    const int task = static_cast<int>(t);
    double layouts = 0;
    std::map<machine::ProcessorKind, double> per_kind;
    std::vector<machine::ProcessorKind> kinds = {kind(defaults(), task)};
    for (const Knob& knob : knobs_) {
      if (knob.task != task) continue;
      const double size = std::log10(static_cast<double>(knob.open_choices()));
      if (knob.is<LayoutChoice>()) {
        layouts += size;
      } else if (knob.is<machine::ProcessorKind>()) {
        kinds.clear();
        if (knob.fixed) kinds = {std::get<machine::ProcessorKind>(knob.choices[*knob.fixed])};
        for (const Choice& choice : knob.choices)
          if (!knob.fixed) kinds.push_back(std::get<machine::ProcessorKind>(choice));
      } else {
        per_kind[knob.processor] += size;
      }
    }
    double sum = 0;
    for (const machine::ProcessorKind kind : kinds) sum += std::pow(10.0, per_kind[kind]);
    total += layouts + std::log10(sum);
  }
  return total;
}

std::string SearchSpace::label(int knob) const {
  const Knob& k = knobs_[knob];
  const workload::WorkloadTask& task = workload_.tasks[k.task];
  if (k.argument < 0) return task.name;
  const auto& names = task.arguments[k.argument].names;
  return names.empty() ? fmt::format("{} argument {}", task.name, k.argument)
                       : fmt::format("{} argument {} ({})", task.name, k.argument, names.front());
}

}  // namespace placewright::tune
