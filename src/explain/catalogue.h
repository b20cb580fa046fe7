// SPDX-License-Identifier: Apache-2.0
// What a finding says about an error that the runtime logged, by its cause. The messages themselves
// are in launch/runtime_error.h.
#pragma once

#include <string_view>

#include "explain/finding.h"
#include "launch/runtime_error.h"

namespace placewright::explain {

struct Explanation {
  FindingKind kind = FindingKind::RuntimeError;
  std::string_view why;
  std::string_view advice;
};

[[nodiscard]] Explanation explanation_of(launch::ErrorCause cause);

}  // namespace placewright::explain
