// SPDX-License-Identifier: Apache-2.0
#include "decide/waiting_tasks.h"

#include <algorithm>

namespace placewright::decide {

bool WaitingTasks::finished(uint64_t task, Time now) {
  if (in_flight_.erase(task) == 0) return false;
  change(now);
  return true;
}

bool WaitingTasks::served(uint64_t task, Time now) {
  if (waiters_.erase(task) == 0) return false;
  change(now);
  return true;
}

void WaitingTasks::change(Time now) {
  ++changes_;
  idle_since_ = now;
}

void WaitingTasks::begin(const Waiter& waiter) {
  waiters_.try_emplace(waiter.task, Waits{waiter, {}});
}

WaitingTasks::Progress WaitingTasks::wait(const Waiter& waiter, std::span<const uint64_t> claims,
                                          Time now) {
  Waits& known = waiters_.try_emplace(waiter.task).first->second;
  // The first time that this task finds no room, its patience starts.
  if (known.claims.empty()) idle_since_ = now;
  known.waiter = waiter;
  known.claims.assign(claims.begin(), claims.end());
  Progress result = progress(now);
  result.yields = must_yield(waiter, claims);
  return result;
}

WaitingTasks::Progress WaitingTasks::progress(Time now) const {
  return {changes_, in_flight_.size(), false, now - idle_since_};
}

bool WaitingTasks::must_yield(const Waiter& waiter, std::span<const uint64_t> memories) const {
  return std::any_of(waiters_.begin(), waiters_.end(), [&](const auto& each) {
    const auto& [other, claims] = each.second;
    if (other.parent != waiter.parent || other.index >= waiter.index) return false;
    if (claims.empty()) return true;
    return std::find_first_of(claims.begin(), claims.end(), memories.begin(), memories.end()) !=
           claims.end();
  });
}

bool may_wait(const LaunchInfo& launch, bool is_shard) {
  return !is_shard && !launch.must_epoch && !launch.concurrent && !launch.collective;
}

WaitDecision decide_wait(const WaitingTasks::Progress& progress, const Patience& patience) {
  if (progress.in_flight > 0 || progress.yields) return WaitDecision::Wait;
  return progress.idle > patience.longest ? WaitDecision::GiveUp : WaitDecision::Poll;
}

bool is_still_held(const HeldTask& held, const WaitingTasks::Progress& now) {
  return now.changes == held.changes && (now.in_flight > 0 || held.yields);
}

}  // namespace placewright::decide
