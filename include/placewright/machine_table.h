// SPDX-License-Identifier: Apache-2.0
// The flat table of machine numbers that `placewright run --machine` writes and that the virtual
// GPU driver and modelled tasks read: one `key value` per line, `#` starts a comment.
//
// This header only reads the table. It knows nothing about machine files, and it does not say how
// long a task takes: the caller's model computes that from these numbers.
#pragma once

#include <placewright/access_rates.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace placewright {

/// The environment variable that names the table's file.
inline constexpr const char* kMachineTableVariable = "PLACEWRIGHT_MACHINE_TABLE";

/// One node of a modelled machine.
///
/// Units: seconds, bytes, bytes per second, operations per second. Peaks are achievable values, not
/// nameplate values: the writer of the table multiplies the efficiencies in.
struct MachineTable {
  double time_scale = 1;   ///< Wall-clock seconds per modelled second.
  bool move_bytes = true;  ///< Copies and fills of any size really happen (correctness runs).

  struct Gpu {
    int count = 0;
    std::uint64_t frame_buffer_bytes = 0;
    double memory_bandwidth = 0;
    double fp32_flops = 0;
    double fp64_flops = 0;
    double kernel_launch_s = 0;
    double sector_bytes = 0;   ///< The least that an irregular access moves.
    AccessRates frame_buffer;  ///< Without these, task_cost.h derives rates from the bandwidths.
    AccessRates zero_copy;
    double lanes = 0;  ///< Strands of work that can run at once; 0 means unlimited.
    double atomic_bus_factor =
        1;  ///< Bus time of an atomic on zero-copy memory relative to a plain access.
  } gpu;

  struct Bus {
    double bandwidth_to_device = 0;
    double bandwidth_to_host = 0;
    double latency_s = 0;
    std::vector<int> group;  ///< Per GPU; GPUs with the same number share one bus.
  } bus;

  std::uint64_t zero_copy_bytes = 0;

  struct Peer {
    double bandwidth = 0;
    double latency_s = 0;
  } peer;

  /// Between nodes: one link in and one link out each. Absent if a run is one process.
  struct Network {
    double bandwidth = 0;  ///< Per node and direction.
    double latency_s = 0;
  };
  std::optional<Network> network;

  double host_memory_bandwidth = 0;  ///< All sockets together; each has an equal part.

  /// The processors' packages, each with its own memory.
  struct Sockets {
    int count = 1;
    double link_bandwidth = 0;  ///< From one to any other, per direction. Not used by one socket.
    std::vector<int> of_gpu;    ///< Per GPU, from 0. Empty if there is one socket.
  } sockets;

  struct Cpu {
    int count = 0;
    double fp32_flops = 0;
    double fp64_flops = 0;
    double memory_bandwidth = 0;
    double sector_bytes = 0;
    double task_launch_s = 0;
    AccessRates host;  ///< One processor, on system or zero-copy memory.
  } cpu;

  /// What the runtime's own work takes of a utility processor. Absent if it is not modelled.
  struct Runtime {
    int utility_processors = 1;
    double instance_s = 0;
    /// A point task, each of its region arguments, and each copy made for it: outside of traces,
    /// while Legion records a trace, and when it replays one.
    struct Work {
      double task_s = 0;
      double argument_s = 0;
      double copy_s = 0;
    } untraced, captured, replayed;
  };
  std::optional<Runtime> runtime;
};

/// A table, or a one-line message that describes the error: file, line or key, found and expected.
struct MachineTableResult {
  std::optional<MachineTable> table;
  std::string error;
};

/// Parses the text of a table; `file_name` is used in messages.
///
/// Errors: a line that is not `key value`, an unknown or repeated key, a missing key, a value that
/// is not a number or makes no sense (negative, or zero where something is divided by it).
[[nodiscard]] MachineTableResult parse_machine_table(std::string_view text,
                                                     std::string_view file_name);

/// Reads the table in `path`.
[[nodiscard]] MachineTableResult read_machine_table(const std::string& path);

/// The table named by PLACEWRIGHT_MACHINE_TABLE; neither table nor error when the variable is not
/// set.
[[nodiscard]] MachineTableResult machine_table_from_environment();

}  // namespace placewright
