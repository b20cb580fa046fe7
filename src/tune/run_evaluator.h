// SPDX-License-Identifier: Apache-2.0
// Evaluates by running the application (launch/run_application.h): writes the mapping to a file,
// runs, and reads metric and checksum from what the application printed.
#pragma once

#include <functional>
#include <memory>

#include "explain/observation.h"
#include "launch/run_application.h"
#include "support/temporary_folder.h"
#include "tune/evaluator.h"
#include "tune/settings.h"

namespace placewright::tune {

/// Status and message of a run.
[[nodiscard]] RunResult result_of(const launch::RunOutcome& outcome);

class RunEvaluator : public Evaluator {
 public:
  /// `cancelled` is polled about ten times a second during a run; true ends the run. `left_s` gives
  /// the most that a run may take that has no limit of its own; empty: the study's budget.
  /// Errors: a metric or checksum that is not a regular expression with one group, no room for
  /// temporary files.
  [[nodiscard]] static Result<std::unique_ptr<RunEvaluator>> create(
      const Settings& settings, std::function<bool()> cancelled,
      std::function<double()> left_s = {});

  Result<workload::Workload> discover() override;
  [[nodiscard]] std::string recording() const override { return recording_; }
  Result<RunResult> verify(const Subject& subject) override;
  Result<RunResult> time(const Subject& subject, double timeout_s) override;
  Result<std::vector<explain::Finding>> explain(const Subject& subject,
                                                const workload::Workload& workload) override;
  /// A run in which mappings take turns, without a time limit.
  [[nodiscard]] Result<launch::RunRequest> exploration();
  /// A correctness run of the command in which mappings take turns. `plan`, `explored`: paths, as in
  /// launch::RunRequest.
  [[nodiscard]] Result<RunResult> walk(const std::string& plan, const std::string& explored);

 private:
  RunEvaluator(const Settings& settings, TemporaryFolder folder, std::function<bool()> cancelled,
               std::function<double()> left_s, Pattern metric, Pattern checksum);
  Result<launch::RunRequest> request(const Subject& subject,
                                     const std::vector<std::string>& command);
  /// A timed run must print the metric.
  Result<RunResult> run(const launch::RunRequest& request, bool timed);
  /// Collects what is known about a run, as the input of explain().
  Result<explain::Observation> observation(const launch::RunRequest& request,
                                           launch::RunOutcome outcome) const;

  Settings settings_;
  TemporaryFolder folder_;
  std::function<bool()> cancelled_;
  std::function<double()> left_s_;
  Pattern metric_;
  Pattern checksum_;
  std::optional<workload::Workload> workload_;  ///< Set once it is known.
  std::string recording_;                       ///< What the discovery run launched.
  explain::TaskTimes task_times_;               ///< From all profile runs so far.
};

}  // namespace placewright::tune
