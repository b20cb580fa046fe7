// SPDX-License-Identifier: Apache-2.0
// The interface through which a search runs candidates. One implementation for real runs
// (run_evaluator.h), scripted ones in tests.
#pragma once

#include "support/result.h"
#include "tune/evaluation.h"
#include "workload/workload.h"

namespace placewright::tune {

/// An Error from any call means that nothing can be evaluated for a reason outside the application
/// and mapping; it ends the search. Everything else is a RunResult.
class Evaluator {
 public:
  virtual ~Evaluator() = default;

  /// One run of the application under the default mapper that records what it does.
  [[nodiscard]] virtual Result<workload::Workload> discover() = 0;
  /// A run that computes and prints a checksum. Never timed.
  [[nodiscard]] virtual Result<RunResult> verify(const Subject& subject) = 0;
  /// A timed run. Killed after `timeout_s`.
  [[nodiscard]] virtual Result<RunResult> time(const Subject& subject, double timeout_s) = 0;
  /// The findings of a profile run, which is never timed, heaviest first; empty if it failed.
  [[nodiscard]] virtual Result<std::vector<explain::Finding>> explain(
      const Subject& subject, const workload::Workload& workload) = 0;
};

}  // namespace placewright::tune
