// SPDX-License-Identifier: Apache-2.0
// A machine as described by a file (share/machines/*.toml): how many processors it has, how large
// the memories and how fast everything is. Each number comes with its source and, where it is
// uncertain, its range.
//
// It does not say how long a task or a copy takes: task_cost.h and the virtual GPUs compute that
// from the flat table written here.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "machine/access_curve.h"
#include "machine/shape.h"
#include "support/result.h"

namespace placewright::machine {

/// A number in SI units (bytes, seconds, bytes/second, operations/second, or plain). If the file
/// gives no range, min = max = value.
struct Quantity {
  double value = 0;
  double min = 0;
  double max = 0;
  std::string source;
};

/// Bounds of the time scale and other factors: at the limits a modelled second takes a microsecond,
/// or a modelled microsecond a quarter of an hour.
inline constexpr double kMinFactor = 1e-6;
inline constexpr double kMaxFactor = 1e9;

/// Which end of every range to use: the one that makes the machine fast, the one that makes it
/// slow, or the nominal value. A result that holds for all three holds for the machine; otherwise
/// the result is an interval.
enum class RangeEnd { Nominal, Fast, Slow };

/// What Realm starts by default (`-ll:util`).
inline constexpr int kUtilityProcessors = 1;

/// A checked machine file. Keys are `section.name` as in the file; machine_keys() lists them.
struct MachineDescription {
  std::string name;
  std::string file;
  std::map<std::string, Quantity, std::less<>> quantities;
  /// Per GPU; GPUs with the same number share one bus. If empty, each has its own.
  std::vector<int> bus_groups;
  /// The socket of each GPU. Empty if there is one socket.
  std::vector<int> gpu_sockets;
  /// Measured rates by kAccessPlaces. Where one is missing, rates follow from the bandwidths.
  std::map<std::string, AccessTable> access;

  [[nodiscard]] int nodes() const { return count("shape.nodes"); }
  [[nodiscard]] int cpu_processors() const { return count("shape.cpu_processors"); }
  [[nodiscard]] int gpus() const { return count("shape.gpus"); }
  /// Cores of a node that its CPU processors share with the runtime; 0: each processor has its own.
  [[nodiscard]] int cores() const { return count("shape.cores"); }
  /// Bytes of one GPU's frame buffer (-ll:fsize), of a node's zero-copy memory (-ll:zsize) and of
  /// its system memory (-ll:csize), as Legion manages them.
  [[nodiscard]] uint64_t frame_buffer_bytes() const { return bytes("gpu.frame_buffer"); }
  [[nodiscard]] uint64_t zero_copy_bytes() const { return bytes("zero_copy.capacity"); }
  [[nodiscard]] uint64_t system_memory_bytes() const { return bytes("host.memory"); }
  /// The processors' packages, each with its own part of the host's memory. One unless the file says
  /// more.
  [[nodiscard]] int sockets() const {
    return quantities.count("sockets.count") != 0 ? count("sockets.count") : 1;
  }
  /// Whether the file describes the network between nodes.
  [[nodiscard]] bool has_network() const { return quantities.count("network.latency") != 0; }
  /// Whether the file says what the runtime's own work takes.
  [[nodiscard]] bool has_runtime() const { return quantities.count("runtime.task") != 0; }
  [[nodiscard]] int utility_processors() const {
    return has_runtime() ? count("runtime.utility_processors") : kUtilityProcessors;
  }
  /// Wall seconds per modelled second unless the run says otherwise.
  [[nodiscard]] double time_scale() const { return quantity("run.time_scale").value; }
  /// The nominal value is 0 for anything that a machine without GPUs lacks.
  [[nodiscard]] const Quantity& quantity(std::string_view key) const;

 private:
  [[nodiscard]] int count(std::string_view key) const;
  [[nodiscard]] uint64_t bytes(std::string_view key) const;
};

/// Reads and checks a machine file.
///
/// Every number is an inline table `{value = 12, unit = "GB/s", source = "..."}`, with `min` and
/// `max` where it is uncertain; peaks and the efficiencies that scale them are separate keys.
/// Errors, as `file:line: ...`: unreadable file, TOML syntax, missing or unknown keys (with the
/// nearest known one), a number without a source, an unknown unit, a value outside its range or
/// impossible (negative bandwidth, efficiency above 1, frame buffer without GPUs, more processors
/// than Realm and Legion support, a GPU on a socket that is not there), and those of access_file.h.
[[nodiscard]] Result<MachineDescription> read_machine_file(const std::string& path);
/// Parses the text of a machine file; `file` is used in messages.
[[nodiscard]] Result<MachineDescription> parse_machine(std::string_view text, std::string file);

/// What the file does not say and older files could not: rates of access and hot lines. Empty if nothing
/// is missing.
[[nodiscard]] std::vector<std::string> machine_notes(const MachineDescription& machine);

/// The keys of a machine file, section by section.
[[nodiscard]] std::vector<std::string_view> machine_keys();

/// Processors and memories, for mappings.
[[nodiscard]] MachineShape machine_shape(const MachineDescription& machine);

/// What a run makes of a machine.
struct TableSettings {
  double time_scale = 0;  ///< 0: the machine's own.
  bool move_bytes = false;
  bool runtime_cost = false;  ///< The runtime's work takes modelled time too; needs has_runtime().
  RangeEnd end = RangeEnd::Nominal;
};
/// One node as the flat table (include/placewright/machine_table.h), with efficiencies multiplied
/// in.
[[nodiscard]] std::string flat_machine_table(const MachineDescription& machine,
                                             const TableSettings& settings = {});

}  // namespace placewright::machine
