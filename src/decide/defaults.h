// SPDX-License-Identifier: Apache-2.0
// What Legion's default mapper decides where no rule does. Read off the behaviour of
// mappers/default_mapper of Legion 25.12.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "decide/launch.h"
#include "decide/machine.h"

namespace placewright::decide {

/// The order in which processors are preferred for a task that has several variants.
inline constexpr std::array<machine::ProcessorKind, machine::kProcessorKindCount>
    kDefaultProcessorOrder = {machine::ProcessorKind::Proc, machine::ProcessorKind::Gpu,
                              machine::ProcessorKind::Omp,  machine::ProcessorKind::Cpu,
                              machine::ProcessorKind::Io,   machine::ProcessorKind::Py};

/// The same, with GPUs last if the task's tag asks for that.
[[nodiscard]] std::array<machine::ProcessorKind, machine::kProcessorKindCount>
default_processor_order(bool prefers_cpu);

/// The variant that was registered last for a kind of processor: it is taken to be the most
/// specialized. Null if there is none.
[[nodiscard]] const Variant* default_variant(const TaskFacts& task, machine::ProcessorKind kind);

/// Ready tasks have equal priorities.
[[nodiscard]] inline int default_priority() { return 0; }

/// Whether a task may run on any processor of its kind on the node instead of on its target alone.
[[nodiscard]] bool default_runs_anywhere_on_node(const LaunchInfo& launch,
                                                 const ProcessorPlace& target,
                                                 const Machine& machine);

/// The memory with the highest bandwidth for a processor, of the demanded kind if there is one.
/// `prefers_rdma`: registered or zero-copy memory if the processor has any.
[[nodiscard]] Memory default_memory(const Machine& machine, const ProcessorPlace& processor,
                                    bool prefers_rdma, std::optional<RawMemoryKind> demanded);

/// The first kind of the default order that the machine has and the task has a variant for.
[[nodiscard]] std::optional<machine::ProcessorKind> default_processor_kind(
    std::span<const machine::ProcessorKind> variants, const machine::MachineShape& machine);
/// The kind of the default mapper's memory, as far as the machine's shape tells: that a GPU reaches
/// its frame buffer fastest, an OpenMP group its socket's memory and all others system memory.
[[nodiscard]] machine::MemoryKind default_memory(machine::ProcessorKind kind,
                                                 const machine::MachineShape& machine);

/// How an instance for a region is made larger than the region, so that other tasks can share it.
struct InstanceRegionFacts {
  std::optional<machine::MemoryKind> memory;
  bool reduction = false;
  bool exact = false;   ///< The layout or the tag asks for the region itself.
  bool padded = false;  ///< The layout demands padding.
};
/// Returns how many regions to go up from the region towards the root of its tree. `volumes` has
/// the points of the region and of its ancestors, the root last.
[[nodiscard]] size_t default_instance_region(const InstanceRegionFacts& facts,
                                             std::span<const uint64_t> volumes, int nodes);

}  // namespace placewright::decide
