// SPDX-License-Identifier: Apache-2.0
// Rules from a mapping file, for programs that know nothing of the language.
#pragma once

#include <memory>
#include <string>

#include "machine/shape.h"
#include "policy/rules.h"

namespace placewright::decide {

struct LoadedRules {
  std::shared_ptr<const policy::Rules> rules;  ///< Null after errors.
  std::string messages;                        ///< Errors and warnings in printed form.
};
/// Reads, parses and checks a mapping. Checks of indices and memories depend on `machine`.
[[nodiscard]] LoadedRules load_rules(const std::string& path, const machine::MachineShape& machine);

/// The rules of an empty mapping: the defaults decide everything.
[[nodiscard]] std::shared_ptr<const policy::Rules> empty_rules(
    const machine::MachineShape& machine);

}  // namespace placewright::decide
