// SPDX-License-Identifier: Apache-2.0
// Unary and binary operators and `?:`. Internal to the evaluator.
#pragma once

#include "lang/evaluate/eval_context.h"
#include "lang/evaluate/integer.h"

namespace placewright::lang {

bool eval_unary(EvalContext& context, const Code& code, Value& out);
bool eval_binary(EvalContext& context, const Code& code, Value& out);
bool eval_conditional(EvalContext& context, const Code& code, Value& out);

/// An arithmetic operator on two integers. Errors: division by zero, a result that does not fit into
/// 64 bits; of the second form, one of 2^63 and above.
bool arithmetic(EvalContext& context, const Code& code, BinaryOp op, Wide a, Wide b, Wide& out);
bool arithmetic(EvalContext& context, const Code& code, BinaryOp op, int64_t a, int64_t b,
                int64_t& out);

}  // namespace placewright::lang
