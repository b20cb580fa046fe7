// SPDX-License-Identifier: Apache-2.0
// Creates named regions and partitions; mappings refer to them by these names.
#pragma once

#include <legion.h>

#include <string>
#include <vector>

namespace apps {

struct FieldName {
  Legion::FieldID id;
  size_t bytes;
  std::string name;
};

[[nodiscard]] Legion::FieldSpace create_fields(Legion::Context ctx, Legion::Runtime* runtime,
                                               const std::vector<FieldName>& fields);

[[nodiscard]] Legion::LogicalRegion create_region(Legion::Context ctx, Legion::Runtime* runtime,
                                                  Legion::Domain domain,
                                                  const std::vector<FieldName>& fields,
                                                  const char* name);

/// A partition with one subset per point of `colors`, in the order of Domain's iteration (the first
/// dimension fastest). `kind` is a promise to Legion. A partition that tasks find again gets a
/// color of its own.
[[nodiscard]] Legion::LogicalPartition create_partition(
    Legion::Context ctx, Legion::Runtime* runtime, Legion::LogicalRegion region,
    const std::vector<Legion::Domain>& subsets, Legion::IndexSpace colors,
    Legion::PartitionKind kind, const char* name, Legion::Color color = LEGION_AUTO_GENERATE_ID);

}  // namespace apps
