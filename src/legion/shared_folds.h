// SPDX-License-Identifier: Apache-2.0
// The reduction instances of one process that tasks may share (decide/fold_instances.h).
// Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "decide/fold_instances.h"
#include "legion.h"

namespace placewright::legion {

class SharedFolds {
 public:
  using Instance = Legion::Mapping::PhysicalInstance;
  using Fold = decide::FoldInstances::Fold;

  [[nodiscard]] std::vector<Instance> usable(const Fold& fold) {
    const std::lock_guard lock(mutex_);
    std::vector<Instance> list;
    for (const uint64_t number : folds_.usable(fold)) list.push_back(instances_.at(number));
    return list;
  }
  void made(const Fold& fold, const Instance& instance) {
    const std::lock_guard lock(mutex_);
    instances_.emplace(next_, instance);
    folds_.made(fold, next_++);
  }
  void gone(const Fold& fold, const Instance& instance) {
    const std::lock_guard lock(mutex_);
    std::erase_if(instances_, [&](const auto& each) {
      if (each.second != instance) return false;
      folds_.gone(fold, each.first);
      return true;
    });
  }

 private:
  std::mutex mutex_;
  decide::FoldInstances folds_;
  std::map<uint64_t, Instance> instances_;
  uint64_t next_ = 0;
};

}  // namespace placewright::legion
