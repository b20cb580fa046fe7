// SPDX-License-Identifier: Apache-2.0
// The seam between a search and the world: how candidates are run. One implementation for real runs
// (run_evaluator.h), scripted ones in tests.
#pragma once

#include "support/result.h"
#include "tune/evaluation.h"
#include "workload/workload.h"

namespace placewright::tune {

/// An Error of any call means that nothing can be evaluated for a reason outside of application and
/// mapping; the search ends with it. Everything else is a RunResult.
class Evaluator {
 public:
  virtual ~Evaluator() = default;

  /// One run of the application under the default mapper that writes down what it does.
  [[nodiscard]] virtual Result<Workload> discover() = 0;
  /// A run that computes and prints a checksum. Never timed.
  [[nodiscard]] virtual Result<RunResult> verify(const Subject& subject) = 0;
  /// A run whose metric counts. Killed after `timeout_s`.
  [[nodiscard]] virtual Result<RunResult> time(const Subject& subject, double timeout_s) = 0;
  /// A profile run, never timed, and what it shows, heaviest first; empty if it failed.
  [[nodiscard]] virtual Result<std::vector<explain::Finding>> explain(const Subject& subject,
                                                                      const Workload& workload) = 0;
};

}  // namespace placewright::tune
