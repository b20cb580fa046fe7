// SPDX-License-Identifier: Apache-2.0
// What tasks do between their launches, and what their launches wait for: fences, waits, futures,
// readings of the virtual GPUs' clock. No mapper sees these; the preload library's hooks tell. One
// object per process, thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "legion.h"
#include "workload/partial_recording.h"

namespace placewright::legion {

/// All shards of the top-level task have one number.
[[nodiscard]] workload::TaskNumber number_of(const Legion::Task& task);

class ProgramOrder {
 public:
  using Mark = workload::PartialRecording::Mark;
  using Program = workload::PartialRecording::Program;

  /// A task launches another one that takes these results.
  void launching(const Legion::Task& parent, const std::vector<Legion::Future>& results);
  /// What its last launch returned.
  void launched(const Legion::Task& parent, const Legion::Future& result);
  void launched(const Legion::Task& parent, const Legion::FutureMap& results);
  void fenced(const Legion::Task& parent, const Legion::Future& end);
  /// `requirement`: a number of the recording's.
  void filled(const Legion::Task& parent, uint32_t requirement);
  /// A trace begins or ends.
  void traced(const Legion::Task& parent, workload::Operation::Kind kind, Legion::TraceID trace);
  /// A task waits; ignored unless it launched what it waits for.
  void waits(const Legion::Task& task, const Legion::Future& result);
  void waits(const Legion::Task& task, const Legion::FutureMap& results);
  /// The program is over.
  void ended();
  /// What all tasks did.
  [[nodiscard]] std::map<workload::TaskNumber, Program> programs() const;

 private:
  /// What a future is the result of.
  struct Source {
    workload::TaskNumber parent = 0;
    uint64_t launch = 0;  ///< Its number, from 1; 0: everything before a fence.
  };
  [[nodiscard]] Program& open(const Legion::Task& task);
  void note_clock(Program& program);
  void waits(const Legion::Task& task, const Source* source);

  mutable std::mutex mutex_;
  std::map<workload::TaskNumber, Program> programs_;
  // They hold what they name, so no address is used twice.
  std::map<Legion::Future, Source> results_;
  std::map<Legion::FutureMap, Source> result_maps_;
  uint64_t readings_ = 0;  ///< How many readings of the clock are noted.
};

}  // namespace placewright::legion
