// SPDX-License-Identifier: Apache-2.0
#include "legion/waiting.h"

#include <utility>

namespace placewright::legion {

using Legion::Mapping::MapperContext;
using Legion::Mapping::MapperEvent;

MapperEvent Waiting::event(MapperContext ctx) {
  {
    const std::lock_guard lock(mutex_);
    if (event_.exists()) return event_;
  }
  // Not under the lock: during a runtime call other mapper calls may run.
  const MapperEvent made = runtime_->create_mapper_event(ctx);
  std::unique_lock lock(mutex_);
  if (!event_.exists()) return event_ = made;
  const MapperEvent other = event_;
  lock.unlock();
  runtime_->trigger_mapper_event(ctx, made);
  return other;
}

void Waiting::end(MapperContext ctx) {
  MapperEvent event;
  {
    // Cleared before it is triggered: a woken caller may wait again before the trigger returns.
    const std::lock_guard lock(mutex_);
    std::swap(event, event_);
  }
  if (event.exists()) runtime_->trigger_mapper_event(ctx, event);
}

}  // namespace placewright::legion
