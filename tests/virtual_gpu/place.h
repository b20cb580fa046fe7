// SPDX-License-Identifier: Apache-2.0
// Says by the tag of a region requirement where its instance goes, and by the tag of a task which
// processor runs it: a test mapper for data-movement tests, nothing more. GPUs are counted over all
// processes, four in each; host memories and CPUs are named by a GPU of their process.
#pragma once

#include <legion.h>
#include <mappers/default_mapper.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

namespace placewright::test {

enum class Order { Fortran, C };

// The default mapper reads the low 16 bits of tags as its own.
inline constexpr Legion::MappingTagID kPlaced = 1u << 28, kOnGpu = 1u << 29, kOnCpu = 1u << 30;

inline constexpr int kGpusPerProcess = 4;

/// A memory: the frame buffer of `gpu`, or one kind of host memory beside it.
inline Legion::MappingTagID place(Legion::Memory::Kind kind, int gpu = 0,
                                  Order order = Order::Fortran) {
  return kPlaced | static_cast<unsigned>(gpu) << 24 | static_cast<unsigned>(kind) << 17 |
         (order == Order::C ? 1u << 16 : 0u);
}

inline Legion::MappingTagID on_gpu(int gpu) { return kOnGpu | static_cast<unsigned>(gpu) << 24; }
inline Legion::MappingTagID on_cpu(int gpu = 0) {
  return kOnCpu | static_cast<unsigned>(gpu) << 24;
}
inline std::size_t gpu_of(Legion::MappingTagID tag) { return tag >> 24 & 0xfu; }

class PlacingMapper : public Legion::Mapping::DefaultMapper {
 public:
  using Legion::Mapping::DefaultMapper::DefaultMapper;

 public:
  /// The default mapper leaves reductions unmapped here: they get an instance of their own.
  void map_task(const Legion::Mapping::MapperContext context, const Legion::Task& task,
                const MapTaskInput& input, MapTaskOutput& output) override {
    DefaultMapper::map_task(context, task, input, output);
    for (std::size_t i = 0; i < task.regions.size(); ++i) {
      const Legion::RegionRequirement& requirement = task.regions[i];
      if (requirement.redop == 0 || (requirement.tag & kPlaced) == 0) continue;
      const Legion::Memory memory = default_policy_select_target_memory(
          context, task.target_proc, requirement, Legion::MemoryConstraint());
      Legion::Mapping::PhysicalInstance instance;
      runtime->create_physical_instance(context, memory, layout(memory, false, requirement),
                                        {requirement.region}, instance);
      output.chosen_instances[i] = {instance};
    }
  }

 protected:
  using Context = Legion::Mapping::MapperContext;

  Legion::Processor default_policy_select_initial_processor(Context context,
                                                            const Legion::Task& task) override {
    if (task.tag & kOnGpu) return gpu(task.tag);
    if (task.tag & kOnCpu) return processors(task.tag, Legion::Processor::LOC_PROC).front();
    return DefaultMapper::default_policy_select_initial_processor(context, task);
  }

  CachedMappingPolicy default_policy_select_task_cache_policy(Context,
                                                              const Legion::Task&) override {
    return DEFAULT_CACHE_POLICY_DISABLE;
  }

  Legion::Memory default_policy_select_target_memory(Context context, Legion::Processor target,
                                                     const Legion::RegionRequirement& requirement,
                                                     Legion::MemoryConstraint constraint) override {
    if ((requirement.tag & kPlaced) == 0) {
      return DefaultMapper::default_policy_select_target_memory(context, target, requirement,
                                                                constraint);
    }
    const auto kind = static_cast<Legion::Memory::Kind>(requirement.tag >> 17 & 0x7fu);
    Legion::Machine::MemoryQuery query(machine);
    query.only_kind(kind);
    // A GPU sees the frame buffers of its peers too: the one it sees best is its own.
    if (kind == Legion::Memory::GPU_FB_MEM) query.best_affinity_to(gpu(requirement.tag));
    const auto here = [&](Legion::Memory memory) {
      return memory.address_space() == process_of(requirement.tag);
    };
    return *std::find_if(query.begin(), query.end(), here);
  }

  Legion::LayoutConstraintID default_policy_select_layout_constraints(
      Context context, Legion::Memory memory, const Legion::RegionRequirement& requirement,
      MappingKind mapping, bool check_fields, bool& force_new_instances) override {
    if ((requirement.tag & kPlaced) == 0) {
      return DefaultMapper::default_policy_select_layout_constraints(
          context, memory, requirement, mapping, check_fields, force_new_instances);
    }
    force_new_instances = requirement.privilege == LEGION_REDUCE;
    const bool c_order = (requirement.tag & 1u << 16) != 0;
    const auto key =
        std::make_tuple(memory.kind(), c_order, requirement.redop, requirement.privilege_fields);
    const auto found = layouts_.find(key);
    if (found != layouts_.end()) return found->second;
    return layouts_[key] = runtime->register_layout(context, layout(memory, c_order, requirement));
  }

 private:
  static Legion::AddressSpace process_of(Legion::MappingTagID tag) {
    return static_cast<Legion::AddressSpace>(gpu_of(tag) / kGpusPerProcess);
  }

  /// Those of the tag's process, in the order of their numbers.
  std::vector<Legion::Processor> processors(Legion::MappingTagID tag,
                                            Legion::Processor::Kind kind) {
    Legion::Machine::ProcessorQuery query(machine);
    query.only_kind(kind);
    std::vector<Legion::Processor> found;
    for (const Legion::Processor processor : query) {
      if (processor.address_space() == process_of(tag)) found.push_back(processor);
    }
    return found;
  }

  Legion::Processor gpu(Legion::MappingTagID tag) {
    return processors(tag, Legion::Processor::TOC_PROC)[gpu_of(tag) % kGpusPerProcess];
  }

  static Legion::LayoutConstraintSet layout(Legion::Memory memory, bool c_order,
                                            const Legion::RegionRequirement& requirement) {
    using namespace Legion;
    LayoutConstraintSet set;
    set.add_constraint(
        requirement.redop == 0
            ? SpecializedConstraint(LEGION_AFFINE_SPECIALIZE)
            : SpecializedConstraint(LEGION_AFFINE_REDUCTION_SPECIALIZE, requirement.redop));
    set.add_constraint(MemoryConstraint(memory.kind()));
    set.add_constraint(FieldConstraint(requirement.privilege_fields, false, false));
    std::vector<DimensionKind> order = {LEGION_DIM_X, LEGION_DIM_Y, LEGION_DIM_F};
    if (c_order) order = {LEGION_DIM_Y, LEGION_DIM_X, LEGION_DIM_F};
    set.add_constraint(OrderingConstraint(order, true));
    return set;
  }

  std::map<std::tuple<Legion::Memory::Kind, bool, Legion::ReductionOpID, std::set<Legion::FieldID>>,
           Legion::LayoutConstraintID>
      layouts_;
};

}  // namespace placewright::test
