// SPDX-License-Identifier: Apache-2.0
#include "legion/memory_wait.h"

#include <algorithm>
#include <utility>

#include "legion/convert.h"

namespace placewright::legion {

using Clock = std::chrono::steady_clock;

void MemoryWait::made(const Instance& instance, Legion::TaskID task, unsigned argument) {
  const decide::Memory memory = describe(instance.get_location());
  const std::lock_guard lock(mutex_);
  if (!numbers_.try_emplace(instance, next_number_).second) return;
  instances_.emplace(next_number_, instance);
  contents_.made(next_number_++, memory, instance.get_instance_size(), task, argument);
  if (contents_.is_tight()) tight_.store(true, std::memory_order_relaxed);
  if (contents_.any_due()) any_due_.store(true, std::memory_order_relaxed);
}

bool MemoryWait::is_crowded(const Instance& instance) const {
  if (!is_tight()) return false;
  const decide::Memory memory = describe(instance.get_location());
  const std::lock_guard lock(mutex_);
  return contents_.is_crowded(memory, instance.get_instance_size());
}

bool MemoryWait::leaves_half(const decide::Memory& memory, uint64_t bytes) const {
  const std::lock_guard lock(mutex_);
  return contents_.leaves_half(memory, bytes);
}

void MemoryWait::tidy(MapperContext ctx) {
  if (!any_due_.exchange(false, std::memory_order_relaxed)) return;
  std::vector<uint64_t> due;
  {
    const std::lock_guard lock(mutex_);
    due = contents_.take_due();
  }
  for (const uint64_t memory : due) check(ctx, memory);
}

void MemoryWait::check(MapperContext ctx, uint64_t memory) {
  std::vector<std::pair<uint64_t, Instance>> instances;
  {
    const std::lock_guard lock(mutex_);
    for (const uint64_t id : contents_.instances(memory))
      instances.emplace_back(id, instances_.at(id));
  }
  // Not under the lock: during a runtime call other mapper calls may run.
  std::vector<uint64_t> gone;
  for (const auto& [id, instance] : instances) {
    if (runtime_->acquire_instance(ctx, instance)) {
      runtime_->release_instance(ctx, instance);
    } else {
      gone.push_back(id);
    }
  }
  const std::lock_guard lock(mutex_);
  contents_.checked(memory, gone);
  for (const uint64_t id : gone) {
    const auto instance = instances_.find(id);
    if (instance == instances_.end()) continue;
    numbers_.erase(instance->second);
    instances_.erase(instance);
  }
}

std::vector<decide::RefusalShare> MemoryWait::largest_shares(MapperContext ctx,
                                                             uint64_t memory) const {
  constexpr size_t kMostShares = 3;
  std::vector<decide::MemoryContents::Share> shares;
  {
    const std::lock_guard lock(mutex_);
    shares = contents_.shares(memory);
  }
  std::vector<decide::RefusalShare> largest;
  for (const auto& share : shares) {
    if (largest.size() == kMostShares) break;
    const char* name = nullptr;
    runtime_->retrieve_name(ctx, static_cast<Legion::TaskID>(share.task), name);
    largest.push_back({name, share.argument, share.count, share.bytes});
  }
  return largest;
}

void MemoryWait::started(Legion::UniqueID task) {
  const std::lock_guard lock(mutex_);
  tasks_.started(task);
}

void MemoryWait::finished(MapperContext ctx, Legion::UniqueID task) {
  std::unique_lock lock(mutex_);
  if (tasks_.finished(task, Clock::now())) wake(ctx, std::move(lock));
}

void MemoryWait::served(MapperContext ctx, Legion::UniqueID task) {
  if (!anyone_waits_.load(std::memory_order_relaxed)) return;
  std::unique_lock lock(mutex_);
  if (!tasks_.served(task, Clock::now())) return;
  anyone_waits_.store(tasks_.anyone_waits(), std::memory_order_relaxed);
  wake(ctx, std::move(lock));
}

void MemoryWait::wake(MapperContext ctx, std::unique_lock<std::mutex> lock) {
  std::vector<std::shared_ptr<Waiting>> woken;
  woken.swap(waiting_);
  lock.unlock();
  for (const auto& waiting : woken) waiting->end(ctx);
}

void MemoryWait::begin(const decide::Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  tasks_.begin(waiter);
  anyone_waits_.store(true, std::memory_order_relaxed);
}

MemoryWait::Progress MemoryWait::wait(const decide::Waiter& waiter,
                                      std::span<const uint64_t> claims,
                                      const std::shared_ptr<Waiting>& waiting) {
  const std::lock_guard lock(mutex_);
  const Progress progress = tasks_.wait(waiter, claims, Clock::now());
  anyone_waits_.store(true, std::memory_order_relaxed);
  if (std::find(waiting_.begin(), waiting_.end(), waiting) == waiting_.end())
    waiting_.push_back(waiting);
  return progress;
}

MemoryWait::Progress MemoryWait::progress() const {
  const std::lock_guard lock(mutex_);
  return tasks_.progress(Clock::now());
}

bool MemoryWait::must_yield(const decide::Waiter& waiter, uint64_t memory) const {
  if (!anyone_waits_.load(std::memory_order_relaxed)) return false;
  const std::lock_guard lock(mutex_);
  return tasks_.must_yield(waiter, {&memory, 1});
}

}  // namespace placewright::legion
