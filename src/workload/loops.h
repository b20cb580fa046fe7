// SPDX-License-Identifier: Apache-2.0
// Sequences of numbers as loops: what repeats is kept once, with a count.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace placewright::workload {

/// The elements of a body so many times.
struct Loop {
  uint64_t count = 1;
  std::vector<uint32_t> body;
  friend bool operator==(const Loop&, const Loop&) = default;
};

/// Loops that give the sequence again. From the front, of the periods up to 4096 that repeat, the one
/// that covers the most; what does not repeat is a loop of one pass. Time: the length of the sequence
/// times the number of periods that begin alike.
[[nodiscard]] std::vector<Loop> find_loops(std::span<const uint32_t> sequence);

/// The inverse.
[[nodiscard]] std::vector<uint32_t> unrolled(std::span<const Loop> loops);

/// How many elements unrolled() would give; at most UINT64_MAX.
[[nodiscard]] uint64_t unrolled_size(std::span<const Loop> loops);

}  // namespace placewright::workload
