// SPDX-License-Identifier: Apache-2.0
// Writes the rules of a mapping as the tables of support/rules.h.
#pragma once

#include <string>

#include "codegen/translate.h"

namespace placewright::codegen {

/// The definition of `rules()`.
[[nodiscard]] std::string rule_tables(const policy::Mapping& mapping, Translator& translator);

}  // namespace placewright::codegen
