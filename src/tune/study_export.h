// SPDX-License-Identifier: Apache-2.0
// A study as CSV or JSON for other programs. docs/tuning.md has the columns and the schema. Holds
// one evaluation at a time in memory.
#pragma once

#include <functional>
#include <string_view>

#include "support/result.h"
#include "tune/study_store.h"

namespace placewright::tune {

using Write = std::function<void(std::string_view)>;

/// One line per evaluation, then one per row of the closing comparison. The names of columns with
/// values say kind and unit: `measured_median_s`. Errors: a study that no search can have written,
/// before anything is written.
[[nodiscard]] Result<void> export_csv(const StudyStore& study, const Write& write);

/// The same as one document, with one evaluation per line. Errors: as above.
[[nodiscard]] Result<void> export_json(const StudyStore& study, const Write& write);

}  // namespace placewright::tune
