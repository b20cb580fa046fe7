// SPDX-License-Identifier: Apache-2.0
// Data that may hold folds which no instance has taken up yet. One object per process. Thread-safe.
//
// When a reader's instance takes up pending folds (reductions), it becomes the only valid copy, and
// Legion 25.12 forgets it all the same when the mapper does not want it tracked. So CollectMemory
// has no effect on such data. Legion does not tell a mapper about pending folds; what was launched
// here says where there may be some.
#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <utility>

#include "legion.h"

namespace placewright {

class FoldedData {
 public:
  /// A task was launched here. `nests`: it may be mapped virtually, and then what the tasks that it
  /// launches fold stays pending after it.
  void launched(const Legion::Task& task, bool nests);
  void copied(const Legion::Copy& copy);
  /// A task was mapped with a virtual instance for this argument. Of one that was launched by
  /// another process nothing is known of what came before it.
  void mapped_virtually(const Legion::Task& task, unsigned index);

  /// Whether the data of a read-only argument may hold folds, as far as this process can know.
  [[nodiscard]] bool may_hold_folds(const Legion::Task& task, unsigned index) const;

 private:
  void note(const Legion::RegionRequirement& requirement);

  mutable std::mutex mutex_;
  std::set<std::pair<Legion::RegionTreeID, Legion::FieldID>> folded_;
  std::atomic<bool> any_ = false;
};

}  // namespace placewright
