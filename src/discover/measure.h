// SPDX-License-Identifier: Apache-2.0
// How fast this machine's processors and its memory are, measured for a second or two.
#pragma once

#include <cstddef>

namespace placewright::discover {

/// Several repetitions.
struct Spread {
  double median = 0;
  double least = 0;
  double most = 0;
};

/// Bytes per second that so many threads read and write together: a[i] = b[i] + s * c[i] over `bytes`
/// of each thread, two thirds read and one third written. Source of the kernel: McCalpin (1995), STREAM.
[[nodiscard]] Spread memory_bandwidth(int threads, size_t bytes);

/// Operations per second of one core with the widest multiply-add instructions that it has, no memory
/// involved.
[[nodiscard]] Spread fp32_rate();
[[nodiscard]] Spread fp64_rate();

/// Seconds until a thread that waits goes on after another one has told it to.
[[nodiscard]] Spread wake_time();

}  // namespace placewright::discover
