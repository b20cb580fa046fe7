// SPDX-License-Identifier: Apache-2.0
#include "legion/arguments.h"

#include <algorithm>
#include <iterator>

#include "legion/convert.h"
#include "legion/layout.h"
#include "mappers/default_mapper.h"

namespace placewright::legion {

using Legion::RegionRequirement;
using Legion::Mapping::DefaultMapper;

const RegionRequirement& requirement_of(const Legion::Task& task, unsigned index) {
  const size_t count = task.regions.size();
  return index < count ? task.regions[index] : task.output_regions[index - count];
}

ArgumentView::ArgumentView(Legion::Mapping::MapperRuntime* runtime, const Mapping& mapping,
                           unsigned index, RegionNames& names, bool foreign_tags)
    : runtime_(runtime),
      mapping_(&mapping),
      requirement_(&requirement_of(mapping.task, index)),
      fields_(requirement_->privilege_fields.begin(), requirement_->privilege_fields.end()),
      indexes_{index} {
  const RegionRequirement& requirement = *requirement_;
  const NamesId named = names.ids(mapping.ctx, requirement);
  argument_.index = static_cast<int>(index);
  argument_.privilege = privilege_of(requirement.privilege);
  argument_.has_data = !fields_.empty() && requirement.region.exists();
  argument_.exclusive = requirement.prop == LEGION_EXCLUSIVE;
  argument_.collective = (requirement.prop & LEGION_COLLECTIVE_MASK) != 0;
  argument_.dim = requirement.parent.get_dim();
  argument_.reduction = requirement.privilege == LEGION_REDUCE ? requirement.redop : 0;
  argument_.fields = fields_;
  argument_.names = names.list(named);
  if (!foreign_tags) {
    argument_.wishes = {(requirement.tag & DefaultMapper::VIRTUAL_MAP) != 0,
                        (requirement.tag & DefaultMapper::PREFER_RDMA_MEMORY) != 0,
                        (requirement.tag & DefaultMapper::EXACT_REGION) != 0};
  }
  key_ = {mapping.task.task_id,
          mapping.rules.id,
          mapping.variant->variant.id,
          argument_.index,
          mapping.target.kind,
          named.value,
          requirement.parent.get_field_space().get_id(),
          argument_.dim,
          argument_.reduction};
}

void ArgumentView::add(unsigned index) {
  const auto& fields = requirement_of(mapping_->task, index).privilege_fields;
  std::vector<decide::FieldId> all;
  std::set_union(fields_.begin(), fields_.end(), fields.begin(), fields.end(),
                 std::back_inserter(all));
  fields_ = std::move(all);
  argument_.fields = fields_;
  indexes_.push_back(index);
}

std::vector<decide::FieldId> ArgumentView::all_fields() const {
  std::vector<Legion::FieldID> fields;
  runtime_->get_field_space_fields(mapping_->ctx, requirement_->parent.get_field_space(), fields);
  return {fields.begin(), fields.end()};
}

std::vector<decide::Demand> ArgumentView::demands() const {
  std::vector<decide::Demand> result;
  const auto& layouts = runtime_
                            ->find_task_layout_constraints(mapping_->ctx, mapping_->task.task_id,
                                                           mapping_->variant->variant.id)
                            .layouts;
  for (const unsigned index : indexes_) {
    const auto [first, last] = layouts.equal_range(index);
    for (auto layout = first; layout != last; ++layout)
      result.push_back(demand_of(runtime_->find_layout_constraints(mapping_->ctx, layout->second)));
  }
  return result;
}

const Legion::LayoutConstraintSet& LayoutCache::of(const decide::MemoryChoice& choice) {
  const auto found = entries_.find(choice.number);
  if (found != entries_.end()) return found->second.all;
  Entry entry{to_legion(choice.request.layout), {}};
  entry.reuse = entry.all;
  const decide::FieldList& fields = choice.request.layout.fields;
  if (!fields.contiguous && !fields.in_order)
    entry.reuse.field_constraint = Legion::FieldConstraint();
  return entries_.emplace(choice.number, std::move(entry)).first->second.all;
}

const Legion::LayoutConstraintSet& LayoutCache::for_reuse(int number) const {
  return entries_.at(number).reuse;
}

uint64_t ValidInstances::memory(decide::InstanceId id) const { return at(id).get_location().id; }

bool ValidInstances::is_normal(decide::InstanceId id) const { return at(id).is_normal_instance(); }

bool ValidInstances::has_fields(decide::InstanceId id,
                                std::span<const decide::FieldId> fields) const {
  return std::all_of(fields.begin(), fields.end(),
                     [&](decide::FieldId field) { return at(id).has_field(field); });
}

machine::LaunchDomain ValidInstances::bounds(decide::InstanceId id) const {
  return from_legion(at(id).get_instance_domain());
}

bool ValidInstances::entails(decide::InstanceId id, int choice) const {
  return at(id).entails(layouts_->for_reuse(choice));
}

}  // namespace placewright::legion
