// SPDX-License-Identifier: Apache-2.0
// Findings about what ended a run or made it useless. They come from the outcome's structured
// members and from exact forms of the runtime's messages (launch/runtime_error.h), never from words in the
// program's own output.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "explain/edit.h"
#include "explain/finding.h"
#include "explain/observation.h"

namespace placewright::explain {

/// Empty for a run that ended well and for one that was cancelled. `edits` may be null.
[[nodiscard]] std::vector<Finding> failure_findings(const Observation& run, const EditMaker* edits);

/// The line of BLAS' or LAPACK's error handler, of the reference one, OpenBLAS' or CBLAS' form:
/// ` ** On entry to DGEMM  parameter number  8 had an illegal value`.
struct BlasComplaint {
  std::string routine;
  int parameter = 0;
};
[[nodiscard]] std::optional<BlasComplaint> find_blas_complaint(const std::string& output);

}  // namespace placewright::explain
