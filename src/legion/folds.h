// SPDX-License-Identifier: Apache-2.0
// Pending folds (decide/folded_data.h) for the mappers of one process. Thread-safe.
#pragma once

#include <atomic>
#include <mutex>

#include "decide/folded_data.h"
#include "legion.h"

namespace placewright::legion {

class Folds {
 public:
  /// A task was launched here. `nests`: it may be mapped virtually.
  void launched(const Legion::Task& task, bool nests);
  void copied(const Legion::Copy& copy);
  /// A task was mapped with a virtual instance for this argument.
  void mapped_virtually(const Legion::Task& task, unsigned index);
  [[nodiscard]] bool may_hold_folds(const Legion::Task& task, unsigned index) const;

 private:
  mutable std::mutex mutex_;
  decide::FoldedData data_;
  std::atomic<bool> any_ = false;
};

}  // namespace placewright::legion
