// SPDX-License-Identifier: Apache-2.0
#include "decide/obtain.h"

#include <algorithm>

namespace placewright::decide {

bool covers(const machine::LaunchDomain& outer, const machine::LaunchDomain& inner) {
  if (outer.dim() != inner.dim()) return false;
  for (int d = 0; d < inner.dim(); ++d) {
    if (outer.lo.at[d] > inner.lo.at[d] || outer.hi.at[d] < inner.hi.at[d]) return false;
  }
  return true;
}

Making how_to_make(const Argument& argument, bool yields) {
  const bool own = needs_own_instance(argument);
  if (yields) return own ? Making::Nothing : Making::Find;
  return own ? Making::MakeOwn : Making::FindOrMake;
}

bool can_reuse(const Store& store, InstanceId instance, const Argument& argument,
               const UsableMemory& where, const machine::LaunchDomain& needed) {
  if (store.memory(instance) != where.memory.id) return false;
  const bool reduces = argument.privilege == machine::Privilege::Reduce;
  if (store.is_normal(instance) == reduces) return false;
  if (!store.has_fields(instance, argument.fields)) return false;
  const machine::LaunchDomain held = store.bounds(instance);
  // Data that is overwritten need not be where it was, so a larger instance saves no copy.
  const bool is_exact =
      where.choice->request.tight || argument.privilege == machine::Privilege::WriteDiscard;
  const bool fits = is_exact ? held == needed : covers(held, needed);
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

Obtaining::Obtaining(const Argument& argument, std::span<const UsableMemory> usable,
                     const Store& store, InstanceId valid, const machine::LaunchDomain& needed,
                     Folding folding)
    : argument_(&argument),
      usable_(usable),
      store_(&store),
      valid_(valid),
      needed_(&needed),
      folding_(std::move(folding)) {}

std::optional<Action> Obtaining::next_fold() {
  while (folds_.empty()) {
    if (memory_ == usable_.size()) return std::nullopt;
    const UsableMemory& where = usable_[memory_];
    for (InstanceId instance = 0; instance < valid_; ++instance) {
      if (can_reuse(*store_, instance, *argument_, where, *needed_))
        folds_.push_back({Action::Kind::Reuse, &where, instance});
    }
    const size_t count = folds_.size();
    if (count > 0) {
      const auto first = static_cast<std::ptrdiff_t>(folding_->turn % count);
      std::rotate(folds_.begin(), folds_.begin() + first, folds_.end());
    }
    // An instance of its own lets the task fold at the same time as others.
    const bool makes_first = count < folding_->most[memory_];
    folds_.insert(makes_first ? folds_.end() : folds_.begin(), {Action::Kind::Make, &where, 0});
    ++memory_;
  }
  const Action action = folds_.back();
  folds_.pop_back();
  return action;
}

std::optional<Action> Obtaining::next() {
  if (folding_) return next_fold();
  if (memory_ == usable_.size()) return std::nullopt;
  const UsableMemory& where = usable_[memory_];
  if (const auto instance = next_valid(where))
    return Action{Action::Kind::Reuse, &where, *instance};
  ++memory_;
  last_.reset();
  return Action{Action::Kind::Make, &where, 0};
}

/// The smallest that was not named yet: which one the runtime lists first follows from when it was made.
std::optional<InstanceId> Obtaining::next_valid(const UsableMemory& where) {
  std::optional<std::pair<int64_t, InstanceId>> best;
  for (InstanceId instance = 0; instance < valid_; ++instance) {
    if (!can_reuse(*store_, instance, *argument_, where, *needed_)) continue;
    const std::pair size(store_->bounds(instance).volume(), instance);
    if ((!last_ || *last_ < size) && (!best || size < *best)) best = size;
  }
  if (!best) return std::nullopt;
  last_ = best;
  return best->second;
}

void Obtaining::no_room(uint64_t bytes) {
  const UsableMemory& where = usable_[memory_ - 1];
  is_worth_waiting_ |= bytes <= where.memory.capacity;
  if (!shortage_) shortage_ = Shortage{where.choice, where.memory, bytes};
}

}  // namespace placewright::decide
