// SPDX-License-Identifier: Apache-2.0
// Findings from the checker's messages.
#pragma once

#include <vector>

#include "explain/finding.h"
#include "support/diagnostics.h"

namespace placewright::explain {

/// One per error of the mapping, and per warning on a line with an error, which may be its cause;
/// each with its position, its lines, its help and its fix. Without errors one per warning, of no
/// weight.
[[nodiscard]] std::vector<Finding> rejection_findings(const SourceFile& mapping,
                                                      const std::vector<Diagnostic>& problems);

}  // namespace placewright::explain
