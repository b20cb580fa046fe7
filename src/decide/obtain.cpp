// SPDX-License-Identifier: Apache-2.0
#include "decide/obtain.h"

namespace placewright::decide {
namespace {

bool covers(const machine::LaunchDomain& outer, const machine::LaunchDomain& inner) {
  if (outer.dim() != inner.dim()) return false;
  for (int d = 0; d < inner.dim(); ++d) {
    if (outer.lo.at[d] > inner.lo.at[d] || outer.hi.at[d] < inner.hi.at[d]) return false;
  }
  return true;
}

}  // namespace

Making how_to_make(const Argument& argument, bool yields) {
  const bool own = needs_own_instance(argument);
  if (yields) return own ? Making::Nothing : Making::Find;
  return own ? Making::MakeOwn : Making::FindOrMake;
}

bool can_reuse(const Store& store, InstanceId instance, const Argument& argument,
               const UsableMemory& where, const machine::LaunchDomain& needed) {
  if (store.memory(instance) != where.memory.id || !store.is_normal(instance)) return false;
  if (!store.has_fields(instance, argument.fields)) return false;
  const machine::LaunchDomain held = store.bounds(instance);
  const bool fits = where.choice->request.tight ? held == needed : covers(held, needed);
  return fits && store.entails(instance, where.choice->number);
}

Obtaining::Obtaining(const Argument& argument, std::span<const UsableMemory> usable,
                     const Store& store, InstanceId valid, const machine::LaunchDomain& needed)
    : argument_(&argument),
      usable_(usable),
      store_(&store),
      valid_(needs_own_instance(argument) ? 0 : valid),
      needed_(&needed) {}

Obtaining::Obtaining(const Argument& leader, std::span<const UsableMemory> usable)
    : argument_(&leader), usable_(usable) {}

std::optional<Action> Obtaining::next() {
  if (memory_ == usable_.size()) return std::nullopt;
  const UsableMemory& where = usable_[memory_];
  while (instance_ < valid_) {
    const InstanceId instance = instance_++;
    if (can_reuse(*store_, instance, *argument_, where, *needed_))
      return Action{Action::Kind::Reuse, &where, instance};
  }
  ++memory_;
  instance_ = 0;
  return Action{Action::Kind::Make, &where, 0};
}

void Obtaining::no_room(uint64_t bytes) {
  const UsableMemory& where = usable_[memory_ - 1];
  is_worth_waiting_ |= bytes <= where.memory.capacity;
  if (!shortage_) shortage_ = Shortage{where.choice, where.memory, bytes};
}

}  // namespace placewright::decide
