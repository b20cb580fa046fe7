// SPDX-License-Identifier: Apache-2.0
// Tasks for which every memory is full are returned to Legion and retried when a task in flight has
// finished or an older task was served. When no task is in flight they are retried repeatedly for a
// moment, because deletions may still be pending; after that the run ends for lack of memory.
#include <chrono>
#include <thread>

#include "legion/mapper.h"

namespace placewright::legion {
namespace {

/// When no watched task is in flight, deletions may still be pending, and tasks mapped before
/// memory became tight may still be running.
constexpr std::chrono::milliseconds kPatience{500};
constexpr std::chrono::milliseconds kPause{2};

}  // namespace

bool PlacewrightMapper::may_wait(const Mapping& mapping) {
  const Legion::Task& task = mapping.task;
  return !mapping.input.shard_processor.exists() && !task.must_epoch_task &&
         !task.concurrent_task && !maps_collectively(task);
}

MemoryPressure::Waiter PlacewrightMapper::waiter(const Legion::Task& task,
                                                 std::vector<Legion::Memory> memories) {
  const Legion::Task* parent = task.get_parent_task();
  return {task.get_unique_id(), parent == nullptr ? 0 : parent->get_unique_id(),
          task.get_context_index(), std::move(memories)};
}

bool PlacewrightMapper::is_held(const Legion::Task& task) const {
  const auto held = held_.find(task.get_unique_id());
  if (held == held_.end()) return false;
  const MemoryPressure::Progress now = session_->memory_pressure().progress();
  if (now.changes != held->second.changes) return false;
  return now.in_flight > 0 || held->second.yields;
}

bool PlacewrightMapper::hold(const Mapping& mapping, std::vector<Legion::Memory> memories) {
  if (!may_wait(mapping)) return false;
  MemoryPressure& pressure = session_->memory_pressure();
  const MemoryPressure::Waiter self = waiter(mapping.task, std::move(memories));
  const MemoryPressure::Progress now = pressure.wait(self, waiting_);
  Held& held = held_[self.task];
  held.changes = now.changes;
  held.yields = now.yields;
  if (now.in_flight > 0 || now.yields) return true;
  if (now.idle > kPatience) return false;
  std::this_thread::sleep_for(kPause);
  return true;
}

void PlacewrightMapper::give_back(const Mapping& mapping) {
  limits_.finished(mapping.ctx, mapping.task.task_id);
  Held& held = held_.at(mapping.task.get_unique_id());
  held.made.insert(held.made.end(), mapping.made.begin(), mapping.made.end());
  if (held.yields) {
    // What this task has made, now or when it did not have to yield, may be what the older task
    // needs. A task that does not yield finds it again.
    std::erase_if(held.made, [&](const auto& instance) {
      if (!runtime->acquire_instance(mapping.ctx, instance)) return true;
      runtime->set_garbage_collection_priority(mapping.ctx, instance, LEGION_GC_EAGER_PRIORITY);
      return false;
    });
  }
  mapping.output.abort_mapping = true;
}

bool PlacewrightMapper::is_watched(const Mapping& mapping) const {
  // Other tasks may depend on a task that is not mapped yet, possibly the one that waits.
  return session_->memory_pressure().is_tight() && mapping.facts != nullptr &&
         mapping.facts->leaf && may_wait(mapping);
}

void PlacewrightMapper::watch(const Mapping& mapping) {
  MemoryPressure& pressure = session_->memory_pressure();
  const Legion::UniqueID task = mapping.task.get_unique_id();
  held_.erase(task);
  pressure.served(mapping.ctx, task);
  if (is_watched(mapping)) pressure.started(task);
}

}  // namespace placewright::legion
