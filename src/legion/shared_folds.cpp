// SPDX-License-Identifier: Apache-2.0
#include "legion/shared_folds.h"

#include <utility>

namespace placewright::legion {

std::vector<SharedFolds::Instance> SharedFolds::usable(const Fold& fold) {
  const std::lock_guard lock(mutex_);
  std::vector<Instance> list;
  for (const uint64_t number : folds_.usable(fold)) list.push_back(instances_.at(number));
  return list;
}

void SharedFolds::made(const Fold& fold, const Instance& instance) {
  const std::lock_guard lock(mutex_);
  instances_.emplace(next_, instance);
  folds_.made(fold, next_++);
}

void SharedFolds::gone(const Fold& fold, const Instance& instance) {
  const std::lock_guard lock(mutex_);
  std::erase_if(instances_, [&](const auto& each) {
    if (each.second != instance) return false;
    folds_.gone(fold, each.first);
    return true;
  });
}

void SharedFolds::take_turn(MapperContext ctx) {
  const auto take = [&] {
    const std::lock_guard lock(mutex_);
    return !std::exchange(has_turn_, true);
  };
  if (take()) return;
  while (true) {
    const Legion::Mapping::MapperEvent event = waiting_.event(ctx);
    if (take()) return;
    runtime_->wait_on_mapper_event(ctx, event);
  }
}

void SharedFolds::end_turn(MapperContext ctx) {
  {
    const std::lock_guard lock(mutex_);
    has_turn_ = false;
  }
  waiting_.end(ctx);
}

}  // namespace placewright::legion
