// SPDX-License-Identifier: Apache-2.0
// Lowers a mapping function, for one launch, to a program on columns (columns.h).
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

/// The launch has a domain. What is the same for all points is evaluated here; `width` is the number of processors of the
/// kind per node. Returns nullopt for what columns cannot express and wherever an error is possible
/// that a check cannot catch: sets of processors, `print`, tuples whose length depends on the
/// point, divisors that may be 0, sums that may not fit into 64 bits, spaces with many more
/// processors than the launch has points. The interpreter then evaluates point by point.
[[nodiscard]] std::optional<LoweredFunction> lower_function(const Evaluator& evaluator,
                                                            int function, const LaunchFacts& launch,
                                                            machine::ProcessorKind kind, int width);

}  // namespace placewright::lang
