// SPDX-License-Identifier: Apache-2.0
// Inline mappings, made as Legion's default mapper makes them: no rule is about them. That mapper
// aborts when the memory is full; here the run ends with a message.
#pragma once

#include "legion/host.h"

namespace placewright::legion {

class InlineMappings {
 public:
  /// `exact_regions`: the default mapper was asked to make no instance larger than its region.
  InlineMappings(Legion::Mapping::MapperRuntime* runtime, Host& host, bool exact_regions)
      : runtime_(runtime), host_(&host), exact_regions_(exact_regions) {}

  void map(Legion::Mapping::MapperContext ctx, const Legion::InlineMapping& operation,
           const Legion::Mapping::Mapper::MapInlineInput& input,
           Legion::Mapping::Mapper::MapInlineOutput& output) const;

 private:
  using Instance = Legion::Mapping::PhysicalInstance;

  /// The fields for which none of the valid instances in the memory, which are used, has space.
  [[nodiscard]] std::vector<decide::FieldId> use_valid(Legion::Mapping::MapperContext ctx,
                                                       const Legion::InlineMapping& operation,
                                                       const std::vector<Instance>& valid,
                                                       uint64_t memory,
                                                       std::vector<Instance>& chosen) const;
  [[nodiscard]] Instance make(Legion::Mapping::MapperContext ctx,
                              const Legion::InlineMapping& operation, const decide::Memory& memory,
                              const decide::LayoutRequest& request) const;

  Legion::Mapping::MapperRuntime* runtime_;
  Host* host_;
  bool exact_regions_;
};

}  // namespace placewright::legion
