// SPDX-License-Identifier: Apache-2.0
// A task being mapped: what the steps of map_task share.
#pragma once

#include <set>
#include <vector>

#include "legion/tasks.h"

namespace placewright::legion {

struct Mapping {
  Legion::Mapping::MapperContext ctx;
  const Legion::Task& task;
  const Legion::Mapping::Mapper::MapTaskInput& input;
  Legion::Mapping::Mapper::MapTaskOutput& output;
  const decide::TaskRules& rules;
  decide::LaunchInfo launch;
  const VariantFacts* variant = nullptr;
  Legion::Processor processor = {};
  decide::ProcessorPlace target = {};
  /// Those of the argument being mapped: one allocation serves all arguments.
  std::vector<decide::UsableMemory> usable = {};
  std::vector<bool> done = {};  ///< Requirements that have their instances.
  std::vector<Legion::Mapping::PhysicalInstance> made = {};
  /// So far, all arguments use the first instance that was named for them, and it was valid.
  bool repeats = false;
  decide::TaskRecord* record = nullptr;  ///< Null if nobody wants it.

  [[nodiscard]] bool is_shard() const { return input.shard_processor.exists(); }
};

}  // namespace placewright::legion
