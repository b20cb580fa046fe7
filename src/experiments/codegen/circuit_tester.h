// SPDX-License-Identifier: Apache-2.0
// Tests answers on circuit: checks or compiles them, runs circuit with the real Legion runtime on
// virtual GPUs, and reads back the decisions made.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "experiments/codegen/answer_tester.h"
#include "launch/run_application.h"
#include "support/temporary_folder.h"

namespace placewright::experiments {

struct CircuitTesterSettings {
  std::string circuit;  ///< The program.
  /// Allows compiling and running C++ of unknown origin. Otherwise only mappings are tested.
  bool allow_native_code = false;
  double run_timeout_s = 60;
  double compile_timeout_s = 300;
  std::function<bool()> cancelled;  ///< May be empty.
};

class CircuitTester final : public AnswerTester {
 public:
  /// Errors: no such program, no room for temporary files.
  [[nodiscard]] static Result<std::unique_ptr<CircuitTester>> create(
      CircuitTesterSettings settings);

  /// A crash, a hang and a changed result all count as Fails; a crash inside the runtime only if it
  /// happens three times. Errors: native code that is not allowed, cancelled, no compiler, nothing
  /// could be started.
  [[nodiscard]] Result<Assessment> assess(Target target, const Strategy& strategy,
                                          const std::string& code) override;

 private:
  CircuitTester(CircuitTesterSettings settings, TemporaryFolder folder)
      : settings_(std::move(settings)), folder_(std::move(folder)) {}

  [[nodiscard]] launch::RunRequest request_for(int strategy) const;
  /// Executes the request and judges the run.
  [[nodiscard]] Result<Assessment> run(const launch::RunRequest& request, Target target,
                                       int strategy) const;
  [[nodiscard]] Result<Assessment> assess_mapping(int strategy, const std::string& code) const;
  [[nodiscard]] Result<Assessment> assess_cpp(int strategy, const std::string& code) const;

  CircuitTesterSettings settings_;
  TemporaryFolder folder_;
};

}  // namespace placewright::experiments
