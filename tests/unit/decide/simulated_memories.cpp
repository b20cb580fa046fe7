// SPDX-License-Identifier: Apache-2.0
#include "simulated_memories.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace placewright::decide {

bool SimulatedInstance::has_fields(std::span<const FieldId> wanted) const {
  return std::includes(fields.begin(), fields.end(), wanted.begin(), wanted.end());
}

bool SimulatedInstance::has_points(const machine::LaunchDomain& wanted, bool tight) const {
  if (tight) return bounds == wanted;
  return bounds.contains(wanted.lo) && bounds.contains(wanted.hi);
}

uint64_t SimulatedMemories::capacity(uint64_t memory) const {
  const auto found = std::find_if(memories_.begin(), memories_.end(),
                                  [&](const Memory& each) { return each.id == memory; });
  return found == memories_.end() ? 0 : found->capacity;
}

uint64_t SimulatedMemories::used(uint64_t memory) const {
  uint64_t sum = 0;
  for (const auto& [id, instance] : instances_) {
    if (instance.memory == memory) sum += instance.bytes();
  }
  return sum;
}

bool SimulatedMemories::has_room(uint64_t memory, uint64_t bytes) const {
  uint64_t needed = bytes;
  for (const auto& [id, instance] : instances_) {
    if (instance.memory == memory && instance.is_needed()) needed += instance.bytes();
  }
  return needed <= capacity(memory);
}

std::optional<uint64_t> SimulatedMemories::make(SimulatedInstance instance) {
  const uint64_t memory = instance.memory;
  if (!has_room(memory, instance.bytes())) return std::nullopt;
  for (auto each = instances_.begin();
       each != instances_.end() && used(memory) + instance.bytes() > capacity(memory);) {
    const bool is_deleted = each->second.memory == memory && !each->second.is_needed();
    each = is_deleted ? instances_.erase(each) : std::next(each);
  }
  instance.users = 1;
  instances_.emplace(next_, std::move(instance));
  EXPECT_LE(used(memory), capacity(memory)) << "memory " << memory;
  return next_++;
}

std::optional<uint64_t> SimulatedMemories::find(const SimulatedInstance& wanted, bool tight) {
  for (auto& [id, instance] : instances_) {
    if (instance.memory != wanted.memory || instance.tree != wanted.tree ||
        instance.layout != wanted.layout || instance.is_reduction != wanted.is_reduction ||
        !instance.has_fields(wanted.fields) || !instance.has_points(wanted.bounds, tight)) {
      continue;
    }
    ++instance.users;
    return id;
  }
  return std::nullopt;
}

bool SimulatedMemories::acquire(uint64_t id) {
  const auto found = instances_.find(id);
  if (found == instances_.end()) return false;
  ++found->second.users;
  return true;
}

void SimulatedMemories::release(uint64_t id) {
  EXPECT_GT(at(id).users, 0) << "instance " << id;
  --at(id).users;
}

void SimulatedMemories::delete_if_unneeded(uint64_t id) {
  const auto found = instances_.find(id);
  if (found != instances_.end() && !found->second.is_needed()) instances_.erase(found);
}

std::vector<uint64_t> SimulatedMemories::of_tree(uint32_t tree) const {
  std::vector<uint64_t> list;
  for (const auto& [id, instance] : instances_) {
    if (instance.tree == tree) list.push_back(id);
  }
  return list;
}

}  // namespace placewright::decide
