// SPDX-License-Identifier: Apache-2.0
// Writes the rules of a mapping as the rows of policy/rule_list.h.
#pragma once

#include <string>

#include "codegen/translate.h"

namespace placewright::codegen {

/// The definitions of `mapping_rules()`, `mapping_conditions()` and `mapping_functions()`.
[[nodiscard]] std::string rule_rows(const policy::Mapping& mapping, Translator& translator);

}  // namespace placewright::codegen
