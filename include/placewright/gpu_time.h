// SPDX-License-Identifier: Apache-2.0
// How long a kernel keeps each resource of a modelled GPU busy: what task_cost.h computes and the
// virtual GPUs execute.
#pragma once

#include <algorithm>
#include <iterator>

namespace placewright {

/// What a kernel needs of each resource of its GPU, all of which it uses at the same time.
struct GpuTime {
  double launch_s = 0;
  double compute_s = 0;                         ///< With the lanes that it fills.
  double share = 1;                             ///< Part of the GPU's lanes, above 0, at most 1.
  double frame_buffer_s = 0;                    ///< With the whole bandwidth.
  double to_device_bytes = 0, to_device_s = 0;  ///< Over the bus, with the whole bus.
  double to_host_bytes = 0, to_host_s = 0;
  double hottest_line_s = 0;

  /// Seconds of the kernel if nothing else uses the GPU, the bus and the host's memory.
  [[nodiscard]] double alone_s() const {
    const double busy[] = {compute_s, frame_buffer_s, to_device_s, to_host_s, hottest_line_s};
    return launch_s + *std::max_element(std::begin(busy), std::end(busy));
  }
};

}  // namespace placewright
