// SPDX-License-Identifier: Apache-2.0
// min, max, abs, ceil_div, prod, sum and range. Internal to the evaluator.
#pragma once

#include "lang/evaluate/eval_context.h"

namespace placewright::lang {

bool eval_builtin(EvalContext& context, const Code& code, Value& out);

}  // namespace placewright::lang
