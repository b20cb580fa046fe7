// SPDX-License-Identifier: Apache-2.0
// What fills the memories of one process and which tasks wait for room (decide/memory_contents.h,
// decide/waiting_tasks.h), for the mappers of all its processors. Thread-safe.
//
// Legion can notify a mapper of deleted instances, but it does so from inside the call that deletes
// them to make room, and waits there for the very mapper that made that call (25.12). Instances are
// therefore re-checked periodically.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "decide/memory_contents.h"
#include "decide/refusal.h"
#include "decide/waiting_tasks.h"
#include "legion.h"
#include "legion/waiting.h"

namespace placewright::legion {

class MemoryWait {
 public:
  using Instance = Legion::Mapping::PhysicalInstance;
  using MapperContext = Legion::Mapping::MapperContext;
  using Progress = decide::WaitingTasks::Progress;

  explicit MemoryWait(Legion::Mapping::MapperRuntime* runtime) : runtime_(runtime) {}

  /// An instance was made for a region argument of a task.
  void made(const Instance& instance, Legion::TaskID task, unsigned argument);
  [[nodiscard]] bool is_crowded(const Instance& instance) const;
  /// Whether a further instance of that size leaves half of the memory free.
  [[nodiscard]] bool leaves_half(const decide::Memory& memory, uint64_t bytes) const;
  /// Re-checks the instances in memories where this is due. Call it before the mapper call acquires
  /// any instance: the check releases those that it finds acquired.
  void tidy(MapperContext ctx);
  /// Whether mapped tasks must be watched.
  [[nodiscard]] bool is_tight() const { return tight_.load(std::memory_order_relaxed); }
  /// What fills a memory, most bytes first: the arguments with the largest shares.
  [[nodiscard]] std::vector<decide::RefusalShare> largest_shares(MapperContext ctx,
                                                                 uint64_t memory) const;

  void started(Legion::UniqueID task);
  void finished(MapperContext ctx, Legion::UniqueID task);
  void begin(const decide::Waiter& waiter);
  /// The next change ends `waiting`.
  [[nodiscard]] Progress wait(const decide::Waiter& waiter, std::span<const uint64_t> claims,
                              const std::shared_ptr<Waiting>& waiting);
  void served(MapperContext ctx, Legion::UniqueID task);
  [[nodiscard]] Progress progress() const;
  [[nodiscard]] bool must_yield(const decide::Waiter& waiter, uint64_t memory) const;

 private:
  /// Ends all waiting after a change.
  void wake(MapperContext ctx, std::unique_lock<std::mutex> lock);
  void check(MapperContext ctx, uint64_t memory);

  Legion::Mapping::MapperRuntime* runtime_;
  mutable std::mutex mutex_;
  decide::MemoryContents contents_;
  decide::WaitingTasks tasks_;
  /// The instances of `contents_` by their numbers there, and the reverse. Legion's own ids are used
  /// again after a deletion that is not known yet.
  std::map<uint64_t, Instance> instances_;
  std::map<Instance, uint64_t> numbers_;
  uint64_t next_number_ = 0;
  std::vector<std::shared_ptr<Waiting>> waiting_;
  // Copies of what the objects above say, for callers that need no lock.
  std::atomic<bool> any_due_ = false;
  std::atomic<bool> tight_ = false;
  std::atomic<bool> anyone_waits_ = false;
};

}  // namespace placewright::legion
