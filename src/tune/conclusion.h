// SPDX-License-Identifier: Apache-2.0
// The end of a search: the closing comparison of the incumbent with the baselines, and the report.
// Adds nothing to what was evaluated.
#pragma once

#include "support/result.h"
#include "tune/report.h"
#include "tune/search.h"

namespace placewright::tune {

/// Errors: the store cannot be written, nothing can be run.
[[nodiscard]] Result<Report> conclude(const Search& search);

}  // namespace placewright::tune
