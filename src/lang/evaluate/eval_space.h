// SPDX-License-Identifier: Apache-2.0
// `Machine(GPU)` and the transformations of processor spaces. Internal to the evaluator.
#pragma once

#include <vector>

#include "lang/evaluate/eval_context.h"

namespace placewright::lang {

bool eval_machine(EvalContext& context, const Code& code, Value& out);

/// A method such as `split`, whose member is `code.member`.
bool transform(EvalContext& context, const Code& code, const machine::ProcessorSpace& space,
               const std::vector<Value>& arguments, Value& out);

}  // namespace placewright::lang
