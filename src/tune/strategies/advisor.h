// SPDX-License-Identifier: Apache-2.0
// The default without a language model: carries out the edits that findings advise, heaviest first,
// and searches locally around them. No network, deterministic.
#pragma once

#include <memory>

#include "tune/strategy.h"

namespace placewright::tune {

/// In turn, always from the incumbent and never twice the same decisions:
/// 1. the first edit of every finding together, then the heaviest halves of them;
/// 2. every edit alone, by the weight of its finding;
/// 3. pairs of edits that alone came near the incumbent, the nearest first;
/// 4. without one of the edits that the incumbent carries;
/// 5. coordinated and single moves of the search space, those first that touch what a heavy finding
///    would change, the heaviest tasks next.
/// A new incumbent has findings of its own, and it begins again with these.
[[nodiscard]] std::unique_ptr<tune::Strategy> make_advisor(const tune::SearchSpace& space);

}  // namespace placewright::tune
