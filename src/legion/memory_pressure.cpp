// SPDX-License-Identifier: Apache-2.0
#include "legion/memory_pressure.h"

#include <algorithm>
#include <utility>

namespace placewright::legion {

using Clock = std::chrono::steady_clock;

void MemoryPressure::made(const Instance& instance, Legion::TaskID task, unsigned argument) {
  // Deleted instances must neither accumulate nor hide free memory for long.
  constexpr size_t kMostInstances = 1024;
  const size_t bytes = instance.get_instance_size();
  const Legion::Memory memory = instance.get_location();
  const std::lock_guard lock(mutex_);
  Contents& contents = contents_[memory];
  if (!contents.instances.try_emplace(instance, Made{bytes, task, argument}).second) return;
  contents.bytes += bytes;
  contents.new_bytes += bytes;
  // Tasks mapped before this point are not watched, so the threshold is low.
  if (contents.bytes >= memory.capacity() / 4) tight_.store(true, std::memory_order_relaxed);
  const bool overflows =
      contents.bytes > memory.capacity() && contents.new_bytes > memory.capacity() / 8;
  if (!overflows && contents.instances.size() < std::max(kMostInstances, contents.look_at)) return;
  contents.is_due = true;
  is_due_.store(true, std::memory_order_relaxed);
}

void MemoryPressure::tidy(MapperContext ctx) {
  if (!is_due_.exchange(false, std::memory_order_relaxed)) return;
  std::vector<Legion::Memory> due;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [memory, contents] : contents_) {
      if (std::exchange(contents.is_due, false)) due.push_back(memory);
    }
  }
  for (const Legion::Memory memory : due) look_after(ctx, memory);
}

void MemoryPressure::look_after(MapperContext ctx, Legion::Memory memory) {
  std::vector<Instance> instances;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [instance, made] : contents_[memory].instances) instances.push_back(instance);
  }
  // Not under the lock: during a runtime call other mapper calls may run.
  std::vector<Instance> gone;
  for (const Instance& instance : instances) {
    if (runtime_->acquire_instance(ctx, instance)) {
      runtime_->release_instance(ctx, instance);
    } else {
      gone.push_back(instance);
    }
  }
  const std::lock_guard lock(mutex_);
  Contents& contents = contents_[memory];
  for (const Instance& instance : gone) {
    const auto made = contents.instances.find(instance);
    if (made == contents.instances.end()) continue;
    contents.bytes -= made->second.bytes;
    contents.instances.erase(made);
  }
  contents.new_bytes = 0;
  contents.look_at = 2 * contents.instances.size();
}

bool MemoryPressure::is_crowded(const Instance& instance) const {
  if (!is_tight()) return false;
  const Legion::Memory memory = instance.get_location();
  const size_t needed = instance.get_instance_size();
  const std::lock_guard lock(mutex_);
  const auto contents = contents_.find(memory);
  return contents != contents_.end() && contents->second.bytes + needed > memory.capacity();
}

void MemoryPressure::started(Legion::UniqueID task) {
  const std::lock_guard lock(mutex_);
  in_flight_.insert(task);
}

void MemoryPressure::finished(MapperContext ctx, Legion::UniqueID task) {
  std::unique_lock lock(mutex_);
  if (in_flight_.erase(task) != 0) change(ctx, std::move(lock));
}

void MemoryPressure::served(MapperContext ctx, Legion::UniqueID task) {
  if (!anyone_waits_.load(std::memory_order_relaxed)) return;
  std::unique_lock lock(mutex_);
  if (waiters_.erase(task) == 0) return;
  anyone_waits_.store(!waiters_.empty(), std::memory_order_relaxed);
  change(ctx, std::move(lock));
}

void MemoryPressure::change(MapperContext ctx, std::unique_lock<std::mutex> lock) {
  ++changes_;
  idle_since_ = Clock::now();
  std::vector<std::shared_ptr<Waiting>> woken;
  woken.swap(waiting_);
  lock.unlock();
  for (const auto& waiting : woken) waiting->end(ctx);
}

void MemoryPressure::begin(const Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  waiters_.try_emplace(waiter.task, waiter);
  anyone_waits_.store(true, std::memory_order_relaxed);
}

MemoryPressure::Progress MemoryPressure::wait(const Waiter& waiter,
                                              const std::shared_ptr<Waiting>& waiting) {
  const std::lock_guard lock(mutex_);
  Waiter& known = waiters_.try_emplace(waiter.task).first->second;
  // The first time that this task finds no room, its patience starts.
  if (known.memories.empty()) idle_since_ = Clock::now();
  known = waiter;
  anyone_waits_.store(true, std::memory_order_relaxed);
  if (std::ranges::find(waiting_, waiting) == waiting_.end()) waiting_.push_back(waiting);
  Progress progress = progress_locked();
  progress.yields = must_yield_locked(waiter);
  return progress;
}

MemoryPressure::Progress MemoryPressure::progress() const {
  const std::lock_guard lock(mutex_);
  return progress_locked();
}

MemoryPressure::Progress MemoryPressure::progress_locked() const {
  return {changes_, in_flight_.size(), false, Clock::now() - idle_since_};
}

bool MemoryPressure::must_yield(const Waiter& waiter) const {
  if (!anyone_waits_.load(std::memory_order_relaxed)) return false;
  const std::lock_guard lock(mutex_);
  return must_yield_locked(waiter);
}

bool MemoryPressure::must_yield_locked(const Waiter& waiter) const {
  return std::ranges::any_of(waiters_, [&](const auto& each) {
    const Waiter& other = each.second;
    if (other.parent != waiter.parent || other.index >= waiter.index) return false;
    if (other.memories.empty()) return true;
    return std::ranges::find_first_of(other.memories, waiter.memories) != other.memories.end();
  });
}

std::vector<MemoryPressure::Share> MemoryPressure::shares(Legion::Memory memory) const {
  const std::lock_guard lock(mutex_);
  std::map<std::pair<Legion::TaskID, unsigned>, Share> by_argument;
  const auto contents = contents_.find(memory);
  if (contents == contents_.end()) return {};
  for (const auto& [instance, made] : contents->second.instances) {
    Share& share = by_argument[{made.task, made.argument}];
    share = {made.task, made.argument, share.count + 1, share.bytes + made.bytes};
  }
  std::vector<Share> result;
  for (const auto& [key, share] : by_argument) result.push_back(share);
  std::ranges::stable_sort(result, std::greater<>(), &Share::bytes);
  return result;
}

}  // namespace placewright::legion
