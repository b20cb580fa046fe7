// SPDX-License-Identifier: Apache-2.0
// The reduction instances of one process that tasks may share (decide/fold_instances.h).
// Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "decide/fold_instances.h"
#include "legion.h"
#include "legion/waiting.h"

namespace placewright::legion {

class SharedFolds {
 public:
  using Instance = Legion::Mapping::PhysicalInstance;
  using MapperContext = Legion::Mapping::MapperContext;
  using Fold = decide::FoldInstances::Fold;

  explicit SharedFolds(Legion::Mapping::MapperRuntime* runtime)
      : runtime_(runtime), waiting_(runtime) {}

  [[nodiscard]] std::vector<Instance> usable(const Fold& fold);
  void made(const Fold& fold, const Instance& instance);
  void gone(const Fold& fold, const Instance& instance);

 private:
  friend class FoldTurn;
  void take_turn(MapperContext ctx);
  void end_turn(MapperContext ctx);

  Legion::Mapping::MapperRuntime* runtime_;
  std::mutex mutex_;
  decide::FoldInstances folds_;
  std::map<uint64_t, Instance> instances_;
  uint64_t next_ = 0;
  bool has_turn_ = false;
  Waiting waiting_;
};

/// While it lives, no other mapper call looks for reduction instances or makes one: tasks that are
/// mapped at the same time would each find none and fill the memory with theirs.
class FoldTurn {
 public:
  /// No turn.
  FoldTurn() = default;
  /// Waits for the turn; other mapper calls may run meanwhile.
  FoldTurn(SharedFolds& folds, SharedFolds::MapperContext ctx) : folds_(&folds), ctx_(ctx) {
    folds.take_turn(ctx);
  }
  ~FoldTurn() {
    if (folds_ != nullptr) folds_->end_turn(ctx_);
  }
  FoldTurn(const FoldTurn&) = delete;
  FoldTurn& operator=(const FoldTurn&) = delete;

 private:
  SharedFolds* folds_ = nullptr;
  SharedFolds::MapperContext ctx_ = nullptr;
};

}  // namespace placewright::legion
