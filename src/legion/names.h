// SPDX-License-Identifier: Apache-2.0
// The names of region arguments, for the rules that use them. Only names that the application set
// with attach_name exist; they are looked up once per region.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "decide/argument.h"
#include "legion.h"
#include "legion/host.h"

namespace placewright::legion {

/// An interned list of names; two arguments with equal lists have equal ids.
using NamesId = StrongId<struct NamesTag>;

/// The names that apply to a requirement, best first: the region's own, its parent partition's, and
/// that of the requirement's parent region. Without duplicates, often empty.
[[nodiscard]] std::vector<std::string> region_names(Legion::Mapping::MapperRuntime* runtime,
                                                    Legion::Mapping::MapperContext ctx,
                                                    const Legion::RegionRequirement& requirement);

/// One per mapper object. One mapper call runs at a time, but another may start while the first
/// waits inside the runtime.
class RegionNames {
 public:
  /// If the mapping uses names, reports every name that it encounters to the host.
  RegionNames(Legion::Mapping::MapperRuntime* runtime, Host& host);

  /// region_names() as ids of the rules. Cheap if no rule uses a region's name.
  [[nodiscard]] NamesId ids(Legion::Mapping::MapperContext ctx,
                            const Legion::RegionRequirement& requirement);
  [[nodiscard]] const std::vector<policy::RegionId>& list(NamesId id) const {
    return *lists_[id.value];
  }

 private:
  using Key = std::pair<Legion::LogicalRegion, Legion::LogicalRegion>;

  [[nodiscard]] NamesId intern(std::vector<policy::RegionId> list);

  Legion::Mapping::MapperRuntime* runtime_;
  Host* host_;
  bool used_ = false;
  std::map<Key, NamesId> known_;
  std::map<std::vector<policy::RegionId>, NamesId> interned_;
  std::vector<const std::vector<policy::RegionId>*> lists_;
};

}  // namespace placewright::legion
