// SPDX-License-Identifier: Apache-2.0
// Tracks data that may have pending folds (reductions that no instance has applied yet). One object
// per process. Thread-safe.
//
// When a reader's instance applies pending folds, it becomes the only valid copy; Legion 25.12
// still drops it if the mapper does not want it tracked. CollectMemory therefore has no effect on
// such data. Legion does not tell a mapper about pending folds; they are inferred from the launches
// recorded here.
#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <utility>

#include "legion.h"

namespace placewright::legion {

class FoldedData {
 public:
  /// A task was launched here. `nests`: it may be mapped virtually, in which case the folds of the
  /// tasks that it launches stay pending after it.
  void launched(const Legion::Task& task, bool nests);
  void copied(const Legion::Copy& copy);
  /// A task was mapped with a virtual instance for this argument. If another process launched the
  /// task, nothing is known about what came before it.
  void mapped_virtually(const Legion::Task& task, unsigned index);

  /// Whether the data of a read-only argument may have pending folds, as far as this process can
  /// know.
  [[nodiscard]] bool may_hold_folds(const Legion::Task& task, unsigned index) const;

 private:
  void note(const Legion::RegionRequirement& requirement);

  mutable std::mutex mutex_;
  std::set<std::pair<Legion::RegionTreeID, Legion::FieldID>> folded_;
  std::atomic<bool> any_ = false;
};

}  // namespace placewright::legion
