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

class Memories {
 public:
  Memories(const machine::NodeShape& node, std::vector<MemoryPlace>& places)
      : node_(node), places_(places) {}

  decide::Memory add(MemoryKind kind, int gpu = -1) {
    places_.push_back({kind, gpu});
    return {places_.size(), kind, static_cast<decide::RawMemoryKind>(kind),
            node_.memory_bytes[static_cast<size_t>(kind)]};
  }

 private:
  const machine::NodeShape& node_;
  std::vector<MemoryPlace>& places_;
};

}  // namespace

Result<ModelledMachine> model_machine(const machine::MachineDescription& description) {
  const machine::MachineShape shape = machine::machine_shape(description);
  if (shape.node_count() != 1)
    return fail("the simulator knows machines of one node so far", "simulate one node of it");
  MachineTableResult read = parse_machine_table(
      machine::flat_machine_table(description, {.time_scale = 1}), description.file);
  if (!read.table) return fail(read.error);
  ModelledMachine modelled{decide::Machine(shape), *std::move(read.table), {}};
  Memories memories(shape.node(0), modelled.memories);
  // In the order of Realm's ids, which decide between sources that are equally good.
  const decide::Memory system = memories.add(MemoryKind::SysMem);
  const bool has_gpus = shape.has(ProcessorKind::Gpu);
  std::vector<decide::Memory> frame_buffers;
  for (int gpu = 0; gpu < shape.processors(ProcessorKind::Gpu, 0); ++gpu)
    frame_buffers.push_back(memories.add(MemoryKind::FbMem, gpu));
  const decide::Memory zero_copy = has_gpus ? memories.add(MemoryKind::ZcMem) : decide::Memory();
  for (int gpu = 0; gpu < shape.processors(ProcessorKind::Gpu, 0); ++gpu)
    modelled.machine.describe({ProcessorKind::Gpu, 0, gpu},
                              {{frame_buffers[static_cast<size_t>(gpu)], kGpuToFrameBuffer, 0},
                               {zero_copy, kGpuToZeroCopy, 0}});
  for (int cpu = 0; cpu < shape.processors(ProcessorKind::Cpu, 0); ++cpu) {
    std::vector<decide::VisibleMemory> visible = {{system, kCpuToSystem, 0}};
    if (has_gpus) visible.push_back({zero_copy, kCpuToZeroCopy, 0});
    modelled.machine.describe({ProcessorKind::Cpu, 0, cpu}, std::move(visible));
  }
  return modelled;
}

}  // namespace placewright::sim
