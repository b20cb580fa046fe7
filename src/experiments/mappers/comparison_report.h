// SPDX-License-Identifier: Apache-2.0
// The results of a mapper comparison, as readable tables and as JSON.
#pragma once

#include <string>

#include "experiments/mappers/comparison.h"

namespace placewright::experiments {

/// One table per machine, since seconds of two kinds share no column: applications as rows, the
/// median seconds of each mapper with their interval (support/statistics.h), whether all three
/// printed the same checksum, and the paired ratio of expert to hand-written. A quick comparison
/// has no seconds. Failures and differing checksums follow each table.
[[nodiscard]] std::string render(const ComparisonResult& result);

/// Everything, samples included.
[[nodiscard]] std::string to_json(const ComparisonResult& result);

}  // namespace placewright::experiments
