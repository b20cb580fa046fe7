// SPDX-License-Identifier: Apache-2.0
// What the runtime's own work takes on a modelled machine (`run --runtime-cost model`): mapper calls
// keep their utility processor busy for so long, in the run's scaled time. Thread-safe.
#pragma once

#include <placewright/machine_table.h>

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "legion.h"

namespace placewright::legion {

class RuntimeCost {
 public:
  using Clock = std::chrono::steady_clock;

  /// Models it if the machine table has the costs.
  RuntimeCost();

  /// An operation is part of a trace. Legion records a trace the first two times and replays it from
  /// then on; in runs on virtual GPUs it only would, because the plug-in must see every copy.
  void traced(const Legion::Mappable& operation);
  /// A task has been mapped since `start`, with so many new instances.
  void mapped(const Legion::Task& task, size_t instances, Clock::time_point start);
  /// A copy made for a task has ended.
  void copied(const Legion::Task& task);

 private:
  /// A launch: its parent and its number there.
  using Launch = std::pair<Legion::UniqueID, uint64_t>;
  [[nodiscard]] const MachineTable::Runtime::Work& work_of(const Legion::Task& task);
  void wait_until(Clock::time_point start, double modelled_seconds) const;

  std::optional<MachineTable::Runtime> costs_;
  double time_scale_ = 1;
  std::mutex mutex_;
  std::map<Legion::TaskID, int> times_traced_;
  std::set<Launch> captured_;
  std::set<Launch> replayed_;
};

}  // namespace placewright::legion
