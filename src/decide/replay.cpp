// SPDX-License-Identifier: Apache-2.0
#include "decide/replay.h"

#include <fmt/core.h>

#include <algorithm>

#include "decide/defaults.h"
#include "decide/folded_data.h"

namespace placewright::decide {
namespace {

/// Instances as they were recorded.
class RecordedInstances final : public Store {
 public:
  RecordedInstances(const std::vector<InstanceRecord>& records,
                    const std::vector<UsableMemory>& usable)
      : records_(&records), usable_(&usable) {}
  [[nodiscard]] uint64_t memory(InstanceId id) const override { return (*records_)[id].memory; }
  [[nodiscard]] bool is_normal(InstanceId id) const override { return (*records_)[id].normal; }
  [[nodiscard]] bool has_fields(InstanceId id, std::span<const FieldId>) const override {
    return (*records_)[id].has_fields;
  }
  [[nodiscard]] machine::LaunchDomain bounds(InstanceId id) const override {
    return (*records_)[id].bounds;
  }
  [[nodiscard]] bool entails(InstanceId id, int choice) const override {
    for (size_t i = 0; i < usable_->size(); ++i) {
      if ((*usable_)[i].choice->number == choice) return (*records_)[id].entails[i];
    }
    return false;
  }

 private:
  const std::vector<InstanceRecord>* records_;
  const std::vector<UsableMemory>* usable_;
};

class RecordedArgument final : public ArgumentSource {
 public:
  explicit RecordedArgument(const ArgumentRecord& record) : record_(&record) {}
  [[nodiscard]] std::vector<FieldId> all_fields() const override { return record_->all_fields; }
  [[nodiscard]] std::vector<Demand> demands() const override { return record_->demands; }

