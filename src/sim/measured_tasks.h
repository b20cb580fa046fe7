// SPDX-License-Identifier: Apache-2.0
// Times of tasks whose application states no cost, as a run of the recorded program measured them. They
// hold where their data is as it was then: under the default mapper, in frame buffers for GPUs and in
// the host's memory for CPUs, each field for itself, the first dimension fastest unless the variant demands
// something else.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "sim/mapping.h"
#include "workload/recording.h"

namespace placewright::sim {

class MeasuredTasks {
 public:
  explicit MeasuredTasks(const workload::Recording& recording);

  /// Seconds of a point. Errors, in words: nobody measured it, or not with its data like this.
  [[nodiscard]] tl::expected<double, std::string> of(const MappedPoint& point,
                                                     const Instances& instances) const;

 private:
  /// Whether the variant demands a layout: then the argument had it when it was measured too.
  [[nodiscard]] bool is_demanded(const MappedPoint& point, int argument) const;

  const workload::Recording* recording_;
  std::map<std::pair<uint32_t, machine::ProcessorKind>, double> seconds_;
};

}  // namespace placewright::sim
