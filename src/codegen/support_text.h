// SPDX-License-Identifier: Apache-2.0
// The support code as text, assembled when Placewright is built (CMakeLists.txt).
#pragma once

#include <string_view>

namespace placewright::codegen {

/// Arithmetic of processor spaces from src/machine, with stand-ins for its includes.
extern const std::string_view kSpacesText;
/// Kinds, layouts and limits from src/legion, with a stand-in for the rule types that they use.
extern const std::string_view kLegionText;
extern const std::string_view kValuesText;
extern const std::string_view kRulesText;
extern const std::string_view kMapperText;

}  // namespace placewright::codegen
