// SPDX-License-Identifier: Apache-2.0
// What every generated mapper contains, as text, assembled when Placewright is built
// (CMakeLists.txt).
#pragma once

#include <string_view>

namespace placewright::codegen {

/// Kinds, domains and processor spaces from src/machine, with stand-ins for libraries.
extern const std::string_view kMachineText;
/// Which rule decides: src/policy without the language.
extern const std::string_view kRulesText;
/// What mapping functions compute with.
extern const std::string_view kValuesText;
/// The decision core, src/decide.
extern const std::string_view kDecideText;
/// The adapter to Legion, src/legion without the plug-in's own parts.
extern const std::string_view kLegionText;

}  // namespace placewright::codegen
