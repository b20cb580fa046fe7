// SPDX-License-Identifier: Apache-2.0
// What is written down while an argument gets its instance, for a replay of the decisions. A null
// record means that nobody wants one.
#pragma once

#include <vector>

#include "decide/memories.h"
#include "decide/task_record.h"
#include "legion/arguments.h"

namespace placewright::legion {

/// Null if nobody wants a record. `valid` is null for arguments that share an instance.
[[nodiscard]] decide::ArgumentRecord* begin_record(Legion::Mapping::MapperRuntime* runtime,
                                                   const Mapping& mapping, const ArgumentView& view,
                                                   const std::vector<decide::UsableMemory>& usable,
                                                   const ValidInstances* valid,
                                                   decide::InstanceId count);
void record_step(decide::ArgumentRecord* record, const decide::StepRecord& step,
                 const decide::MemoryChoice& choice);
void record_end(decide::ArgumentRecord* record, const Legion::Mapping::PhysicalInstance& instance);

}  // namespace placewright::legion
