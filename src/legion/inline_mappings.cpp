// SPDX-License-Identifier: Apache-2.0
#include "legion/inline_mappings.h"

#include <algorithm>
#include <set>

#include "decide/defaults.h"
#include "decide/field_parts.h"
#include "decide/memories.h"
#include "decide/notes.h"
#include "legion/convert.h"
#include "legion/instance_region.h"
#include "legion/layout.h"
#include "legion/names.h"
#include "mappers/default_mapper.h"

namespace placewright::legion {
namespace {

using Legion::InlineMapping;
using Legion::Mapping::DefaultMapper;
using Legion::Mapping::MapperContext;

bool has_tag(const Host& host, const InlineMapping& operation, Legion::MappingTagID tag) {
  return !host.has_foreign_tags(operation.map_id) && (operation.requirement.tag & tag) != 0;
}

}  // namespace

void InlineMappings::map(MapperContext ctx, const InlineMapping& operation,
                         const Legion::Mapping::Mapper::MapInlineInput& input,
                         Legion::Mapping::Mapper::MapInlineOutput& output) const {
  const Legion::RegionRequirement& requirement = operation.requirement;
  std::vector<decide::Demand> demands;
  if (operation.layout_constraint_id > 0)
    demands.push_back(
        demand_of(runtime_->find_layout_constraints(ctx, operation.layout_constraint_id)));
  const auto place = host_->machine()
                         .place(operation.parent_task->current_proc)
                         .value_or(decide::ProcessorPlace{});
  const decide::Memory memory =
      decide::default_memory(host_->machine().machine(), place,
                             has_tag(*host_, operation, DefaultMapper::PREFER_RDMA_MEMORY),
                             demands.empty() ? std::nullopt : demands.front().memory);
  if (!memory.exists()) host_->refuse(decide::refuse_demanded_memory("an inline mapping", place));
  // Valid instances may lack what is demanded.
  static const std::vector<Instance> kNone;
  const std::vector<decide::FieldId> missing =
      use_valid(ctx, operation, demands.empty() ? input.valid_instances : kNone, memory.id,
                output.chosen_instances);
  decide::Argument argument;
  argument.privilege = machine::Privilege::ReadWrite;
  argument.fields = missing;
  const decide::ReductionId reduction =
      requirement.privilege == LEGION_REDUCE ? requirement.redop : 0;
  if (missing.empty()) return;
  std::vector<Legion::FieldID> all_fields;
  runtime_->get_field_space_fields(ctx, requirement.region.get_field_space(), all_fields);
  for (const decide::FieldPart& part :
       decide::split_fields(argument, {all_fields.begin(), all_fields.end()}, demands)) {
    const bool is_named =
        std::any_of(part.demands.begin(), part.demands.end(), decide::names_fields);
    const decide::LayoutRequest request =
        decide::request_layout(std::nullopt, requirement.region.get_dim(),
                               is_named ? part.fields : part.used, reduction, part.demands);
    output.chosen_instances.push_back(make(ctx, operation, memory, request));
  }
}

std::vector<decide::FieldId> InlineMappings::use_valid(MapperContext ctx,
                                                       const InlineMapping& operation,
                                                       const std::vector<Instance>& valid,
                                                       uint64_t memory,
                                                       std::vector<Instance>& chosen) const {
  std::copy_if(valid.begin(), valid.end(), std::back_inserter(chosen),
               [&](const Instance& each) { return each.get_location().id == memory; });
  if (!chosen.empty()) (void)runtime_->acquire_and_filter_instances(ctx, chosen);
  std::set<Legion::FieldID> missing = operation.requirement.privilege_fields;
  for (const Instance& each : chosen) each.remove_space_fields(missing);
  return {missing.begin(), missing.end()};
}

InlineMappings::Instance InlineMappings::make(MapperContext ctx, const InlineMapping& operation,
                                              const decide::Memory& memory,
                                              const decide::LayoutRequest& request) const {
  const Legion::RegionRequirement& requirement = operation.requirement;
  const decide::InstanceRegionFacts facts{
      memory.kind, requirement.privilege == LEGION_REDUCE,
      exact_regions_ || request.layout.specialization.exact ||
          has_tag(*host_, operation, DefaultMapper::EXACT_REGION),
      request.layout.padding.has_value()};
  const Legion::LogicalRegion region =
      instance_region(runtime_, ctx, requirement.region, facts, host_->machine().node_count());
  Instance result;
  bool created = false;
  size_t bytes = 0;
  if (runtime_->find_or_create_physical_instance(
          ctx, to_legion(memory), to_legion(request.layout), {region}, result, created,
          /*acquire=*/true, LEGION_GC_DEFAULT_PRIORITY, request.tight, &bytes))
    return result;
  const std::vector<std::string> names = region_names(runtime_, ctx, requirement);
  const std::string task = operation.parent_task->get_task_name();
  host_->refuse(decide::refuse_inline_mapping(
      names.empty() ? "a region" : "`" + names.front() + "`", task, memory, bytes,
      host_->memory_wait().largest_shares(ctx, memory.id)));
}

}  // namespace placewright::legion
