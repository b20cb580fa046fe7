// SPDX-License-Identifier: Apache-2.0
// Counts the allocations of a test program. Linking counted_new.cpp replaces operator new.
#pragma once

#include <cstdint>

namespace placewright::policy {

/// Allocations since the program began, on all threads.
[[nodiscard]] int64_t allocation_count();
/// What they asked for, in all.
[[nodiscard]] int64_t allocated_bytes();

}  // namespace placewright::policy
