// SPDX-License-Identifier: Apache-2.0
// Copies and fills: which link they use, how long they take there, and whether their bytes move.
//
// Between host and GPU: latency + bytes / bandwidth of that direction of the bus, which is taken
// meanwhile (so is the GPU's copy engine of that direction). Between GPUs: the peer link. Within a
// GPU: kernel launch + bytes read and written / memory bandwidth, on the compute engine. Between
// two places in host memory: bytes read and written / host memory bandwidth. Row lengths and
// strides cost nothing extra.
#pragma once

#include <cstdint>
#include <functional>

#include "driver.h"

namespace placewright::vgpu {

/// In a timing run only copies and fills up to this size move their bytes: enough for what Legion
/// itself reads through a GPU (futures, small index fields), too little to cost time.
inline constexpr std::uint64_t kAlwaysMovedBytes = 64 * 1024;

struct Transfer {
  std::uint64_t bytes = 0;
  std::uintptr_t source = 0;  ///< 0 for a fill.
  std::uintptr_t destination = 0;
  std::function<void()>
      move;                  ///< Moves the bytes; independent of everything on the caller's stack.
  bool always_move = false;  ///< Also in timing runs, whatever the size.
  /// How often the bytes cross the memory when source and destination are on one GPU: read and
  /// written. A reduction also reads what it adds to.
  int local_passes = 2;
};

/// Puts the transfer into the stream.
void enqueue_transfer(Stream& stream, Transfer transfer);

}  // namespace placewright::vgpu
