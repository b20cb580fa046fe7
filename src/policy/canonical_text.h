// SPDX-License-Identifier: Apache-2.0
// All that a mapping decides, for tasks that nobody has seen yet too, as one text. Knows nothing of
// a machine or an application.
#pragma once

#include <string>

#include "lang/syntax/ast.h"

namespace placewright::policy {

/// Equal for mappings that differ only in comments, blanks, the order of rules with different keys,
/// how rules share lists, rules without effect, and definitions that no rule uses. Functions and
/// conditions count as written. The program passed the checker.
[[nodiscard]] std::string canonical_text(const lang::Program& program);

}  // namespace placewright::policy
