// SPDX-License-Identifier: Apache-2.0
// Goes through a recorded program in its order: loops, fences, waits, results, what tasks launch
// themselves. Whoever derives from it says what a launch does.
#pragma once

#include <optional>
#include <vector>

#include "decide/machine.h"
#include "decide/refusal.h"
#include "sim/timeline.h"
#include "workload/recording.h"

namespace placewright::sim {

class ProgramOrder {
 public:
  virtual ~ProgramOrder() = default;
  /// Ends after so many passes of the top-level task's main loop; 0: with the program. Errors: those of
  /// a launch.
  [[nodiscard]] tl::expected<void, decide::Refusal> run(size_t most_passes);

  /// The activities after which the program read the clock.
  [[nodiscard]] const std::vector<ActivityId>& clocks() const { return clocks_; }
  /// The last activity of each pass of the loop of the top-level task that has most tasks.
  [[nodiscard]] const std::vector<ActivityId>& passes() const { return passes_; }

 protected:
  ProgramOrder(const workload::Recording& recording, Timeline& timeline)
      : recording_(&recording), timeline_(&timeline) {}
  ProgramOrder(const ProgramOrder&) = default;
  ProgramOrder& operator=(const ProgramOrder&) = default;

  /// Where a task is in what it does.
  struct Cursor {
    uint32_t program = 0;
    std::optional<decide::ProcessorPlace> place;
    ActivityId start = kNoActivity;         ///< What it launches comes after this.
    bool is_traced = false;                 ///< It is between the marks of a trace.
    std::vector<ActivityId> launched = {};  ///< The ends of its launches.
    std::vector<ActivityId> open = {};      ///< The ends of those that no fence has waited for.
    size_t loop = 0;
    uint64_t pass = 0;
    size_t operation = 0;
  };
  using Outcome = tl::expected<void, decide::Refusal>;

  /// Adds what the tasks of a launch do, and tells launched().
  [[nodiscard]] virtual Outcome launch(Cursor& cursor, const workload::Launch& launch) = 0;
  /// The data of a requirement gets one value.
  virtual void fill(const Cursor& cursor, uint32_t requirement) = 0;

  /// What the tasks of a launch come after: the cursor's start, and the results that they use.
  [[nodiscard]] static std::vector<ActivityId> results(const Cursor& cursor,
                                                       const workload::Launch& launch);
  void launched(Cursor& cursor, std::vector<ActivityId> ends);
  /// Goes through programs side by side, as tasks of one launch run. Returns the end of each.
  [[nodiscard]] tl::expected<std::vector<ActivityId>, decide::Refusal> run_together(
      std::vector<Cursor> cursors);
  [[nodiscard]] ActivityId barrier(std::vector<ActivityId> after) {
    return timeline_->add({}, std::move(after));
  }
  [[nodiscard]] const workload::Recording& recording() const { return *recording_; }
  [[nodiscard]] Timeline& timeline() { return *timeline_; }

 private:
  [[nodiscard]] bool is_over(const Cursor& cursor) const;
  [[nodiscard]] Outcome step(Cursor& cursor);
  void move_on(Cursor& cursor);
  [[nodiscard]] size_t main_loop() const;

  const workload::Recording* recording_;
  Timeline* timeline_;
  std::vector<ActivityId> clocks_;
  std::vector<ActivityId> passes_;
};

}  // namespace placewright::sim
