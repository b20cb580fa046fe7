// SPDX-License-Identifier: Apache-2.0
// From a mapping function and one launch to a program on columns (columns.h).
#pragma once

#include <optional>
#include <vector>

#include "lang/columns/columns.h"
#include "lang/evaluate/evaluate.h"

namespace placewright::lang {

struct LoweredFunction {
  ColumnProgram program;             ///< Computes node * width + ordinal for each point.
  std::vector<Diagnostic> warnings;  ///< About what is the same for all points.
};

/// What is the same for all points is evaluated here, with `width` the processors of the kind per
/// node. nullopt for what columns cannot say, and wherever an error is possible that a check does
/// not catch: sets of processors, `print`, tuples whose length depends on the point, divisors that
/// may be 0, sums that may not fit into 64 bits, spaces with many more processors than the launch
/// has points. The interpreter then evaluates point by point.
[[nodiscard]] std::optional<LoweredFunction> lower_function(const Evaluator& evaluator,
                                                            int function,
                                                            const LaunchDomain& domain,
                                                            ProcessorKind kind, int width);

}  // namespace placewright::lang
