// SPDX-License-Identifier: Apache-2.0
// What a simulated run did, in the form in which real runs are profiled and drawn.
#pragma once

#include <string>
#include <vector>

#include "profile/profile.h"
#include "sim/instances.h"
#include "sim/labels.h"
#include "sim/level.h"
#include "sim/work_model.h"

namespace placewright::sim {

/// Something that took time; seconds of the modelled machine.
struct Span {
  std::string what;   ///< As words() of a label has it.
  std::string where;  ///< "GPU 0", "copies into FBMEM 0".
  int node = 0;
  bool is_task = false;
  double start_s = 0;
  double end_s = 0;
};

struct ObservedRun {
  /// Its `runtime` says that it was simulated. Without mapper calls, the runtime's own work, names of
  /// variants and lifetimes of instances; GPUs have device time only.
  profile::Profile profile;
  std::vector<Span> spans;  ///< By start.
};

struct SimulatedRun {
  const workload::Recording& recording;
  const Data& data;
  const ModelledMachine& machine;
  const Instances& instances;
  const WorkModel& model;
  const Timeline& timeline;  ///< That has run.
  const Labels& labels;      ///< That were kept.
  Level level;
};

[[nodiscard]] ObservedRun observe(const SimulatedRun& run);

}  // namespace placewright::sim
