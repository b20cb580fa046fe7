// SPDX-License-Identifier: Apache-2.0
// Finds or makes one instance with Legion's calls. One per mapper object.
#pragma once

#include <optional>
#include <vector>

#include "decide/obtain.h"
#include "legion/arguments.h"

namespace placewright::legion {

class InstanceMaker {
 public:
  using Instance = Legion::Mapping::PhysicalInstance;
  struct Made {
    std::optional<Instance> instance;  ///< Acquired; unset if it does not fit.
    size_t bytes = 0;                  ///< Asked for, if it does not fit.
    bool is_impossible = false;        ///< The layout is, in this memory.
  };

  /// `exact_regions`: the default mapper was asked to make no instance larger than its region.
  InstanceMaker(Legion::Mapping::MapperRuntime* runtime, Host& host, LayoutCache& layouts,
                bool exact_regions)
      : runtime_(runtime), host_(&host), layouts_(&layouts), exact_regions_(exact_regions) {}

  /// The instance covers all `regions` together or, if there are none, the region of the argument or
  /// a larger one that other tasks can share.
  [[nodiscard]] Made make(Mapping& mapping, const Wanted& wanted, const decide::UsableMemory& where,
                          std::vector<Legion::LogicalRegion> regions, decide::Making making);

 private:
  [[nodiscard]] Legion::LogicalRegion region_of(const Mapping& mapping, const Wanted& wanted,
                                                const decide::UsableMemory& where) const;

  Legion::Mapping::MapperRuntime* runtime_;
  Host* host_;
  LayoutCache* layouts_;
  bool exact_regions_;
};

}  // namespace placewright::legion
