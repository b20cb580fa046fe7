// SPDX-License-Identifier: Apache-2.0
// The default without a language model: carries out the edits that findings advise, heaviest first,
// and searches locally around them. No network, deterministic.
#pragma once

#include <memory>

#include "tune/strategy.h"

namespace placewright::tune {

/// Tries in turn, always from the incumbent and never the same decisions twice:
/// 1. the first edit of every finding together, then the heavier half of them, and so on;
/// 2. every edit alone, by the weight of its finding;
/// 3. pairs of edits that alone came near the incumbent, the nearest first;
/// 4. the incumbent without one of the edits that it carries;
/// 5. coordinated and single moves of the search space: first those that touch what a heavy finding
///    would change, then by task, heaviest first.
/// A new incumbent has its own findings, and the sequence starts again with them.
[[nodiscard]] std::unique_ptr<tune::Strategy> make_advisor(const tune::SearchSpace& space);

}  // namespace placewright::tune
