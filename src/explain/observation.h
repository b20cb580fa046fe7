// SPDX-License-Identifier: Apache-2.0
// Everything that is known of one run, as the input of explain(): made by observe.h from a program,
// or from what a study stored.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "launch/run_application.h"
#include "profile/profile.h"
#include "workload/workload.h"

namespace placewright::explain {

/// What a caller found out that the run itself does not show.
struct Verdict {
  enum class Problem { None, WrongResult, NoMetric };
  Problem problem = Problem::None;
  std::string expected;  ///< WrongResult: the checksum of the baseline. NoMetric: the pattern.
  std::string found;     ///< WrongResult: the checksum of the run.
};

/// Median times by task and kind of processor ("GPU"); modelled seconds under a machine file.
using TaskTimes = std::map<std::pair<std::string, std::string>, double>;

struct Observation {
  /// Name and text of the mapping; empty under Legion's default mapper.
  std::string mapping_name;
  std::string mapping;
  machine::MachineShape machine;
  launch::RunOutcome outcome;
  Verdict verdict;
  /// What became of the same command without Placewright, if that was tried after a failure.
  std::optional<launch::RunStatus> without_mapping;
  /// What the application does; without it no rule can be advised and no decision be judged.
  std::optional<workload::Workload> workload;
  /// Profile of a run that ended well, with the same decisions.
  std::optional<profile::Profile> profile;
  /// Wall seconds of the profile per modelled second; 1 on a real machine.
  double time_scale = 1;
  /// The most that one direction of the bus between a GPU and its node can carry, by the machine
  /// file; unknown without one.
  std::optional<double> bus_bytes_per_second;
  /// From profiles of earlier runs: what is known of kinds of processors that this run did not use.
  TaskTimes earlier;
};

}  // namespace placewright::explain
