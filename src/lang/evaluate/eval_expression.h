// SPDX-License-Identifier: Apache-2.0
// Values of expressions and of lists of them. What an operation means is in a header of its own.
// Internal to the evaluator.
#pragma once

#include <vector>

#include "lang/evaluate/eval_context.h"

namespace placewright::lang {

/// Counts steps and nesting depth.
bool eval(EvalContext& context, const Code& code, Value& out);

/// The stored value itself if there is one, else `scratch` after evaluation; null after an error.
const Value* refer(EvalContext& context, const Code& code, Value& scratch);

/// One element of a list, or the elements of a tuple that is unpacked there; integers only.
bool append_integers(EvalContext& context, const Code& element, IntTuple& out);
/// Elements and unpacked tuples starting with child `first`, integers only.
bool eval_integers(EvalContext& context, const Code& code, size_t first, IntTuple& out);
/// The same for arguments of any type.
bool eval_arguments(EvalContext& context, const Code& code, size_t first, std::vector<Value>& out);

}  // namespace placewright::lang
