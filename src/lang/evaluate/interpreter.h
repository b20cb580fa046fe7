// SPDX-License-Identifier: Apache-2.0
// Runs compiled code. One Interpreter per run: it owns the frame, the memo cells, the step budget
// and the error. Internal to the evaluator.
#pragma once

#include <vector>

#include "lang/evaluate/eval_context.h"

namespace placewright::lang {

/// Every function that returns bool returns false after setting the error.
class Interpreter {
 public:
  /// `use_memos` enables the memo cells: outside a launch nothing stays the same.
  Interpreter(const CompiledProgram& program, bool use_memos) : context_(program, use_memos) {}

  /// One function of a launch on one task.
  [[nodiscard]] bool run_function(const CompiledFunction& function, const TaskView& task,
                                  Value& result);
  /// One statement outside functions.
  [[nodiscard]] bool run_global(const CompiledStatement& statement, Value& result);

  /// An expression with the given values in its frame, in at most so many steps.
  [[nodiscard]] bool evaluate(const Code& code, std::vector<Value> frame, int64_t& steps_left,
                              Value& result);

  /// Has no id when the cause is a global that failed, which was reported already.
  [[nodiscard]] const Diagnostic& error() const { return context_.error; }
  [[nodiscard]] const std::vector<Diagnostic>& warnings() const { return context_.warnings; }

 private:
  EvalContext context_;
  EvalContext::Frame launch_frame_;
  int64_t launch_steps_left_ = kMaxLaunchSteps;
};

}  // namespace placewright::lang
