// SPDX-License-Identifier: Apache-2.0
#include "sim/instances.h"

#include <algorithm>

#include "decide/obtain.h"

namespace placewright::sim {
bool satisfies(const decide::Layout& has, const decide::Layout& wanted) {
  if (wanted.specialization.storage != decide::Storage::Any &&
      wanted.specialization.storage != has.specialization.storage)
    return false;
  if (wanted.specialization.reduction != has.specialization.reduction) return false;
  auto from = has.ordering.axes.begin();
  for (const int8_t axis : wanted.ordering.axes) {
    from = std::find(from, has.ordering.axes.end(), axis);
    if (from == has.ordering.axes.end()) return false;
  }
  return std::ranges::all_of(wanted.alignments, [&](const decide::FieldAlignment& each) {
    return std::ranges::find(has.alignments, each) != has.alignments.end();
  });
}

CellUsers& Instance::users_of(uint32_t cell) {
  return users[static_cast<size_t>(std::ranges::lower_bound(cells, cell) - cells.begin())];
}

uint64_t Instances::bytes_of(const Wanted& wanted) const {
  const decide::Storage storage = wanted.choice->request.layout.specialization.storage;
  const bool is_compact =
      storage == decide::Storage::Compact || storage == decide::Storage::CompactReduction;
  const int64_t points = is_compact ? volume(recording_->point_sets[wanted.points])
                                    : data_->bounds(wanted.points).volume();
  return static_cast<uint64_t>(points) * wanted.element_bytes;
}

std::optional<InstanceNumber> Instances::find(const Wanted& wanted, bool is_exact) const {
  const machine::LaunchDomain& bounds = data_->bounds(wanted.points);
  const decide::LayoutRequest& request = wanted.choice->request;
  for (const InstanceNumber number : used_[wanted.memory.id].instances) {
    const Instance& instance = all_[number];
    if (instance.tree != wanted.tree || !satisfies(instance.layout, request.layout)) continue;
    if (!std::ranges::includes(instance.fields, wanted.fields)) continue;
    const bool fits = request.tight || is_exact ? instance.bounds == bounds
                                                : decide::covers(instance.bounds, bounds);
    if (fits) return number;
  }
  return std::nullopt;
}

std::optional<InstanceNumber> Instances::make(const Wanted& wanted) {
  const uint64_t bytes = bytes_of(wanted);
  Used& used = used_[wanted.memory.id];
  if (bytes > wanted.memory.capacity) return std::nullopt;
  if (used.bytes + bytes > wanted.memory.capacity)
    make_room(wanted.memory.id, bytes, wanted.memory.capacity);
  if (used.bytes + bytes > wanted.memory.capacity) return std::nullopt;
  const auto number = static_cast<InstanceNumber>(all_.size());
  Instance& instance = all_.emplace_back();
  instance.memory = wanted.memory.id;
  instance.tree = wanted.tree;
  instance.points = wanted.points;
  instance.made_for = wanted.made_for;
  instance.bounds = data_->bounds(wanted.points);
  instance.layout = wanted.choice->request.layout;
  instance.fields = wanted.fields;
  instance.bytes = bytes;
  instance.element_bytes = static_cast<double>(wanted.element_bytes);
  instance.cells = data_->of(wanted.tree, wanted.points);
  instance.users.resize(instance.cells.size());
  instance.after = take(used, bytes, wanted.memory.capacity);
  used.instances.push_back(number);
  return number;
}

std::vector<ActivityId> Instances::take(Used& used, uint64_t bytes, uint64_t capacity) {
  std::vector<ActivityId> after;
  while (!used.freed.empty() && used.bytes + used.freed_bytes + bytes > capacity) {
    const Freed& oldest = used.freed.front();
    after.insert(after.end(), oldest.users.begin(), oldest.users.end());
    used.freed_bytes -= oldest.bytes;
    used.freed.pop_front();
  }
  used.bytes += bytes;
  used.peak = std::max(used.peak, used.bytes);
  return after;
}

void Instances::make_room(uint64_t memory, uint64_t bytes, uint64_t capacity) {
  Used& used = used_[memory];
  const std::vector<InstanceNumber> candidates = used.instances;
  for (const InstanceNumber number : candidates) {
    if (used.bytes + bytes <= capacity) return;
    if (all_[number].valid_cells == 0) free(number);
  }
}

void Instances::free(InstanceNumber number) {
  Instance& instance = all_[number];
  if (instance.is_gone) return;
  instance.is_gone = true;
  Used& used = used_[instance.memory];
  used.bytes -= instance.bytes;
  std::erase(used.instances, number);
  Freed freed{instance.bytes, {}};
  for (const CellUsers& users : instance.users) {
    if (users.writer != kNoActivity) freed.users.push_back(users.writer);
    freed.users.insert(freed.users.end(), users.readers.begin(), users.readers.end());
  }
  std::ranges::sort(freed.users);
  freed.users.erase(std::unique(freed.users.begin(), freed.users.end()), freed.users.end());
  used.freed_bytes += freed.bytes;
  used.freed.push_back(std::move(freed));
}

bool NumberedInstances::has_fields(decide::InstanceId id,
                                   std::span<const decide::FieldId> fields) const {
  return std::ranges::includes(of(id).fields, fields);
}

bool NumberedInstances::entails(decide::InstanceId id, int choice) const {
  const auto usable = std::ranges::find_if(
      usable_, [&](const decide::UsableMemory& each) { return each.choice->number == choice; });
  return usable != usable_.end() && satisfies(of(id).layout, usable->choice->request.layout);
}

}  // namespace placewright::sim
