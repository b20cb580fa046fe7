// SPDX-License-Identifier: Apache-2.0
#include "legion/mapped_before.h"

#include <algorithm>
#include <utility>

namespace placewright::legion {
namespace {

/// Programs that make regions forever must not fill the memory.
constexpr size_t kMostEntries = 1024;

}  // namespace

MappedBefore::Requirement::Requirement(const Legion::RegionRequirement& requirement)
    : region(requirement.region),
      parent(requirement.parent),
      privilege(requirement.privilege),
      coherence(requirement.prop),
      tag(requirement.tag),
      fields(requirement.privilege_fields.begin(), requirement.privilege_fields.end()) {}

bool MappedBefore::Requirement::equals(const Legion::RegionRequirement& requirement) const {
  return region == requirement.region && parent == requirement.parent &&
         privilege == requirement.privilege && coherence == requirement.prop &&
         tag == requirement.tag && std::ranges::equal(fields, requirement.privilege_fields);
}

size_t MappedBefore::hash(const Mapping& mapping) {
  constexpr size_t kPrime = 1099511628211U;  // FNV-1a
  size_t result = 14695981039346656037U;
  const auto add = [&](size_t value) { result = (result ^ value) * kPrime; };
  add(mapping.task.task_id);
  add(mapping.processor.id);
  for (const Legion::RegionRequirement& requirement : mapping.task.regions) {
    add(requirement.region.get_tree_id());
    add(requirement.region.get_index_space().get_id());
  }
  return result;
}

bool MappedBefore::equals(const Entry& entry, const Mapping& mapping) {
  return entry.task == mapping.task.task_id && entry.mapper == mapping.task.map_id &&
         entry.rules == mapping.rules.id && entry.variant == mapping.variant &&
         entry.processor == mapping.processor && entry.valid == mapping.input.valid_instances &&
         std::ranges::equal(
             entry.requirements, mapping.task.regions,
             [](const auto& ours, const auto& theirs) { return ours.equals(theirs); });
}

bool MappedBefore::may_repeat(const Mapping& mapping) const {
  return mapping.record == nullptr && !host_->memory_wait().is_tight() &&
         mapping.input.premapped_regions.empty() && mapping.variant->colocated.empty();
}

bool MappedBefore::map(Mapping& mapping) {
  mapping.repeats = may_repeat(mapping);
  if (!mapping.repeats) return false;
  const auto found = entries_.find(hash(mapping));
  if (found == entries_.end() || !equals(found->second, mapping)) return false;
  // A copy: other calls of this mapper may run during the runtime's.
  Instances instances = found->second.chosen;
  if (!runtime_->acquire_instances(mapping.ctx, instances)) return false;
  mapping.output.chosen_instances = std::move(instances);
  return true;
}

void MappedBefore::keep(const Mapping& mapping) {
  if (!mapping.repeats) return;
  if (entries_.size() >= kMostEntries) entries_.clear();
  Entry entry{mapping.task.task_id,
              mapping.task.map_id,
              mapping.rules.id,
              mapping.variant,
              mapping.processor,
              {},
              mapping.input.valid_instances,
              mapping.output.chosen_instances};
  for (const Legion::RegionRequirement& requirement : mapping.task.regions)
    entry.requirements.emplace_back(requirement);
  entries_.insert_or_assign(hash(mapping), std::move(entry));
}

}  // namespace placewright::legion
