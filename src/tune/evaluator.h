// SPDX-License-Identifier: Apache-2.0
// The interfaces through which a search runs candidates. One implementation of each for real runs
// (run_evaluator.h, in_run_evaluator.h), scripted ones in tests.
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

/// What was measured in steps of runs that went on.
struct Explored {
  int mappings = 0;  ///< Different ones.
  int visits = 0;
  int steps = 0;
  int runs = 0;
};

/// Times mappings in a few steps of a run that goes on, instead of a run each: a value is the seconds
/// of one step in the steady state, on virtual GPUs modelled ones. Other commands are timed by whole
/// runs.
class StepEvaluator : public Evaluator {
 public:
  /// Starts a run and looks for its steps. Errors: why this program cannot be measured so, as a
  /// sentence that begins with "it".
  [[nodiscard]] virtual Result<void> begin() = 0;
  [[nodiscard]] virtual Explored explored() const = 0;
};

}  // namespace placewright::tune
