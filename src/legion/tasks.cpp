// SPDX-License-Identifier: Apache-2.0
#include "legion/tasks.h"

#include <fmt/core.h>

#include <algorithm>

#include "decide/defaults.h"
#include "decide/notes.h"
#include "mappers/default_mapper.h"

namespace placewright::legion {
namespace {

using Legion::Task;

bool is_nested_in_itself(const Task& task) {
  for (const Task* parent = task.get_parent_task(); parent != nullptr;
       parent = parent->get_parent_task()) {
    if (parent->task_id == task.task_id) return true;
    if (!parent->has_parent_task()) break;
  }
  return false;
}

bool maps_collectively(const Task& task) {
  return task.is_index_space && std::any_of(task.regions.begin(), task.regions.end(),
                                            [](const Legion::RegionRequirement& region) {
                                              return (region.prop & LEGION_COLLECTIVE_MASK) != 0;
                                            });
}

}  // namespace

std::vector<decide::Variant> variants_of(Legion::Mapping::MapperRuntime* runtime,
                                         Legion::Mapping::MapperContext ctx, Legion::TaskID task) {
  std::vector<decide::Variant> all;
  for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
    std::vector<Legion::VariantID> variants;
    runtime->find_valid_variants(ctx, task, variants, to_legion(kind));
    for (const Legion::VariantID variant : variants)
      all.push_back({static_cast<uint32_t>(variant), kind,
                     runtime->is_inner_variant(ctx, task, variant),
                     runtime->is_leaf_variant(ctx, task, variant),
                     runtime->is_replicable_variant(ctx, task, variant)});
  }
  return all;
}

decide::TaskFacts Tasks::describe(MapperContext ctx, const Task& task) const {
  return {task.get_task_name(), variants_of(runtime_, ctx, task.task_id)};
}

decide::LaunchInfo Tasks::launch(MapperContext ctx, const Task& task) {
  decide::LaunchInfo info;
  if (task.is_index_space) info.facts.domain = from_legion(task.index_domain);
  info.facts.tag = task.tag;
  info.facts.depth = task.get_depth();
  info.facts.mapper = task.map_id;
  if (const Task* parent = task.get_parent_task()) {
    // Where the parent runs: of several target processors Legion takes the first free one.
    info.parent = decide::ParentFacts{host_->machine().place(parent->current_proc),
                                      parent->get_total_shards() > 1};
    if (info.parent->is_sharded) info.parent->first_shard = first_shard(ctx, *parent);
  }
  info.must_epoch = task.must_epoch_task;
  info.concurrent = task.concurrent_task;
  info.collective = maps_collectively(task);
  info.nested_in_itself = is_nested_in_itself(task);
  info.beside_barriers = host_->barrier_parents().has_parent_of(task);
  if (task.local_function) info.bound_to_node = node_;
  info.stays_on_node =
      (default_tag(task) & Legion::Mapping::DefaultMapper::SAME_ADDRESS_SPACE) != 0;
  return info;
}

int Tasks::first_shard(MapperContext ctx, const Task& task) {
  const auto rule =
      host_->rules() == nullptr ? std::nullopt : host_->rules()->replicates(rules(ctx, task).id);
  // Without a rule the default mapper replicates over all nodes.
  if (!rule || !rule->nodes) return 0;
  const auto nodes = decide::shard_nodes(host_->setting(), rule->nodes, kind(ctx, task));
  return nodes.empty() ? 0 : nodes.front();
}

const decide::TaskRules& Tasks::rules(MapperContext ctx, const Task& task) {
  LaunchKey key{task.task_id, 0, 0, 0, false, Legion::Domain()};
  if (host_->rules()->has_conditions()) {
    key = {task.task_id,        task.tag,        task.get_depth(), task.map_id,
           task.is_index_space, Legion::Domain()};
    if (task.is_index_space) key.domain = task.index_domain;
  }
  const auto found = tasks_.find(key);
  if (found != tasks_.end()) return found->second;
  const decide::TaskFacts facts = describe(ctx, task);
  host_->met_task(facts.name);
  auto looked_up = decide::look_up_task(host_->setting(), facts, launch(ctx, task).facts);
  if (!looked_up) host_->refuse(looked_up.error());
  return tasks_.try_emplace(key, *std::move(looked_up)).first->second;
}

Legion::MappingTagID Tasks::default_tag(const Task& task) const {
  return host_->has_foreign_tags(task.map_id) ? 0 : task.tag;
}

bool Tasks::prefers_cpu(const Task& task) const {
  return (default_tag(task) & Legion::Mapping::DefaultMapper::PREFER_CPU_VARIANT) != 0;
}

machine::ProcessorKind Tasks::kind(MapperContext ctx, const Task& task) {
  return decide::choose_kind(rules(ctx, task), host_->machine().shape(), node_, prefers_cpu(task),
                             task.is_index_space);
}

const VariantFacts& Tasks::variant(MapperContext ctx, const Task& task,
                                   machine::ProcessorKind kind) {
  const decide::Variant* chosen = decide::default_variant(rules(ctx, task).facts, kind);
  if (chosen != nullptr) return variant(ctx, task.task_id, chosen->id);
  decide::Refusal refusal;
  refusal.message = fmt::format("task `{}` has no variant for {}, on which it was sent to run",
                                task.get_task_name(), to_string(kind));
  host_->refuse(refusal);
}

const VariantFacts& Tasks::variant(MapperContext ctx, Legion::TaskID task,
                                   Legion::VariantID variant) {
  const auto found = variants_.find({task, variant});
  if (found != variants_.end()) return found->second;
  VariantFacts facts;
  facts.variant.id = static_cast<uint32_t>(variant);
  facts.variant.inner = runtime_->is_inner_variant(ctx, task, variant);
  facts.variant.leaf = runtime_->is_leaf_variant(ctx, task, variant);
  facts.variant.replicable = runtime_->is_replicable_variant(ctx, task, variant);
  for (const auto& constraint :
       runtime_->find_execution_constraints(ctx, task, variant).colocation_constraints)
    facts.colocated.push_back(constraint.indexes);
  return variants_.try_emplace({task, variant}, std::move(facts)).first->second;
}

int Tasks::limit(MapperContext ctx, const Task& task) {
  if (host_->rules() == nullptr || !host_->rules()->has_limits()) return 0;
  const decide::TaskRules& rules = this->rules(ctx, task);
  if (!rules.has_limits()) return 0;
  const decide::LaunchInfo info = launch(ctx, task);
  const machine::ProcessorKind kind = this->kind(ctx, task);
  if (decide::is_limit_without_effect(rules, info, kind) &&
      host_->first_time("limit " + rules.facts.name)) {
    host_->say(info.beside_barriers ? decide::note_limit_beside_barriers(rules.facts.name)
                                    : decide::note_limit_without_effect(rules.facts.name));
  }
  return decide::effective_limit(rules, info, kind);
}

decide::LimitedTask limited_task(const Task& task) {
  const Task* parent = task.get_parent_task();
  return {parent == nullptr ? 0 : parent->get_unique_id(), task.get_context_index(),
          task.is_index_space ? from_legion(task.get_slice_domain().lo()) : machine::DomainPoint{}};
}

}  // namespace placewright::legion
