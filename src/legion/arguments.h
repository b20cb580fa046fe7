// SPDX-License-Identifier: Apache-2.0
// Legion's region requirements and instances as the decision core sees them.
#pragma once

#include <vector>

#include "decide/plan.h"
#include "legion/mapping.h"
#include "legion/names.h"

namespace placewright::legion {

/// The requirement of a region argument or, after those, of an output region.
[[nodiscard]] const Legion::RegionRequirement& requirement_of(const Legion::Task& task,
                                                              unsigned index);

/// One region argument of a task being mapped, or an output region. Must stay in place: its parts refer to each other.
class ArgumentView final : public decide::ArgumentSource {
 public:
  /// `names` and the mapping must outlive the view.
  ArgumentView(Legion::Mapping::MapperRuntime* runtime, const Mapping& mapping, unsigned index,
               RegionNames& names, bool foreign_tags);
  /// An argument that shares its instance: its fields and demands become those of the view.
  void add(unsigned index);
  ArgumentView(const ArgumentView&) = delete;
  ArgumentView& operator=(const ArgumentView&) = delete;

  [[nodiscard]] const decide::Argument& argument() const { return argument_; }
  [[nodiscard]] const decide::ArgumentKey& key() const { return key_; }
  [[nodiscard]] const Legion::RegionRequirement& requirement() const { return *requirement_; }

  [[nodiscard]] std::vector<decide::FieldId> all_fields() const override;
  [[nodiscard]] std::vector<decide::Demand> demands() const override;

 private:
  Legion::Mapping::MapperRuntime* runtime_;
  const Mapping* mapping_;
  const Legion::RegionRequirement* requirement_;
  std::vector<decide::FieldId> fields_;
  std::vector<unsigned> indexes_;  ///< Arguments that share the instance.
  decide::Argument argument_;
  decide::ArgumentKey key_;
};

/// What one instance is wanted for.
struct Wanted {
  const ArgumentView& view;
  decide::Argument argument;  ///< The view's, with the fields of the part.
  const decide::ArgumentPlan& plan;
  int part = 0;  ///< The number of the plan.
  [[nodiscard]] unsigned index() const { return static_cast<unsigned>(argument.index); }
};

/// Layouts as Legion's constraints, by the number of the choice.
class LayoutCache {
 public:
  /// All constraints, for a new instance.
  [[nodiscard]] const Legion::LayoutConstraintSet& of(const decide::MemoryChoice& choice);
  /// Without the list of fields, unless their places matter: what an instance that already exists
  /// must satisfy. The layout must have been asked for before.
  [[nodiscard]] const Legion::LayoutConstraintSet& for_reuse(int number) const;

 private:
  struct Entry {
    Legion::LayoutConstraintSet all;
    Legion::LayoutConstraintSet reuse;
  };
  std::map<int, Entry> entries_;
};

/// The valid instances of an argument, numbered from 0.
class ValidInstances final : public decide::Store {
 public:
  using Instance = Legion::Mapping::PhysicalInstance;
  ValidInstances(const std::vector<Instance>& instances, const LayoutCache& layouts)
      : instances_(&instances), layouts_(&layouts) {}

  [[nodiscard]] const Instance& at(decide::InstanceId id) const { return (*instances_)[id]; }
  [[nodiscard]] uint64_t memory(decide::InstanceId id) const override;
  [[nodiscard]] bool is_normal(decide::InstanceId id) const override;
  [[nodiscard]] bool has_fields(decide::InstanceId id,
                                std::span<const decide::FieldId> fields) const override;
  [[nodiscard]] machine::LaunchDomain bounds(decide::InstanceId id) const override;
  [[nodiscard]] bool entails(decide::InstanceId id, int choice) const override;

 private:
  const std::vector<Instance>* instances_;
  const LayoutCache* layouts_;
};

}  // namespace placewright::legion
