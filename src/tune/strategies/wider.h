// SPDX-License-Identifier: Apache-2.0
// Lets a strategy that ends at a local optimum go on where a candidate is cheap.
#pragma once

#include "tune/strategy.h"

namespace placewright::tune {

/// Proposes what the strategy of `maker` does. Where a candidate costs a few steps only (Start::cheap)
/// and that one has nothing left, it proposes the incumbent with several decisions changed at random:
/// two or more knobs, or a group of memories together. A new incumbent found so is where a new strategy
/// of `maker` begins. Deterministic for a seed. Has the inner strategy's name and wishes.
[[nodiscard]] StrategyMaker make_wider(StrategyMaker maker);

}  // namespace placewright::tune
