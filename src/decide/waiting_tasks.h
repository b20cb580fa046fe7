// SPDX-License-Identifier: Apache-2.0
// Tasks for which every memory is full: whether they wait, for whom they yield, and when waiting is
// in vain. One object per process; the caller locks it. Knows no clock: times are passed in.
//
// Waiting tasks are served in program order: the runtime deletes regions in that order, so an
// instance taken by a younger task may be released only after the older task has run.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "decide/launch.h"

namespace placewright::decide {

/// What waiting for memory has to do with the clock. When no watched task is in flight, deletions
/// may still be pending, and tasks mapped before memory became tight may still be running.
struct Patience {
  std::chrono::steady_clock::duration longest = std::chrono::milliseconds(500);
  std::chrono::steady_clock::duration pause = std::chrono::milliseconds(2);
};

/// A task that waits, and its place in program order.
struct Waiter {
  uint64_t task = 0;
  uint64_t parent = 0;
  uint64_t index = 0;  ///< Among the parent's operations; one for all points of a launch.
};

class WaitingTasks {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// A task was mapped that can finish without another task being mapped.
  void started(uint64_t task) { in_flight_.insert(task); }
  /// Whether that was a change that a waiting task may have waited for.
  [[nodiscard]] bool finished(uint64_t task, Time now);

  struct Progress {
    uint64_t changes = 0;  ///< Tasks finished and served so far.
    size_t in_flight = 0;
    bool yields = false;  ///< Set by wait(): an older task waits or is being mapped.
    /// Time since the last change, or since the last task started to wait.
    std::chrono::steady_clock::duration idle{};
  };
  /// The task is being mapped.
  void begin(const Waiter& waiter);
  /// The task waits from now on and claims these memories, at least one. The result is a snapshot of
  /// this moment, so no change in between is missed.
  [[nodiscard]] Progress wait(const Waiter& waiter, std::span<const uint64_t> claims, Time now);
  /// The task was mapped. Returns whether it had waited or begun, which is a change.
  [[nodiscard]] bool served(uint64_t task, Time now);
  [[nodiscard]] Progress progress(Time now) const;
  [[nodiscard]] bool anyone_waits() const { return !waiters_.empty(); }
  /// Whether another, earlier task of the same parent claims one of the memories or is being mapped.
  [[nodiscard]] bool must_yield(const Waiter& waiter, std::span<const uint64_t> memories) const;

 private:
  struct Waits {
    Waiter waiter;
    std::vector<uint64_t> claims;  ///< Empty while it is being mapped, meaning any.
  };
  void change(Time now);

  std::set<uint64_t> in_flight_;
  uint64_t changes_ = 0;
  Time idle_since_{};
  std::map<uint64_t, Waits> waiters_;
};

/// Whether a task may be given back to the runtime to be mapped later.
[[nodiscard]] bool may_wait(const LaunchInfo& launch, bool is_shard);

enum class WaitDecision : uint8_t {
  Wait,   ///< Until the next change.
  Poll,   ///< Nothing will tell of a change: pause, then try again.
  GiveUp  ///< Waiting would be in vain.
};
[[nodiscard]] WaitDecision decide_wait(const WaitingTasks::Progress& progress,
                                       const Patience& patience);

/// What is remembered of a task that was given back.
struct HeldTask {
  uint64_t changes = 0;
  bool yields = false;
};
/// Whether nothing has changed since, so that mapping it again would be in vain.
[[nodiscard]] bool is_still_held(const HeldTask& held, const WaitingTasks::Progress& now);

}  // namespace placewright::decide
