// SPDX-License-Identifier: Apache-2.0
// Recognizes sequences of target numbers that need no table.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "policy/placement.h"

namespace placewright::policy {

/// Finds steps that give `number(x) - number(0)` for all x below `length`, where a number is node *
/// width + ordinal. Nodes and ordinals are recognized separately, each as a block, cyclic or
/// block-cyclic sequence (x * a / b) % m. The parameters follow from the first run, the first
/// return to the initial value and the number of runs; the result is verified against every number.
/// nullopt if the sequence is of another kind.
[[nodiscard]] std::optional<PlacementAxis> find_closed_form(
    int64_t length, uint32_t width, const std::function<uint32_t(int64_t)>& number);

}  // namespace placewright::policy
