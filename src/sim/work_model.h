// SPDX-License-Identifier: Apache-2.0
// What tasks, copies and fills occupy and for how long, as the virtual GPU driver has it
// (docs/virtual-gpu.md, "What is modelled").
#pragma once

#include <placewright/task_cost.h>

#include <memory>
#include <vector>

#include "decide/machine.h"
#include "sim/machine.h"
#include "sim/timeline.h"
#include "timing/host_memory.h"

namespace placewright::sim {

/// Bytes between two memories.
struct Transfer {
  uint64_t from = 0;  ///< Memory::id; 0: a fill.
  uint64_t to = 0;
  uint64_t bytes = 0;
  uint32_t calls = 1;  ///< Each has the latency of its own.
  bool folds = false;  ///< Reduces into the target, which it reads too.
};

class WorkModel {
 public:
  /// Adds the engines of the machine to the timeline. Both must outlive the model.
  WorkModel(const ModelledMachine& machine, Timeline& timeline);

  /// A task on one of these processors of a kind; it runs on the first that is free.
  [[nodiscard]] Work task(const TaskCost& cost, const std::vector<ArgumentPlace>& places,
                          machine::ProcessorKind kind, std::span<const int32_t> processors);
  [[nodiscard]] Work transfer(const Transfer& transfer);
  /// Whether a CPU copies, in no modelled time.
  [[nodiscard]] bool is_unmodelled(const Transfer& transfer) const;

 private:
  struct Gpu {
    EngineId compute, from_host, to_host, peer_out, peer_in;
    StreamId copies_in, copies_out;
    std::vector<StreamId> copies_to_peer;  ///< By the other GPU. Realm has a stream for each.
    Link memory;                           ///< Counts seconds of the whole bandwidth.
  };
  struct Bus {
    EngineId to_device, to_host;
    Link to_device_bytes, to_host_bytes;
  };
  [[nodiscard]] Bus& bus_of(int gpu) { return buses_.at(machine_->table.bus.group[gpu]); }
  [[nodiscard]] Work on_gpu(const GpuTime& time, int gpu);
  [[nodiscard]] Work to_device(const Transfer& transfer, int gpu, HostPlace from);
  [[nodiscard]] Work to_host(const Transfer& transfer, int gpu, HostPlace to);
  [[nodiscard]] Work to_peer(const Transfer& transfer, int from, int to);
  [[nodiscard]] Work within(const Transfer& transfer, int gpu, int passes);
  [[nodiscard]] Gpu& gpu(int number) { return *gpus_[static_cast<size_t>(number)]; }
  [[nodiscard]] int gpu_of(uint64_t memory) const {
    return memory == 0 ? -1 : machine_->place(memory).gpu;
  }

  const ModelledMachine* machine_;
  HostMemory host_;
  std::vector<std::unique_ptr<Gpu>> gpus_;
  std::map<int, Bus> buses_;
  std::vector<EngineId> cpus_;
};

}  // namespace placewright::sim
