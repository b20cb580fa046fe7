// What fills the memories of one process: the instances that its mappers made, the tasks in flight
// that will give some back, and the tasks that wait for that. Thread-safe.
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
  /// An instance was made for a region argument of a task.
  void made(const Legion::Mapping::PhysicalInstance& instance, Legion::TaskID task,
            unsigned argument);
  /// Legion has deleted an instance; it need not be one that was made here.
  void deleted(Legion::Mapping::MapperContext ctx,
               const Legion::Mapping::PhysicalInstance& instance);
  /// Whether no other instance of that size would fit beside what is there.
  [[nodiscard]] bool is_crowded(const Legion::Mapping::PhysicalInstance& instance) const;
  /// Whether mapped tasks are to be watched: some memory is a quarter full.
  [[nodiscard]] bool is_tight() const { return tight_.load(std::memory_order_relaxed); }

  /// A task was mapped that finishes without another task being mapped.
  void started(Legion::UniqueID task);
  /// Does nothing for a task that was not started.
  void finished(Legion::Mapping::MapperContext ctx, Legion::UniqueID task);

  /// A task that waits: what it waits for, and its place in the order of the program.
  struct Waiter {
    Legion::UniqueID task = 0;
    Legion::UniqueID parent = 0;
    uint64_t index = 0;  ///< Among the operations of the parent; one for all points of a launch.
    std::vector<Legion::Memory> memories;  ///< Empty while it is being mapped: any.
  };
  struct Progress {
    uint64_t changes = 0;  ///< Tasks finished and mapped, and instances deleted, so far.
    size_t in_flight = 0;
    /// Since the last change, or since the last task began to wait.
    std::chrono::steady_clock::duration idle{};
  };
  /// The task is being mapped.
  void begin(const Waiter& waiter);
  /// The task waits from now on; the next change ends `waiting`.
  Progress wait(const Waiter& waiter, const std::shared_ptr<Waiting>& waiting);
  /// The task was mapped. Does nothing for one that neither waits nor was begun.
  void served(Legion::Mapping::MapperContext ctx, Legion::UniqueID task);
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
    std::map<Legion::Mapping::PhysicalInstance, Made> instances;
    size_t bytes = 0;
  };
  [[nodiscard]] Progress progress_locked() const;
  /// Notes a change and ends all waiting.
  void change(Legion::Mapping::MapperContext ctx, std::unique_lock<std::mutex> lock);

  mutable std::mutex mutex_;
  std::map<Legion::Memory, Contents> contents_;
  std::atomic<bool> tight_ = false;
  std::set<Legion::UniqueID> in_flight_;
  uint64_t changes_ = 0;
  std::chrono::steady_clock::time_point idle_since_;
  std::map<Legion::UniqueID, Waiter> waiters_;
  std::atomic<bool> anyone_waits_ = false;
  std::vector<std::shared_ptr<Waiting>> waiting_;
};

}  // namespace placewright
