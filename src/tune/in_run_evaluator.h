// SPDX-License-Identifier: Apache-2.0
// Times mappings in steps of a real run (exploration_run.h). Everything else is done by whole runs.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tune/exploration_run.h"
#include "tune/run_evaluator.h"

namespace placewright::tune {

class InRunEvaluator final : public StepEvaluator {
 public:
  /// `whole` outlives it. `cancelled` is called on the thread of lane 0 only, `stopped` on those of
  /// others. Errors: no room for temporary files, an unreadable machine file.
  [[nodiscard]] static Result<std::unique_ptr<InRunEvaluator>> create(
      const Settings& settings, RunEvaluator& whole, std::function<bool()> cancelled,
      std::function<bool()> stopped);

  Result<RunResult> begin(bool continues) override;
  [[nodiscard]] Explored explored() const override;
  Result<workload::Workload> discover() override { return whole_->discover(); }
  [[nodiscard]] std::string recording() const override { return whole_->recording(); }
  Result<RunResult> verify(const Subject& subject) override { return whole_->verify(subject); }
  [[nodiscard]] int lanes() const override { return static_cast<int>(lanes_.size()); }
  Result<RunResult> time(const Subject& subject, double timeout_s) override {
    return time_in(0, subject, timeout_s);
  }
  Result<RunResult> time_in(int lane, const Subject& subject, double timeout_s) override;
  Result<Walked> walk(const std::vector<std::string>& mappings) override;
  Result<std::vector<explain::Finding>> explain(const Subject& subject,
                                                const workload::Workload& workload) override {
    return whole_->explain(subject, workload);
  }

 private:
  /// One run at a time, in a folder of its own.
  struct Lane {
    TemporaryFolder folder;
    std::unique_ptr<ExplorationRun> run;
    std::function<bool()> stopped;
  };

  InRunEvaluator(const Settings& settings, RunEvaluator& whole, TemporaryFolder folder,
                 double time_scale, std::function<bool()> stopped);
  [[nodiscard]] Result<void> add_lane(std::function<bool()> stopped);
  [[nodiscard]] Result<RunResult> look_for_steps(bool continues);
  /// A visit under the default mapper; an error says why the run cannot have one.
  [[nodiscard]] Result<explore::Visited> first_visit(Lane& lane, int steps) const;
  void learn_steps(const explore::Visited& visited);
  /// Keeps a second lane if both take as long as `alone` takes in one.
  [[nodiscard]] Result<void> try_second_lane(const RunResult& alone);
  /// Times the default mapper in both lanes at the same time.
  [[nodiscard]] bool are_undisturbed(double most_s);
  [[nodiscard]] Result<void> start_run(Lane& lane);
  void end_run(Lane& lane);
  void end_runs();
  [[nodiscard]] Result<std::string> file_of(const std::string& mapping);
  [[nodiscard]] RunResult result_of_visit(const explore::Visited& visited);
  /// After a visit that did not come back.
  [[nodiscard]] static Result<RunResult> why_no_visit(const Lane& lane);

  const Settings& settings_;
  RunEvaluator* whole_;
  TemporaryFolder folder_;
  double time_scale_;
  std::function<bool()> stopped_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  int steps_per_visit_;  ///< Guarded by mutex_ too.
  // Set by begin().
  double limit_s_ = 0;                        ///< On one visit ...
  double first_visit_s_ = 0;                  ///< ... and so much more on the first one of a run.
  mutable std::mutex mutex_;                  ///< Guards all below.
  std::map<std::string, std::string> files_;  ///< By the mapping's text.
  Explored explored_;                         ///< Without the current runs.
  double fastest_s_ =
      0;  ///< Seconds of the clock for a step under the fastest mapping; 0: unknown.
};

}  // namespace placewright::tune
