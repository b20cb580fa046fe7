// SPDX-License-Identifier: Apache-2.0
// What fills the memories of one process: the instances that its mappers made, the tasks in flight
// that will give some back, and the tasks that wait for that. Thread-safe.
//
// Legion would tell of deleted instances, but it does so from inside of the call that deletes them
// to make room, and waits there for the very mapper that is making that call (25.12). So instances
// are looked after now and then; none is counted less than it is.
//
// Whoever waits is served in program order: Legion deletes regions in that order, so an instance
// that a younger task takes may be given back only after the older one has run.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "legion.h"
#include "legion/waiting.h"

namespace placewright {

class MemoryPressure {
 public:
  using Instance = Legion::Mapping::PhysicalInstance;
  using MapperContext = Legion::Mapping::MapperContext;

  explicit MemoryPressure(Legion::Mapping::MapperRuntime* runtime) : runtime_(runtime) {}

  /// An instance was made for a region argument of a task.
  void made(const Instance& instance, Legion::TaskID task, unsigned argument);
  /// Whether no other instance of that size would fit beside what is there, as far as is known.
  [[nodiscard]] bool is_crowded(const Instance& instance) const;
  /// Looks after instances where that is due. To be called before the mapper call acquires any:
  /// looking gives up what it finds acquired.
  void tidy(MapperContext ctx);
  /// Whether mapped tasks are to be watched: some memory is a quarter full.
  [[nodiscard]] bool is_tight() const { return tight_.load(std::memory_order_relaxed); }

  /// A task was mapped that finishes without another task being mapped.
  void started(Legion::UniqueID task);
  /// Does nothing for a task that was not started.
  void finished(MapperContext ctx, Legion::UniqueID task);

  /// A task that waits: what it waits for, and its place in the order of the program.
  struct Waiter {
    Legion::UniqueID task = 0;
    Legion::UniqueID parent = 0;
    uint64_t index = 0;  ///< Among the operations of the parent; one for all points of a launch.
    std::vector<Legion::Memory> memories;  ///< Empty while it is being mapped: any.
  };
  struct Progress {
    uint64_t changes = 0;  ///< Tasks finished and mapped so far.
    size_t in_flight = 0;
    bool yields = false;  ///< Of wait(): to an older task that waits or is being mapped.
    /// Since the last change, or since the last task began to wait.
    std::chrono::steady_clock::duration idle{};
  };
  /// The task is being mapped.
  void begin(const Waiter& waiter);
  /// The task waits from now on; the next change ends `waiting`. What is returned is of the moment
  /// at which that began, so no change is missed in between.
  Progress wait(const Waiter& waiter, const std::shared_ptr<Waiting>& waiting);
  /// The task was mapped. Does nothing for one that neither waits nor was begun.
  void served(MapperContext ctx, Legion::UniqueID task);
  [[nodiscard]] Progress progress() const;
  /// Whether another task of the same parent that comes earlier waits for one of the memories, or
  /// is being mapped.
  [[nodiscard]] bool must_yield(const Waiter& waiter) const;

  /// Live instances that were made for the same argument.
  struct Share {
    Legion::TaskID task = 0;
    unsigned argument = 0;
    size_t count = 0;
    size_t bytes = 0;
  };
  /// What lives in a memory, largest share first.
  [[nodiscard]] std::vector<Share> shares(Legion::Memory memory) const;

 private:
  struct Made {
    size_t bytes;
    Legion::TaskID task;
    unsigned argument;
  };
  struct Contents {
    std::map<Instance, Made> instances;
    size_t bytes = 0;
    size_t new_bytes = 0;  ///< Made since instances were looked after.
    bool is_due = false;   ///< To be looked after.
    size_t look_at = 0;    ///< So many instances make it due.
  };
  [[nodiscard]] Progress progress_locked() const;
  [[nodiscard]] bool must_yield_locked(const Waiter& waiter) const;
  /// Notes a change and ends all waiting.
  void change(MapperContext ctx, std::unique_lock<std::mutex> lock);
  /// Drops the instances that Legion has deleted since.
  void look_after(MapperContext ctx, Legion::Memory memory);

  Legion::Mapping::MapperRuntime* runtime_;
  mutable std::mutex mutex_;
  std::map<Legion::Memory, Contents> contents_;
  std::atomic<bool> is_due_ = false;  ///< Whether any memory is.
  std::atomic<bool> tight_ = false;
  std::set<Legion::UniqueID> in_flight_;
  uint64_t changes_ = 0;
  std::chrono::steady_clock::time_point idle_since_;
  std::map<Legion::UniqueID, Waiter> waiters_;
  std::atomic<bool> anyone_waits_ = false;
  std::vector<std::shared_ptr<Waiting>> waiting_;
};

}  // namespace placewright
