// SPDX-License-Identifier: Apache-2.0
// The one driver of the process, shared by all CUDA entry points: the machine table, the devices
// with their engines, the memory map and the timeline. It is created by cuInit and never destroyed,
// because driver threads outlive main().
#pragma once

#include <placewright/machine_table.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "memory.h"
#include "statistics.h"
#include "timeline.h"
#include "timing/host_memory.h"

namespace placewright::vgpu {

/// One virtual GPU; its address is the handle of its primary context.
struct Device {
  explicit Device(int number) : ordinal(number), default_stream(new Stream(number)) {
    streams.insert(default_stream);
  }
  int ordinal;
  Engine compute, from_host, to_host, peer_out, peer_in;
  Link memory;       ///< Counts seconds of the whole bandwidth.
  std::mutex mutex;  ///< Protects the members below.
  std::set<Stream*> streams;
  std::uint64_t allocated_bytes = 0;
  Stream* default_stream;
};

/// The two directions of a bus, which several GPUs may share. Copies in one direction follow each
/// other; kernels use it beside them.
struct Bus {
  Engine to_device, to_host;
  Link to_device_bytes, to_host_bytes;
};

class Driver {
 public:
  explicit Driver(MachineTable numbers);
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  [[nodiscard]] Device* device(int ordinal);
  /// The device whose primary context is this handle, or null.
  [[nodiscard]] Device* context_device(const void* context);
  /// Converts modelled seconds to wall-clock time.
  [[nodiscard]] Duration wall(double modelled_seconds) const;
  [[nodiscard]] Bus& bus_of(int device);
  /// `amount` at no more than `per_modelled_second`, over these links.
  [[nodiscard]] Demand demand(double amount, double per_modelled_second,
                              std::vector<Passage> links) const;

  const MachineTable table;
  MemoryMap memory;
  Engine host_engine;
  HostMemory host_memory;
  Statistics statistics;
  Timeline timeline;

 private:
  std::vector<std::unique_ptr<Device>> devices_;
  std::map<int, Bus> buses_;
};

/// The driver, or null before a successful cuInit.
[[nodiscard]] Driver* driver();

/// Reads the table and creates the driver, once; returns a CUDA status.
int initialize_driver();

/// The device of the calling thread's current context, or null.
[[nodiscard]] Device* current_device();
void push_context(Device* device);
/// Removes the current context; returns it, or null if there was none.
Device* pop_context();

/// Resolves a CUstream: null and the two reserved values mean the current device's default stream.
[[nodiscard]] Stream* resolve_stream(void* handle);

/// Ends the process with a one-line message: the program needs something the virtual GPUs lack.
[[noreturn]] void stop_run(const char* what, const char* name);

}  // namespace placewright::vgpu
