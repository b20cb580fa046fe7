// SPDX-License-Identifier: Apache-2.0
// Merges Legion's logs of all processes of a run into one profile.
#pragma once

#include <span>
#include <string>

#include "profile/profile.h"
#include "workload/workload.h"

namespace placewright::profile {

/// One log per process, in any order. The same run's workload, if not null, supplies the names of
/// region arguments. Errors: those of read_log().
[[nodiscard]] Result<Profile> reduce(std::span<const std::string> paths,
                                     const workload::Workload* workload);

}  // namespace placewright::profile
