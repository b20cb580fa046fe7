// SPDX-License-Identifier: Apache-2.0
// Maps the tasks of a recorded program in its order and adds what they do to a timeline.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/mapping.h"
#include "sim/measured_tasks.h"
#include "sim/program_order.h"

namespace placewright::sim {

class Walk final : public ProgramOrder {
 public:
  /// `needs_costs`: a task whose cost is unknown is an error.
  Walk(const workload::Recording& recording, Mapping& mapping, Coherence& coherence,
       const Data& data, const Instances& instances, const MeasuredTasks& measured,
       WorkModel& model, Timeline& timeline, Labels& labels, bool needs_costs)
      : ProgramOrder(recording, timeline),
        mapping_(&mapping),
        coherence_(&coherence),
        data_(&data),
        instances_(&instances),
        measured_(&measured),
        model_(&model),
        labels_(&labels),
        needs_costs_(needs_costs) {}

  /// How many points have the time that a run measured.
  [[nodiscard]] uint64_t measured_tasks() const { return measured_tasks_; }

 private:
  /// Errors: those that would end a run, and tasks without a cost if it is needed.
  [[nodiscard]] Outcome launch(Cursor& cursor, const workload::Launch& launch) override;
  void fill(const Cursor& cursor, uint32_t requirement) override;
  /// Whether the runtime replays it from a trace, records it, or neither.
  [[nodiscard]] Tracing tracing(const Cursor& cursor, const workload::Launch& launch);
  [[nodiscard]] tl::expected<ActivityId, decide::Refusal> add_point(const workload::Launch& launch,
                                                                    size_t point,
                                                                    const MappedPoint& mapped,
                                                                    std::vector<ActivityId> after,
                                                                    ActivityId start);
  /// The runtime's work before a point can start; `start` if it takes no time.
  [[nodiscard]] ActivityId add_mapping(const workload::PointTask& task, const MappedPoint& mapped,
                                       size_t new_instances, ActivityId start);
  /// What a point occupies. Errors: it is unknown.
  [[nodiscard]] tl::expected<Work, decide::Refusal> work_of(const workload::PointTask& task,
                                                            const MappedPoint& mapped);
  /// What a point comes after if so many of its task may be in flight on its processor.
  [[nodiscard]] ActivityId admit(const workload::Launch& launch, const MappedPoint& mapped,
                                 ActivityId start);
  void finished(const workload::Launch& launch, const MappedPoint& mapped, ActivityId end);

  Mapping* mapping_;
  Coherence* coherence_;
  const Data* data_;
  const Instances* instances_;
  const MeasuredTasks* measured_;
  WorkModel* model_;
  Labels* labels_;
  bool needs_costs_;
  uint64_t measured_tasks_ = 0;
  std::map<std::string, int> times_traced_;  ///< By task.
  /// The ends of limited tasks, by task and processor, in the order in which they were mapped.
  std::map<std::pair<std::string, decide::ProcessorPlace>, std::vector<ActivityId>> limited_;
};

}  // namespace placewright::sim
