// SPDX-License-Identifier: Apache-2.0
// The tasks whose children wait for phase barriers. One object per process. Thread-safe.
#pragma once

#include <atomic>
#include <mutex>
#include <set>

#include "legion.h"

namespace placewright::legion {

class BarrierParents {
 public:
  /// A task was launched; call it for each before any is mapped.
  void launched(const Legion::Task& task) {
    const Legion::Task* parent = task.get_parent_task();
    if (task.wait_barriers.empty() || parent == nullptr) return;
    const std::lock_guard lock(mutex_);
    parents_.insert(parent->get_unique_id());
    any_.store(true, std::memory_order_release);
  }
  [[nodiscard]] bool has_parent_of(const Legion::Task& task) const {
    // Few programs have phase barriers.
    if (!any_.load(std::memory_order_acquire)) return false;
    const Legion::Task* parent = task.get_parent_task();
    const std::lock_guard lock(mutex_);
    return parent != nullptr && parents_.contains(parent->get_unique_id());
  }

 private:
  std::atomic<bool> any_ = false;
  mutable std::mutex mutex_;
  std::set<Legion::UniqueID> parents_;
};

}  // namespace placewright::legion
