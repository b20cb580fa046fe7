// SPDX-License-Identifier: Apache-2.0
// `t[0]`, `m[i, j]` and `m[i, *]`. Internal to the evaluator.
#pragma once

#include "lang/evaluate/eval_context.h"

namespace placewright::lang {

bool eval_index(EvalContext& context, const Code& code, Value& out);

}  // namespace placewright::lang
