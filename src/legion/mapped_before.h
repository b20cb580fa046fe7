// SPDX-License-Identifier: Apache-2.0
// What an equal task got the last time: most programs map the same tasks in each step. One per
// mapper object.
#pragma once

#include <unordered_map>
#include <vector>

#include "legion/mapping.h"

namespace placewright::legion {

/// Only tasks whose arguments all use valid instances, the first that the decision core named. Their
/// decisions depend on nothing else than what is compared here, so a task that is found is mapped as
/// it would be without this class.
class MappedBefore {
 public:
  MappedBefore(Legion::Mapping::MapperRuntime* runtime, Host& host)
      : runtime_(runtime), host_(&host) {}

  /// Gives the task the instances of an equal one. False if there is none, or an instance is gone.
  [[nodiscard]] bool map(Mapping& mapping);
  /// The task has its instances. Does nothing unless all are the first that were named.
  void keep(const Mapping& mapping);

 private:
  using Instances = std::vector<std::vector<Legion::Mapping::PhysicalInstance>>;
  struct Requirement {
    explicit Requirement(const Legion::RegionRequirement& requirement);
    [[nodiscard]] bool equals(const Legion::RegionRequirement& requirement) const;
    Legion::LogicalRegion region;
    Legion::LogicalRegion parent;
    Legion::PrivilegeMode privilege;
    Legion::CoherenceProperty coherence;
    Legion::MappingTagID tag;
    std::vector<Legion::FieldID> fields;
  };
  struct Entry {
    Legion::TaskID task;
    Legion::MapperID mapper;
    policy::TaskId rules;
    const VariantFacts* variant;
    Legion::Processor processor;
    std::vector<Requirement> requirements;
    Instances valid;
    Instances chosen;
  };
  /// Nothing but the valid instances decides for the task.
  [[nodiscard]] bool may_repeat(const Mapping& mapping) const;
  [[nodiscard]] static size_t hash(const Mapping& mapping);
  [[nodiscard]] static bool equals(const Entry& entry, const Mapping& mapping);

  Legion::Mapping::MapperRuntime* runtime_;
  Host* host_;
  std::unordered_map<size_t, Entry> entries_;
};

}  // namespace placewright::legion