 private:
  const ArgumentRecord* record_;
};

}  // namespace

template <class Value>
void Replay::compare(const char* what, const Value& recorded, const Value& decided) {
  ++decisions_;
  if (!(recorded == decided))
    differences_.push_back(fmt::format("{}: {}: not as recorded", subject_, what));
}

std::vector<std::string> Replay::task(const TaskRecord& record) {
  differences_.clear();
  subject_ = record.facts.name;
  const auto rules = look_up_task(setting_, record.facts, record.launch.facts);
  if (!rules) return {fmt::format("{}: {}", subject_, rules.error().message)};
  rules_of_subject_ = rules->id;
  compare("the kind of processor", record.kind,
          choose_kind(*rules, setting_.machine.shape(), record.local_node, record.prefers_cpu,
                      record.launch.is_index()));
  if (!record.is_shard) {
    const Variant* variant = default_variant(record.facts, record.target.kind);
    compare("the variant", record.variant.id, variant == nullptr ? 0 : variant->id);
  }
  compare("the priority", record.priority,
          choose_priority(setting_.rules, *rules, record.target.kind));
  compare("the limit", record.limit, effective_limit(*rules, record.launch, record.target.kind));
  processors(record, *rules);
  for (const ArgumentRecord& each : record.arguments) {
    if (each.has_decision) argument(record, *rules, each);
  }
  return differences_;
}

void Replay::processors(const TaskRecord& record, const TaskRules& rules) {
  std::optional<policy::Target> placed;
  if (record.point && !record.is_shard) {
    const auto launch =
        place_index_launch(setting_, rules, record.launch, record.target.kind, /*is_empty=*/false,
                           [&](const auto&) { return !record.is_overruled; });
    if (launch && launch->placement != nullptr) placed = launch->placement->at(*record.point);
  } else if (!record.is_shard) {
    const auto single = place_single_task(setting_, rules, record.launch, record.target.kind);
    if (single) placed = *single;
  }
  const TargetProcessors chosen = choose_processors(setting_, rules, record.launch, record.is_shard,
                                                    record.target, record.local_node, placed);
  compare("the way of choosing processors", record.how, chosen.how);
  const std::vector<int32_t> ordinals(chosen.ordinals.begin(), chosen.ordinals.end());
  compare("the processors", record.ordinals, ordinals);
}

void Replay::argument(const TaskRecord& record, const TaskRules& rules,
                      const ArgumentRecord& recorded) {
  subject_ = fmt::format("{} argument {}", record.facts.name, recorded.argument.index);
  std::vector<policy::RegionId> names;
  for (const std::string& name : recorded.names) names.push_back(setting_.rules.region(name));
  Argument argument = recorded.argument;
  argument.fields = recorded.fields;
  argument.names = names;
  Planner planner;
  const RecordedArgument source(recorded);
  ArgumentKey key;
  key.kind = record.target.kind;
  const auto plans = planner.plans(setting_, key, rules.id, argument, source);
  compare("the number of instances", true, recorded.part < static_cast<int>(plans.size()));
  if (recorded.part >= static_cast<int>(plans.size())) return;
  const ArgumentPlan& plan = plans[static_cast<size_t>(recorded.part)];
  argument = part_of(argument, plan);
  std::vector<UsableMemory> usable;
  list_usable(setting_, plan, record.variant, argument, record.target, usable);
  const auto default_choice = [&] {
    const Memory memory = default_memory(setting_.machine, record.target,
                                         argument.wishes.registered_memory, plan.demanded_memory);
    const MemoryChoice& choice = planner.fallback(
        setting_, plan, rules.id, argument, memory.kind.value_or(machine::MemoryKind::SysMem));
    usable.push_back({&choice, memory});
  };
  if (usable.empty()) default_choice();
  if (recorded.is_leader) {
    std::erase_if(usable, [](const UsableMemory& each) { return !each.memory.exists(); });
    if (usable.empty()) default_choice();
  } else {
    const bool is_virtual = decide::is_virtual(record.variant, argument, *usable.front().choice);
    if (recorded.part == 0) {
      compare("whether it is virtual", recorded.outcome.what == ArgumentOutcome::What::Virtual,
              is_virtual);
      if (is_virtual) return;
    }
    drop_from_first_virtual(usable);
    if (usable.empty()) default_choice();
  }
  steps(recorded, argument, usable);
}

void Replay::steps(const ArgumentRecord& recorded, const Argument& argument,
                   const std::vector<UsableMemory>& usable) {
  const RecordedInstances store(recorded.valid, usable);
  const auto count = static_cast<InstanceId>(recorded.valid.size());
  const bool folds = recorded.most_folds.size() == usable.size() && shares_folds(argument);
  Obtaining obtaining = recorded.is_leader ? Obtaining(argument, usable)
                        : folds ? Obtaining(argument, usable, store, count, recorded.needed,
                                            {recorded.most_folds, recorded.fold_turn})
                                : Obtaining(argument, usable, store, count, recorded.needed);
  uint64_t used = 0;
  for (const StepRecord& step : recorded.steps) {
    const auto action = obtaining.next();
    compare("the number of steps", true, action.has_value());
    if (!action) return;
    compare("a step", step.kind, action->kind);
    compare("the memory of a step", step.memory, action->where->memory.id);
    if (step.kind == Action::Kind::Reuse) {
      compare("the instance to reuse", step.instance, action->instance);
    } else {
      compare("how to make an instance", step.making, how_to_make(argument, step.yields));
      if (!step.succeeded) obtaining.no_room(step.bytes);
    }
    if (!step.succeeded) continue;
    used = action->where->memory.id;
    compare("the layout", recorded.layout, action->where->choice->request.layout);
  }
  if (recorded.is_leader || used == 0) return;
  const bool rule = setting_.rules.collects(rules_of_subject_, {argument.names, argument.index});
  const bool is_in_the_way = used == usable.back().memory.id && recorded.is_crowded;
  compare("collection", recorded.collected,
          decide_collection(argument.privilege, rule, is_in_the_way, recorded.may_hold_folds,
                            setting_.as_published) == Collection::Collect);
}

std::vector<std::string> Replay::options(const OptionsRecord& record) {
  differences_.clear();
  subject_ = fmt::format("options of {}", record.facts.name);
  const auto rules = look_up_task(setting_, record.facts, record.launch.facts);
  if (!rules) return {fmt::format("{}: {}", subject_, rules.error().message)};
  const machine::ProcessorKind kind =
      choose_kind(*rules, setting_.machine.shape(), record.local.node, record.prefers_cpu,
                  record.launch.is_index());
  // The default mapper is asked first, so its turns count even where a rule decides.
  DefaultInitialProcessors& turns =
      initial_.try_emplace(record.local, record.local, setting_.machine.shape()).first->second;
  ProcessorPlace initial = turns.next(record.launch, kind);
  const Variant* variant = default_variant(record.facts, kind);
  std::optional<bool> replicated;
  if (variant != nullptr) {
    const auto replicates = choose_replication(setting_, *rules, *variant);
    if (!replicates) return {fmt::format("{}: {}", subject_, replicates.error().message)};
    replicated = *replicates;
  }
  const auto target = place_single_task(setting_, *rules, record.launch, kind);
  const bool is_placed = target && target->has_value() && !replicated.value_or(false);
  if (is_placed) initial = {kind, (*target)->node, (*target)->processors.front()};
  compare("whether a rule places it", record.is_placed, is_placed);
  compare("the initial processor", record.initial, initial);
  if (variant != nullptr) compare("replication", record.replicates, replicated);
  return differences_;
}

std::vector<Slice> Replay::slices_by_default(const SliceRecord& record) const {
  std::vector<ProcessorPlace> processors;
  const bool is_local = default_slices_stay_local(record.launch);
  for (int node = 0; node < setting_.machine.node_count(); ++node) {
    if (is_local && node != record.local_node) continue;
    for (int i = 0; i < setting_.machine.shape().processors(record.kind, node); ++i)
      processors.push_back({record.kind, node, i});
  }
  machine::LaunchDomain domain{record.points.front(), record.points.back()};
  std::vector<Slice> slices;
  for (const DefaultSlice& each : default_slices(domain, processors.size()))
    slices.push_back({processors[each.processor], each.box, true, {}});
  return slices;
}

std::vector<std::string> Replay::slices(const SliceRecord& record) {
  differences_.clear();
  subject_ = fmt::format("slices of {}", record.facts.name);
  const auto rules = look_up_task(setting_, record.facts, record.launch.facts);
  if (!rules) return {fmt::format("{}: {}", subject_, rules.error().message)};
  const auto launch =
      place_index_launch(setting_, *rules, record.launch, record.kind,
                         /*is_empty=*/false, [&](const auto&) { return record.is_placed; });
  const bool is_placed = launch && launch->placement != nullptr;
  compare("whether a rule places them", record.is_placed, is_placed);
  std::vector<Slice> slices;
  if (is_placed) {
    Slicing slicing(*launch->placement);
    for (const machine::DomainPoint& point : record.points) slicing.add(point);
    slices = slicing.finish();
  } else {
    slices = slices_by_default(record);
  }
  const auto same = [](const Slice& a, const Slice& b) {
    return a.processor == b.processor && a.box == b.box && a.is_full == b.is_full;
  };
  compare(
      "the slices", true,
      std::equal(record.slices.begin(), record.slices.end(), slices.begin(), slices.end(), same));
  return differences_;
}

}  // namespace placewright::decide
