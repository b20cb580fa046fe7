// SPDX-License-Identifier: Apache-2.0
// Copies and fills: which link they use, how long they occupy it, and whether their bytes move.
//
// Between host and GPU: latency + bytes / bandwidth of that direction of the bus, which is occupied
// meanwhile (as is the GPU's copy engine of that direction). Between GPUs: the peer link. Within a
// GPU: kernel launch + bytes read and written / memory bandwidth, on the compute engine. Within
// host memory: bytes read and written / host memory bandwidth. Row lengths and strides cost nothing
// extra.
#pragma once

#include <cstdint>
#include <functional>

#include "driver.h"

namespace placewright::vgpu {

/// In a timing run only copies and fills up to this size move their bytes: enough for the data that
/// Legion itself reads through a GPU (futures, small index fields), too little to cost time.
inline constexpr std::uint64_t kAlwaysMovedBytes = 64 * 1024;

struct Transfer {
  std::uint64_t bytes = 0;
  std::uintptr_t source = 0;  ///< 0 for a fill.
  std::uintptr_t destination = 0;
  std::function<void()> move;  ///< Moves the bytes; uses nothing on the caller's stack.
  bool always_move = false;    ///< Also in timing runs, regardless of size.
  /// How often the bytes cross the memory if source and destination are on one GPU: read and
  /// written. A reduction also reads the target.
  int local_passes = 2;
};

/// Queues the transfer in the stream.
void enqueue_transfer(Stream& stream, Transfer transfer);

}  // namespace placewright::vgpu
