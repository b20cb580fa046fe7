// SPDX-License-Identifier: Apache-2.0
// What tasks, copies and fills occupy and for how long. Within a node it is what the virtual GPU driver
// has (docs/virtual-gpu.md, "What is modelled"); docs/simulator.md says what is between nodes.
#pragma once

#include <placewright/task_cost.h>

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "decide/machine.h"
#include "sim/level.h"
#include "sim/loads.h"
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

/// How the runtime comes to a launch's decisions and dependences.
enum class Tracing : uint8_t { None, Captured, Replayed };

class WorkModel {
 public:
  /// Adds the engines of the machine to the timeline, and all work to `loads` if it is given. All must
  /// outlive the model.
  WorkModel(const ModelledMachine& machine, Level level, Timeline& timeline,
            Loads* loads = nullptr);

  /// A task on one of these processors of the place's kind and node; it runs on the first that is free.
  [[nodiscard]] Work task(const TaskCost& cost, const std::vector<ArgumentPlace>& places,
                          const decide::ProcessorPlace& place, std::span<const int32_t> processors);
  /// The same for a task that takes so many seconds, whatever else runs; alone on a GPU.
  [[nodiscard]] Work measured_task(double seconds, const decide::ProcessorPlace& place,
                                   std::span<const int32_t> processors);
  [[nodiscard]] Work transfer(const Transfer& transfer);
  /// Whether a CPU copies, in no modelled time.
  [[nodiscard]] bool is_unmodelled(const Transfer& transfer) const {
    return takes_turns() && is_by_cpu(transfer);
  }
  /// For the runtime's work that follows.
  void set_tracing(Tracing tracing) { tracing_ = tracing; }
  /// What the runtime does before a point of a task can start; nullopt: its work takes no time.
  [[nodiscard]] std::optional<Work> mapping(int node, size_t arguments, size_t new_instances);
  /// What it does once a copy has ended.
  [[nodiscard]] std::optional<Work> after_copy(int node);
  /// Which of its node's CPUs has this engine.
  [[nodiscard]] int cpu_of(int node, EngineId engine) const;

 private:
  struct Gpu {
    EngineId compute, from_host, to_host, peer_out, peer_in;
    StreamId copies_in, copies_out;
    std::vector<StreamId> copies_to_peer;  ///< By the other GPU. Realm has a stream for each.
    Link memory;                           ///< Counts seconds of the whole bandwidth.
    Link sends, receives;                  ///< To and from other GPUs.
  };
  struct Bus {
    EngineId to_device, to_host;
    Link to_device_bytes, to_host_bytes;
  };
  struct Node {
    explicit Node(const ModelledMachine& machine);
    HostMemory host;
    std::vector<Gpu> gpus;
    std::map<int, Bus> buses;  ///< By the group of their GPUs.
    std::vector<EngineId> cpus, utilities;
    Link cores;            ///< Counts seconds of one.
    Link sends, receives;  ///< To and from other nodes.
  };
  void add_gpu(Node& node, int gpu, Timeline& timeline);
  void name_loads(int node);
  void occupy_core(Node& node, double seconds, Work& work) const;
  [[nodiscard]] const MachineTable::Runtime::Work& runtime_work() const;
  [[nodiscard]] Work of_runtime(int node, double seconds);
  [[nodiscard]] Work task_work(const TaskCost& cost, const std::vector<ArgumentPlace>& places,
                               const decide::ProcessorPlace& place,
                               std::span<const int32_t> processors);
  [[nodiscard]] Work transfer_work(const Transfer& transfer);

  [[nodiscard]] Work on_gpu(const GpuTime& time, const decide::ProcessorPlace& place);
  [[nodiscard]] Work to_device(const Transfer& transfer, const MemoryPlace& from,
                               const MemoryPlace& to);
  [[nodiscard]] Work to_host(const Transfer& transfer, const MemoryPlace& from,
                             const MemoryPlace& to);
  [[nodiscard]] Work to_peer(const Transfer& transfer, const MemoryPlace& from,
                             const MemoryPlace& to);
  [[nodiscard]] Work to_node(const Transfer& transfer, const MemoryPlace& from,
                             const MemoryPlace& to);
  [[nodiscard]] Work within(const Transfer& transfer, const MemoryPlace& place, int passes);
  [[nodiscard]] bool is_by_cpu(const Transfer& transfer) const;
  [[nodiscard]] Work by_cpu(const Transfer& transfer);
  [[nodiscard]] Node& node_of(const MemoryPlace& place) {
    return *nodes_[static_cast<size_t>(place.node)];
  }
  [[nodiscard]] Gpu& gpu_of(const MemoryPlace& place) {
    return node_of(place).gpus[static_cast<size_t>(place.gpu)];
  }
  [[nodiscard]] Bus& bus_of(Node& node, int gpu) const {
    return node.buses.at(machine_->table.bus.group[static_cast<size_t>(gpu)]);
  }
  [[nodiscard]] bool takes_turns() const { return level_ == Level::Driver; }

  const ModelledMachine* machine_;
  Level level_;
  Loads* loads_;
  Tracing tracing_ = Tracing::None;
  std::vector<std::unique_ptr<Node>> nodes_;
};

}  // namespace placewright::sim
