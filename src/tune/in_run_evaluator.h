// SPDX-License-Identifier: Apache-2.0
// Times mappings in steps of a real run (exploration_run.h). Everything else is done by whole runs.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "tune/exploration_run.h"
#include "tune/run_evaluator.h"

namespace placewright::tune {

class InRunEvaluator final : public StepEvaluator {
 public:
  /// `whole` outlives it. Errors: no room for temporary files, an unreadable machine file.
  [[nodiscard]] static Result<std::unique_ptr<InRunEvaluator>> create(
      const Settings& settings, RunEvaluator& whole, std::function<bool()> cancelled);

  Result<RunResult> begin(bool continues) override;
  [[nodiscard]] Explored explored() const override;
  Result<workload::Workload> discover() override { return whole_->discover(); }
  Result<RunResult> verify(const Subject& subject) override { return whole_->verify(subject); }
  Result<RunResult> time(const Subject& subject, double timeout_s) override;
  Result<Walked> walk(const std::vector<std::string>& mappings) override;
  Result<std::vector<explain::Finding>> explain(const Subject& subject,
                                                const workload::Workload& workload) override {
    return whole_->explain(subject, workload);
  }

 private:
  InRunEvaluator(const Settings& settings, RunEvaluator& whole, TemporaryFolder folder,
                 double time_scale, std::function<bool()> cancelled);
  [[nodiscard]] Result<RunResult> look_for_steps(bool continues);
  [[nodiscard]] Result<void> start_run();
  void end_run();
  [[nodiscard]] Result<std::string> file_of(const std::string& mapping);
  [[nodiscard]] RunResult result_of_visit(const explore::Visited& visited);
  /// After a visit that did not come back.
  [[nodiscard]] Result<RunResult> why_no_visit();

  const Settings& settings_;
  RunEvaluator* whole_;
  TemporaryFolder folder_;
  double time_scale_;
  std::function<bool()> cancelled_;
  std::map<std::string, std::string> files_;  ///< By the mapping's text.
  std::unique_ptr<ExplorationRun> run_;
  Explored explored_;  ///< Without the steps of the current run.
  int steps_per_visit_;
  double fastest_s_ =
      0;  ///< Seconds of the clock for a step under the fastest mapping; 0: unknown.
  // Set by begin().
  double limit_s_ = 0;        ///< On one visit ...
  double first_visit_s_ = 0;  ///< ... and so much more on the first one of a run.
};

}  // namespace placewright::tune
