// SPDX-License-Identifier: Apache-2.0
// Unary and binary operators and `?:`. Internal to the evaluator.
#pragma once

#include "lang/evaluate/eval_context.h"

namespace placewright::lang {

bool eval_unary(EvalContext& context, const Code& code, Value& out);
bool eval_binary(EvalContext& context, const Code& code, Value& out);
bool eval_conditional(EvalContext& context, const Code& code, Value& out);

/// An arithmetic operator on two integers. Errors: overflow, division by zero.
bool arithmetic(EvalContext& context, const Code& code, BinaryOp op, int64_t a, int64_t b,
                int64_t& out);

}  // namespace placewright::lang
