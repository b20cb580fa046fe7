// SPDX-License-Identifier: Apache-2.0
// The mapper ids for which the application has mappers of its own. Thread-safe: an application may
// register mappers while tasks are mapped.
#pragma once

#include <atomic>
#include <mutex>
#include <set>

#include "legion.h"

namespace placewright::legion {

class OwnMappers {
 public:
  /// False if the id was known.
  bool add(Legion::MapperID id) {
    const std::lock_guard lock(mutex_);
    any_.store(true, std::memory_order_release);
    return ids_.insert(id).second;
  }
  [[nodiscard]] bool contains(Legion::MapperID id) const {
    // Most programs have none, and every mapped argument asks.
    if (!any_.load(std::memory_order_acquire)) return false;
    const std::lock_guard lock(mutex_);
    return ids_.contains(id);
  }

 private:
  std::atomic<bool> any_{false};
  mutable std::mutex mutex_;
  std::set<Legion::MapperID> ids_;
};

}  // namespace placewright::legion
