// SPDX-License-Identifier: Apache-2.0
// The last step of writing a mapping: what the checker or the machine refuses is left out, so that
// no inferred mapping is wrong, whatever a mapper did.
#pragma once

#include <string>
#include <vector>

#include "machine/shape.h"

namespace placewright::infer {

/// The text without the statements that have errors. Adds a sentence for each to `warnings`.
[[nodiscard]] std::string only_accepted(std::string text, const machine::MachineShape& machine,
                                        std::vector<std::string>& warnings);

}  // namespace placewright::infer
