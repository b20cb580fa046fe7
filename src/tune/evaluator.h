// SPDX-License-Identifier: Apache-2.0
// The interfaces through which a search runs candidates. One implementation of each for real runs
// (run_evaluator.h, in_run_evaluator.h), scripted ones in tests.
#pragma once

#include <map>
#include <string>
#include <vector>

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
  /// What that run launched, in its order: JSON (workload/recording.h); empty: it was not recorded.
  [[nodiscard]] virtual std::string recording() const { return {}; }
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
  /// By task: why its launches kept the run's own mapping, so that steps show nothing of it.
  std::map<std::string, std::string> kept = {};
};

/// A run in which mappings took turns.
struct Walked {
  RunResult result;     ///< With the checksum.
  size_t mappings = 0;  ///< The first so many decided for a step each.
};

/// What became of mappings whose results were to be checked (results_check.h).
struct ResultsCheck {
  int right = 0;
  int wrong = 0;
  int unknown = 0;  ///< There was no time.
};

/// Times mappings in a few steps of a run that goes on, instead of a run each: a value is the seconds
/// of one step in the steady state, on virtual GPUs modelled ones. Other commands are timed by whole
/// runs.
class StepEvaluator : public Evaluator {
 public:
  /// Starts a run, looks for its steps, and returns what the first of them took, under the default
  /// mapper. Errors: why this program cannot be measured so, as a sentence that begins with "it".
  /// `continues`: an earlier session measured so, which settles whether the steps are long enough.
  [[nodiscard]] virtual Result<RunResult> begin(bool continues) = 0;
  /// How many runs go on at the same time, each a lane; known after begin(). They do not disturb each
  /// other.
  [[nodiscard]] virtual int lanes() const { return 1; }
  /// time() in a lane from 0 on. May be called for different lanes on several threads at once.
  [[nodiscard]] virtual Result<RunResult> time_in(int lane, const Subject& subject,
                                                  double timeout_s) {
    (void)lane;
    return time(subject, timeout_s);
  }
  [[nodiscard]] virtual Explored explored() const = 0;
  /// One run of the command that computes and prints a checksum. Each mapping decides for one step, as
  /// far as the program has steps, and the default mapper for all others.
  [[nodiscard]] virtual Result<Walked> walk(const std::vector<std::string>& mappings) = 0;
};

}  // namespace placewright::tune
