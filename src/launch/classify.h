// SPDX-License-Identifier: Apache-2.0
// Determines the outcome of a run from how its processes ended, what the plug-in reported and what
// the runtime logged. Pure: works on texts.
#pragma once

#include <string>
#include <vector>

#include "launch/run_application.h"
#include "support/child_process.h"
#include "workload/legality.h"

namespace placewright::launch {

struct RunEvidence {
  ChildResult child;
  std::vector<std::string> status;  ///< Lines of all processes' status files.
  std::string log;                  ///< All processes' logs, one after the other.
};

/// Fills status, message, memory, signal and exit status of an outcome.
void classify(const RunRequest& request, const RunEvidence& evidence, RunOutcome& outcome);

/// The tasks and regions that the plug-in saw; regions only if the mapping names some.
[[nodiscard]] workload::KnownNames known_names(const RunEvidence& evidence);

/// What a run is called that ended with such an error; unset where only the way in which its
/// processes ended tells.
[[nodiscard]] std::optional<RunStatus> status_of(ErrorCause cause);

/// Failed assertions, each as `event_impl.cc:1748: gen_triggered == ...` or empty: one of Realm,
/// Legion or a mapper, and one of the rest of the program. Recognised by the line that the C
/// library or Regent prints.
struct FailedAssertions {
  std::string of_runtime;
  std::string of_application;
};
[[nodiscard]] FailedAssertions find_assertions(const std::string& text);

}  // namespace placewright::launch
