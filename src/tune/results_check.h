// SPDX-License-Identifier: Apache-2.0
// Whether mappings that were timed in steps compute what the default mapper does. Only winners have
// correctness runs of their own; the others take turns in a few, and where the result is wrong,
// bisection finds whose fault it is.
#pragma once

#include "support/result.h"
#include "tune/search.h"

namespace placewright::tune {

/// Checks mappings that are close to the best, as far as results_check_s() allows. Those that compute
/// something else become Status::WrongResult.
[[nodiscard]] Result<ResultsCheck> check_results(Search& search);

}  // namespace placewright::tune
