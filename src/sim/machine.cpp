// SPDX-License-Identifier: Apache-2.0
#include "sim/machine.h"

namespace placewright::sim {
namespace {

using machine::MemoryKind;
using machine::ProcessorKind;

/// What Realm reports on virtual GPUs; the decision core only compares them.
constexpr unsigned kCpuToSystem = 100;
constexpr unsigned kCpuToZeroCopy = 40;
constexpr unsigned kGpuToFrameBuffer = 200;
constexpr unsigned kGpuToZeroCopy = 20;

/// Realm's estimates of channels, which do not depend on the machine: between memories of the host, and
/// to, from and between GPUs whose links it cannot ask for.
constexpr unsigned kWithinHost = 128000;
constexpr unsigned kOverBus = 8000;

/// Adds the memories of one node, and what its processors see of them.
class Node {
 public:
  Node(ModelledMachine& modelled, int number) : modelled_(&modelled), number_(number) {}

  /// In the order of Realm's ids, which decide between sources that are equally good.
  void describe() {
    const machine::MachineShape& shape = modelled_->machine.shape();
    const int gpus = shape.processors(ProcessorKind::Gpu, number_);
    const decide::Memory system = add(MemoryKind::SysMem);
    std::vector<decide::Memory> frame_buffers;
    for (int gpu = 0; gpu < gpus; ++gpu) frame_buffers.push_back(add(MemoryKind::FbMem, gpu));
    const decide::Memory zero_copy = gpus > 0 ? add(MemoryKind::ZcMem) : decide::Memory();
    for (int gpu = 0; gpu < gpus; ++gpu)
      modelled_->machine.describe(
          {ProcessorKind::Gpu, number_, gpu},
          {{frame_buffers[static_cast<size_t>(gpu)], kGpuToFrameBuffer, number_},
           {zero_copy, kGpuToZeroCopy, number_}});
    for (int cpu = 0; cpu < shape.processors(ProcessorKind::Cpu, number_); ++cpu) {
      std::vector<decide::VisibleMemory> visible = {{system, kCpuToSystem, number_}};
      if (gpus > 0) visible.push_back({zero_copy, kCpuToZeroCopy, number_});
      modelled_->machine.describe({ProcessorKind::Cpu, number_, cpu}, std::move(visible));
    }
  }

 private:
  decide::Memory add(MemoryKind kind, int gpu = -1) {
    modelled_->memories.push_back({kind, number_, gpu});
    const machine::NodeShape& node = modelled_->machine.shape().node(number_);
    return {modelled_->memories.size(), kind, static_cast<decide::RawMemoryKind>(kind),
            node.memory_bytes[static_cast<size_t>(kind)]};
  }

  ModelledMachine* modelled_;
  int number_;
};

}  // namespace

unsigned ModelledMachine::reported_bandwidth(uint64_t from, uint64_t to) const {
  const MemoryPlace& source = place(from);
  const MemoryPlace& target = place(to);
  if (source.node != target.node) return 0;
  if (source.gpu < 0 && target.gpu < 0) return kWithinHost;
  // That of the device's memory.
  return from == to ? static_cast<unsigned>(table.gpu.memory_bandwidth / 1e6) : kOverBus;
}

Result<ModelledMachine> model_machine(const machine::MachineDescription& description,
                                      bool runtime_cost, machine::RangeEnd end) {
  MachineTableResult read = parse_machine_table(
      machine::flat_machine_table(description,
                                  {.time_scale = 1, .runtime_cost = runtime_cost, .end = end}),
      description.file);
  if (!read.table) return fail(read.error);
  ModelledMachine modelled{decide::Machine(machine::machine_shape(description)),
                           *std::move(read.table),
                           description.cores(),
                           {}};
  for (int node = 0; node < modelled.machine.node_count(); ++node) Node(modelled, node).describe();
  return modelled;
}

}  // namespace placewright::sim
