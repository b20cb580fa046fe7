// SPDX-License-Identifier: Apache-2.0
// What fills the memories of one process: the instances made by its mappers, the tasks in flight
// that will release some of them, and the tasks that wait for that. Thread-safe.
//
// Legion can notify a mapper of deleted instances, but it does so from inside the call that deletes
// them to make room, and waits there for the very mapper that made that call (25.12). Instances are
// therefore re-checked periodically; usage may be over-, never underestimated.
//
// Waiting tasks are served in program order: Legion deletes regions in that order, so an instance
// taken by a younger task may be released only after the older task has run.
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

namespace placewright::legion {

class MemoryPressure {
 public:
  using Instance = Legion::Mapping::PhysicalInstance;
  using MapperContext = Legion::Mapping::MapperContext;

  explicit MemoryPressure(Legion::Mapping::MapperRuntime* runtime) : runtime_(runtime) {}

  /// An instance was made for a region argument of a task.
  void made(const Instance& instance, Legion::TaskID task, unsigned argument);
  /// Whether no further instance of that size would fit, as far as is known.
  [[nodiscard]] bool is_crowded(const Instance& instance) const;
  /// Re-checks the instances in memories where this is due. Call it before the mapper call acquires
  /// any instance: the check releases those that it finds acquired.
  void tidy(MapperContext ctx);
  /// Whether mapped tasks must be watched: some memory is a quarter full.
  [[nodiscard]] bool is_tight() const { return tight_.load(std::memory_order_relaxed); }

  /// A task was mapped that can finish without another task being mapped.
  void started(Legion::UniqueID task);
  /// Does nothing for a task that was not started.
  void finished(MapperContext ctx, Legion::UniqueID task);

  /// A waiting task: what it waits for, and its place in program order.
  struct Waiter {
    Legion::UniqueID task = 0;
    Legion::UniqueID parent = 0;
    uint64_t index = 0;  ///< Among the parent's operations; one for all points of a launch.
    std::vector<Legion::Memory> memories;  ///< While it is being mapped: empty, meaning any.
  };
  struct Progress {
    uint64_t changes = 0;  ///< Tasks finished and mapped so far.
    size_t in_flight = 0;
    bool yields = false;  ///< Set by wait(): an older task waits or is being mapped.
    /// Time since the last change, or since the last task started to wait.
    std::chrono::steady_clock::duration idle{};
  };
  /// The task is being mapped.
  void begin(const Waiter& waiter);
  /// The task waits from now on; the next change ends `waiting`. The result is a snapshot of the
  /// moment when the wait began, so no change in between is missed.
  Progress wait(const Waiter& waiter, const std::shared_ptr<Waiting>& waiting);
  /// The task was mapped. Does nothing for a task that neither waits nor was begun.
  void served(MapperContext ctx, Legion::UniqueID task);
  [[nodiscard]] Progress progress() const;
  /// Whether another, earlier task of the same parent waits for one of the memories or is being
  /// mapped.
  [[nodiscard]] bool must_yield(const Waiter& waiter) const;

  /// Live instances that were made for the same argument.
  struct Share {
    Legion::TaskID task = 0;
    unsigned argument = 0;
    size_t count = 0;
    size_t bytes = 0;
  };
  /// The live instances in a memory, largest share first.
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
    size_t new_bytes = 0;  ///< Bytes made since the last re-check.
    bool is_due = false;   ///< Whether a re-check is due.
    size_t look_at = 0;    ///< Number of instances that makes a re-check due.
  };
  [[nodiscard]] Progress progress_locked() const;
  [[nodiscard]] bool must_yield_locked(const Waiter& waiter) const;
  /// Records a change and ends all waiting.
  void change(MapperContext ctx, std::unique_lock<std::mutex> lock);
  /// Drops the instances that Legion has deleted since the last check.
  void look_after(MapperContext ctx, Legion::Memory memory);

  Legion::Mapping::MapperRuntime* runtime_;
  mutable std::mutex mutex_;
  std::map<Legion::Memory, Contents> contents_;
  std::atomic<bool> is_due_ = false;  ///< Whether any memory is due.
  std::atomic<bool> tight_ = false;
  std::set<Legion::UniqueID> in_flight_;
  uint64_t changes_ = 0;
  std::chrono::steady_clock::time_point idle_since_;
  std::map<Legion::UniqueID, Waiter> waiters_;
  std::atomic<bool> anyone_waits_ = false;
  std::vector<std::shared_ptr<Waiting>> waiting_;
};

}  // namespace placewright::legion
