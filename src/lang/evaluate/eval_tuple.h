// SPDX-License-Identifier: Apache-2.0
// What makes tuples: lists, comprehensions and slices. Internal to the evaluator.
#pragma once

#include "lang/evaluate/eval_context.h"

namespace placewright::lang {

bool eval_tuple(EvalContext& context, const Code& code, Value& out);
bool eval_comprehension(EvalContext& context, const Code& code, Value& out);
bool eval_slice(EvalContext& context, const Code& code, Value& out);

}  // namespace placewright::lang
