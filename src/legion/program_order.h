// SPDX-License-Identifier: Apache-2.0
// What tasks do between their launches, and what their launches wait for: fences, waits, futures,
// readings of the virtual GPUs' clock. No mapper sees these; the preload library's hooks tell. One
// object per process, thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "legion.h"
#include "workload/recording.h"

namespace placewright::legion {

class ProgramOrder {
 public:
  /// Something else than a launch.
  struct Mark {
    uint64_t launches = 0;  ///< So many launches came before.
    workload::Operation operation;
  };
  struct Program {
    uint64_t launches = 0;
    std::vector<Mark> marks;
    /// By the number of a launch: how far back those are whose results it uses.
    std::map<uint64_t, std::vector<uint32_t>> uses_results;
  };

  /// A task launches another one that takes these results.
  void launching(const Legion::Task& parent, const std::vector<Legion::Future>& results);
  /// What its last launch returned.
  void launched(const Legion::Task& parent, const Legion::Future& result);
  void launched(const Legion::Task& parent, const Legion::FutureMap& results);
  void fenced(const Legion::Task& parent, const Legion::Future& end);
  /// A task waits; ignored unless it launched what it waits for.
  void waits(const Legion::Task& task, const Legion::Future& result);
  void waits(const Legion::Task& task, const Legion::FutureMap& results);
  /// The program is over.
  void ended();
  /// What a task did; empty for an unknown one.
  [[nodiscard]] Program program(Legion::UniqueID task) const;

 private:
  /// What a future is the result of.
  struct Source {
    Legion::UniqueID parent = 0;
    uint64_t launch = 0;  ///< Its number, from 1; 0: everything before a fence.
  };
  [[nodiscard]] Program& open(const Legion::Task& task);
  void note_clock(Program& program);
  void waits(const Legion::Task& task, const Source* source);

  mutable std::mutex mutex_;
  std::map<Legion::UniqueID, Program> programs_;
  // They hold what they name, so no address is used twice.
  std::map<Legion::Future, Source> results_;
  std::map<Legion::FutureMap, Source> result_maps_;
  Legion::UniqueID top_ = 0;
  uint64_t readings_ = 0;  ///< How many readings of the clock are noted.
};

}  // namespace placewright::legion
