// SPDX-License-Identifier: Apache-2.0
// Runs candidates on every input of a study. A value is the geometric mean of those of the inputs, so
// the ratio of two mappings is the geometric mean of their ratios.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tune/evaluator.h"
#include "tune/in_run_evaluator.h"
#include "tune/run_evaluator.h"
#include "tune/settings.h"

namespace placewright::tune {

/// Asks one evaluator for each input. They outlive it.
class SeveralInputs final : public StepEvaluator {
 public:
  struct Each {
    std::string name;
    std::vector<std::string> handwritten_command;  ///< Empty: no such baseline.
    Evaluator* evaluator = nullptr;
    StepEvaluator* steps = nullptr;  ///< The same one, if it times steps; else null.
  };
  explicit SeveralInputs(std::vector<Each> inputs) : inputs_(std::move(inputs)) {}

  /// What the inputs do, merged.
  Result<workload::Workload> discover() override;
  /// The checksum is all of theirs; empty if one has none.
  Result<RunResult> verify(const Subject& subject) override;
  /// `timeout_s` is for each input.
  Result<RunResult> time(const Subject& subject, double timeout_s) override;
  /// Those of the first input.
  Result<std::vector<explain::Finding>> explain(const Subject& subject,
                                                const workload::Workload& workload) override;
  Result<RunResult> begin(bool continues) override;
  [[nodiscard]] Explored explored() const override;
  Result<Walked> walk(const std::vector<std::string>& mappings) override;

 private:
  template <class Run>
  Result<RunResult> run_all(Run&& run) const;
  [[nodiscard]] static Subject subject_of(const Subject& subject, const Each& input);

  std::vector<Each> inputs_;
};

/// The evaluators of a study: of its only input, or of all.
class Inputs {
 public:
  /// `cancelled` and `stopped`: see InRunEvaluator; `left_s`: RunEvaluator. Errors: those of the evaluators.
  [[nodiscard]] static Result<Inputs> create(const Settings& settings,
                                             std::function<bool()> cancelled,
                                             std::function<bool()> stopped,
                                             std::function<double()> left_s);

  [[nodiscard]] Evaluator& whole() { return whole_ ? *whole_ : *each_.front().whole; }
  [[nodiscard]] StepEvaluator& steps() { return steps_ ? *steps_ : *each_.front().steps; }

 private:
  struct Each {
    std::unique_ptr<Settings> settings;
    std::unique_ptr<RunEvaluator> whole;
    std::unique_ptr<StepEvaluator> steps;
  };
  std::vector<Each> each_;
  std::unique_ptr<Evaluator> whole_;  ///< Only of several inputs.
  std::unique_ptr<StepEvaluator> steps_;
};

}  // namespace placewright::tune
