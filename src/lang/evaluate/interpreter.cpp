// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/interpreter.h"

#include <algorithm>

#include "lang/evaluate/eval_call.h"
#include "lang/evaluate/eval_expression.h"
#include "support/check.h"

namespace placewright::lang {

bool Interpreter::run_function(const CompiledFunction& function, const TaskView& task,
                               Value& result) {
  PLACEWRIGHT_CHECK(function.parameters.size() == 1);
  context_.steps_left = std::min(kMaxEvaluationSteps, launch_steps_left_);
  context_.is_launch_spent = launch_steps_left_ < kMaxEvaluationSteps;
  const int64_t before = context_.steps_left;
  launch_frame_.resize(static_cast<size_t>(function.slot_count));
  launch_frame_[0] = &task;
  context_.frame = &launch_frame_;
  const bool good = run_body(context_, function, result);
  launch_steps_left_ -= before - context_.steps_left;
  return good;
}

bool Interpreter::run_global(const CompiledStatement& statement, Value& result) {
  context_.steps_left = kMaxEvaluationSteps;
  launch_frame_.assign(static_cast<size_t>(statement.slot_count), Value{});
  context_.frame = &launch_frame_;
  if (statement.kind == CompiledStatement::Kind::Print) return run_print(context_, statement);
  return eval(context_, statement.expressions[0], result);
}

bool Interpreter::evaluate(const Code& code, std::vector<Value> frame, int64_t& steps_left,
                           Value& result) {
  context_.steps_left = steps_left;
  context_.frame = &frame;
  const bool good = eval(context_, code, result);
  context_.frame = nullptr;
  steps_left = context_.steps_left;
  return good;
}

}  // namespace placewright::lang
