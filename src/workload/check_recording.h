// SPDX-License-Identifier: Apache-2.0
// Whether a recording refers only to what it has, so that everybody else can use its numbers.
#pragma once

#include "workload/recording.h"

namespace placewright::workload {

/// Errors: a number of something that is not there, a field that a field space lacks, fields that are
/// not ascending, a point that is not in its launch's domain, a task without variants and points, boxes
/// that overlap, programs that contain each other. Each names the path.
[[nodiscard]] Result<void> check(const Recording& recording);

}  // namespace placewright::workload
