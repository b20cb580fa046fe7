// SPDX-License-Identifier: Apache-2.0
// What can be checked about a program without a machine and without an application.
#pragma once

#include "lang/syntax/ast.h"
#include "support/diagnostics.h"

namespace placewright::lang {

/// Reports unknown and misused names, wrong arity, wrong types as far as the text determines them,
/// duplicate definitions, missing returns, functions used before their definition, rules that can
/// never match, and constant indices and divisions that must fail. A program without errors here
/// can be evaluated; whether evaluation then fails depends on the machine or on the point.
void check(const Program& program, Diagnostics& diagnostics);

/// Priorities are from the negative of this number to it.
inline constexpr int kLargestPriority = 1'000'000;

}  // namespace placewright::lang
