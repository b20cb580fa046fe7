// SPDX-License-Identifier: Apache-2.0
// Records of how the arguments of a task got their instances, for decide/replay.h.
#pragma once

#include "legion/arguments.h"

namespace placewright::legion {

/// Null if nobody wants a record; valid until the next call for the task. `valid` is null for a group
/// of arguments and for a virtual instance.
[[nodiscard]] decide::ArgumentRecord* begin_record(Legion::Mapping::MapperRuntime* runtime,
                                                   const Mapping& mapping, const Wanted& wanted,
                                                   const std::vector<decide::UsableMemory>& usable,
                                                   const ValidInstances* valid,
                                                   decide::InstanceId count);
/// These do nothing without a record.
void record_step(decide::ArgumentRecord* record, const decide::StepRecord& step,
                 const decide::MemoryChoice& choice);
void record_end(decide::ArgumentRecord* record, const ValidInstances::Instance& instance);

}  // namespace placewright::legion
