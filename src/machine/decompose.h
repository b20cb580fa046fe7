// SPDX-License-Identifier: Apache-2.0
// Divides a number of processors over the dimensions of a box of data so that neighbours exchange
// as little as possible. The derivation is in docs/decompose.md. Pure arithmetic, like factor.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "support/result.h"

namespace placewright::machine {

/// The factors, one per extent and none larger than it, whose product is `number` and whose sum of
/// halo * factor / extent is smallest. The blocks then exchange the fewest elements if each needs
/// `halo` layers of its neighbours in a dimension. Among equals, earlier dimensions get the larger
/// factors. Exact in integers within the limits documented for CutCost.
///
/// `halos` is empty (1 in every dimension) or has one number from 0 to CutCost::kMaxHalo per
/// extent.
///
/// Errors: those of find_split_error(), a wrong number of halos or halos out of bounds, no
/// factorization that fits into the extents, a search of more than a million steps. Adds the steps
/// that it took to `steps` if given.
[[nodiscard]] Result<std::vector<int64_t>> decompose(int64_t number,
                                                     std::span<const int64_t> extents,
                                                     std::span<const int64_t> halos = {},
                                                     int64_t* steps = nullptr);

}  // namespace placewright::machine
