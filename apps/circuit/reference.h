// SPDX-License-Identifier: Apache-2.0
// The same simulation without pieces, tasks or regions: arrays and loops, one thread. It shares the
// problem's definition with the parallel program but none of its arithmetic, and must arrive at the
// same bits.
#pragma once

#include <cstdint>

#include "problem.h"

namespace circuit {

/// The checksum that the parallel program must print after `warmup + loops` iterations.
[[nodiscard]] uint64_t sequential_checksum(const Problem& problem);

}  // namespace circuit
