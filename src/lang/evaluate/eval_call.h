// SPDX-License-Identifier: Apache-2.0
// Calls of the program's functions, the statements of their bodies, and `print`. Internal to the
// evaluator.
#pragma once

#include "lang/evaluate/eval_context.h"

namespace placewright::lang {

/// Whether a parameter of this type accepts the value.
[[nodiscard]] bool accepts(ParameterType type, const Value& value);

bool eval_call(EvalContext& context, const Code& code, Value& out);

/// The function's body in the frame that the context has.
bool run_body(EvalContext& context, const CompiledFunction& function, Value& result);
bool run_print(EvalContext& context, const CompiledStatement& statement);

}  // namespace placewright::lang
