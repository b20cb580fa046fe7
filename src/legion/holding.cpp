// SPDX-License-Identifier: Apache-2.0
#include "legion/holding.h"

#include <algorithm>
#include <thread>

namespace placewright::legion {
namespace {

constexpr decide::Patience kPatience;

decide::Waiter waiter(const Legion::Task& task) {
  const Legion::Task* parent = task.get_parent_task();
  return {task.get_unique_id(), parent == nullptr ? 0 : parent->get_unique_id(),
          task.get_context_index()};
}

bool may_wait(const Mapping& mapping) {
  return decide::may_wait(mapping.launch, mapping.is_shard());
}

}  // namespace

void Holding::begin(const Mapping& mapping) {
  MemoryWait& wait = host_->memory_wait();
  wait.tidy(mapping.ctx);
  if (wait.is_tight() && may_wait(mapping)) wait.begin(waiter(mapping.task));
}

bool Holding::must_yield(const Mapping& mapping, uint64_t memory) const {
  return may_wait(mapping) && host_->memory_wait().must_yield(waiter(mapping.task), memory);
}

bool Holding::hold(const Mapping& mapping, std::span<const uint64_t> claims) {
  if (!may_wait(mapping)) return false;
  const auto progress = host_->memory_wait().wait(waiter(mapping.task), claims, waiting_);
  held_[mapping.task.get_unique_id()].task = {progress.changes, progress.yields};
  switch (decide::decide_wait(progress, kPatience)) {
    case decide::WaitDecision::Wait:
      return true;
    case decide::WaitDecision::Poll:
      std::this_thread::sleep_for(kPatience.pause);
      return true;
    case decide::WaitDecision::GiveUp:
      break;
  }
  return false;
}

void Holding::give_back(const Mapping& mapping) {
  Held& held = held_.at(mapping.task.get_unique_id());
  held.made.insert(held.made.end(), mapping.made.begin(), mapping.made.end());
  if (held.task.yields) {
    // What this task has made, now or when it did not have to yield, may be what the older task
    // needs. A task that does not yield finds it again.
    std::erase_if(held.made, [&](const auto& instance) {
      if (!runtime_->acquire_instance(mapping.ctx, instance)) return true;
      runtime_->set_garbage_collection_priority(mapping.ctx, instance, LEGION_GC_EAGER_PRIORITY);
      return false;
    });
  }
  mapping.output.abort_mapping = true;
}

bool Holding::is_held(const Legion::Task& task) const {
  const auto held = held_.find(task.get_unique_id());
  return held != held_.end() &&
         decide::is_still_held(held->second.task, host_->memory_wait().progress());
}

void Holding::mapped(const Mapping& mapping) {
  MemoryWait& wait = host_->memory_wait();
  const Legion::UniqueID task = mapping.task.get_unique_id();
  held_.erase(task);
  wait.served(mapping.ctx, task);
  if (is_watched(mapping)) wait.started(task);
}

bool Holding::is_watched(const Mapping& mapping) const {
  // Other tasks may depend on a task that is not mapped yet, possibly the one that waits.
  return host_->memory_wait().is_tight() && mapping.variant != nullptr &&
         mapping.variant->variant.leaf && may_wait(mapping);
}

}  // namespace placewright::legion
