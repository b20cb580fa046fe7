// SPDX-License-Identifier: Apache-2.0
// Counts how many random mappings (draw_mapping.h) are invalid, and how: once as the published
// system treats them, once with this project's checker, legality rules and memory fall-back in
// front. Counts need no GPU speed: runs are small, move bytes and compute on virtual GPUs. Every
// result is logged at once (validity_log.h), so an interrupted experiment can be resumed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "experiments/applications.h"
#include "experiments/validity/validity_log.h"
#include "workload/workload.h"

namespace placewright::experiments {

struct ValiditySettings {
  std::vector<Application> applications;
  std::string machine;  ///< Path of a machine file.
  int seeds = 10;       ///< 1 to this.
  int jobs = 1;         ///< Runs at the same time.
  double timeout_s = 60;
  std::string log;  ///< Path; created if it does not exist.
  std::function<bool()> stop;
  std::function<void(const std::string&)> note;  ///< Progress for the user; may be empty.
};

/// What an application does and prints under Legion's default mapper.
struct Baseline {
  workload::Workload workload;
  std::string checksum;
};
/// Errors: the application fails, or prints no checksum.
[[nodiscard]] Result<Baseline> discover_baseline(const ValiditySettings& settings,
                                                 const Application& application);

struct ValidityResult {
  std::vector<std::string> applications;
  int seeds = 0;
  std::vector<ValidityTrial> trials;  ///< Only for these applications and seeds.
  bool stopped = false;               ///< The user stopped it; the same command resumes it.
};

/// Errors: a log of another experiment, an application that fails under the default mapper, nothing
/// can be started for a reason outside the application and mapping.
[[nodiscard]] Result<ValidityResult> run_validity_experiment(const ValiditySettings& settings);

}  // namespace placewright::experiments
