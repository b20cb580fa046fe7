// SPDX-License-Identifier: Apache-2.0
// Properties and methods. What transformations compute is in eval_space.h. Internal to the
// evaluator.
#pragma once

#include "lang/evaluate/eval_context.h"

namespace placewright::lang {

bool eval_property(EvalContext& context, const Code& code, Value& out);
bool eval_method(EvalContext& context, const Code& code, Value& out);

}  // namespace placewright::lang
