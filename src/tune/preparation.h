// SPDX-License-Identifier: Apache-2.0
// What is known before a search tries anything: the application's workload, the search space, the
// checksum, the baselines. Takes from the study what it has, and runs only the rest.
#pragma once

#include "support/result.h"
#include "tune/search.h"

namespace placewright::tune {

/// A search with an incumbent: the better of the default and expert mappings. Errors: the
/// application fails under the default mapper or has no metric, the expert mapping has errors, the
/// store cannot be written, nothing can be run, the user stopped it.
[[nodiscard]] Result<Search> prepare(const SearchParts& parts);

}  // namespace placewright::tune
