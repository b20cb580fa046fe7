// Findings from the checker's messages.
#pragma once

#include <vector>

#include "explain/finding.h"
#include "support/diagnostics.h"

namespace placewright::explain {

/// One per error of the mapping, each with its position, its lines, its help and its fix; one per
/// warning, of no weight, if there is no error.
[[nodiscard]] std::vector<Finding> rejection_findings(const SourceFile& mapping,
                                                      const std::vector<Diagnostic>& problems);

}  // namespace placewright::explain
