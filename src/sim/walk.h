// SPDX-License-Identifier: Apache-2.0
// Goes through a recorded program in its order, maps its tasks and adds what they do to a timeline.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/mapping.h"

namespace placewright::sim {

class Walk {
 public:
  Walk(const workload::Recording& recording, Mapping& mapping, Coherence& coherence,
       WorkModel& model, Timeline& timeline, Labels& labels)
      : recording_(&recording),
        mapping_(&mapping),
        coherence_(&coherence),
        model_(&model),
        timeline_(&timeline),
        labels_(&labels) {}

  /// Ends after so many passes of the top-level task's main loop; 0: with the program. Errors: those
  /// that would end a run, and a task whose cost is unknown.
  [[nodiscard]] tl::expected<void, decide::Refusal> run(size_t most_passes);

  /// The activities after which the program read the clock.
  [[nodiscard]] const std::vector<ActivityId>& clocks() const { return clocks_; }
  /// The last activity of each pass of the loop of the top-level task that has most tasks.
  [[nodiscard]] const std::vector<ActivityId>& passes() const { return passes_; }

 private:
  /// Where a task is in what it does.
  struct Cursor {
    uint32_t program = 0;
    std::optional<decide::ProcessorPlace> place;
    ActivityId start = kNoActivity;     ///< What it launches comes after this.
    std::vector<ActivityId> launched;   ///< The ends of its launches.
    std::vector<ActivityId> open = {};  ///< The ends of those that no fence has waited for.
    size_t loop = 0;
    uint64_t pass = 0;
    size_t operation = 0;
  };
  using Outcome = tl::expected<void, decide::Refusal>;

  [[nodiscard]] bool is_over(const Cursor& cursor) const;
  [[nodiscard]] Outcome step(Cursor& cursor);
  void move_on(Cursor& cursor);
  [[nodiscard]] Outcome launch(Cursor& cursor, const workload::Launch& launch);
  [[nodiscard]] tl::expected<ActivityId, decide::Refusal> add_point(const workload::Launch& launch,
                                                                    size_t point,
                                                                    const MappedPoint& mapped,
                                                                    std::vector<ActivityId> after,
                                                                    ActivityId start);
  /// Goes through programs side by side, as tasks of one launch run. Returns the end of each.
  [[nodiscard]] tl::expected<std::vector<ActivityId>, decide::Refusal> run_together(
      std::vector<Cursor> cursors);
  /// What a point comes after if so many of its task may be in flight on its processor.
  [[nodiscard]] ActivityId admit(const workload::Launch& launch, const MappedPoint& mapped,
                                 ActivityId start);
  void finished(const workload::Launch& launch, const MappedPoint& mapped, ActivityId end);
  [[nodiscard]] ActivityId barrier(std::vector<ActivityId> after) {
    return timeline_->add({}, std::move(after));
  }
  [[nodiscard]] size_t main_loop() const;

  const workload::Recording* recording_;
  Mapping* mapping_;
  Coherence* coherence_;
  WorkModel* model_;
  Timeline* timeline_;
  Labels* labels_;
  /// The ends of limited tasks, by task and processor, in the order in which they were mapped.
  std::map<std::pair<std::string, decide::ProcessorPlace>, std::vector<ActivityId>> limited_;
  std::vector<ActivityId> clocks_;
  std::vector<ActivityId> passes_;
};

}  // namespace placewright::sim
