// SPDX-License-Identifier: Apache-2.0
// What a run did on the virtual GPUs, counted in modelled seconds and bytes. Written as JSON when
// the process ends if PLACEWRIGHT_VGPU_STATS names a file (`%` is replaced by the process id).
// docs/virtual-gpu.md describes the file.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "timeline.h"

namespace placewright::vgpu {

struct Traffic {
  std::uint64_t operations = 0;
  std::uint64_t bytes = 0;
  double modelled_s = 0;

  void add(std::uint64_t more_bytes, double seconds) {
    ++operations;
    bytes += more_bytes;
    modelled_s += seconds;
  }
  void add(const Traffic& other) {
    operations += other.operations;
    bytes += other.bytes;
    modelled_s += other.modelled_s;
  }
};

/// Facts in the file other than the counts.
struct RunFacts {
  double time_scale = 1;
  bool move_bytes = true;
  Lateness lateness;
  std::string network;  ///< JSON of the modelled network, or `null`.
};

class Statistics {
 public:
  /// `bus_groups`: per GPU; GPUs with the same number share one bus.
  explicit Statistics(std::vector<int> bus_groups)
      : bus_groups_(std::move(bus_groups)), gpus_(bus_groups_.size()) {}

  void add_kernel(int gpu, double modelled_s);
  /// `source` and `destination` are GPU numbers, -1 for the host; for a fill both are the same GPU.
  void add_copy(int source, int destination, std::uint64_t bytes, double modelled_s);
  void note_frame_buffer(int gpu, std::uint64_t allocated_bytes);
  void add_zero_copy(std::int64_t bytes);

  [[nodiscard]] std::string to_json(const RunFacts& facts) const;

 private:
  struct Gpu {
    Traffic kernels, from_host, to_host, local;
    std::uint64_t peak_frame_buffer_bytes = 0;
  };

  void write_gpu(std::ostream& out, int number) const;
  void write_buses(std::ostream& out) const;

  mutable std::mutex mutex_;
  const std::vector<int> bus_groups_;
  std::vector<Gpu> gpus_;
  Traffic host_;
  std::map<std::pair<int, int>, Traffic> peers_;
  std::int64_t zero_copy_bytes_ = 0;
  std::int64_t peak_zero_copy_bytes_ = 0;
};

/// Writes the driver's statistics to the file named by the environment, if any.
void write_statistics_at_exit();

}  // namespace placewright::vgpu
