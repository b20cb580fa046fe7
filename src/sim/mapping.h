// SPDX-License-Identifier: Apache-2.0
// Decides where tasks run and which instances they use, with the decision core: what the plug-in's
// mapper does with Legion's objects.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "decide/default_distribution.h"
#include "decide/fold_instances.h"
#include "decide/folded_data.h"
#include "decide/plan.h"
#include "decide/processors.h"
#include "sim/coherence.h"

namespace placewright::sim {

/// Where a point runs.
struct PointPlace {
  decide::ProcessorPlace target;
  std::vector<int32_t> processors;  ///< Any of these, on the target's node.
};

/// What a point got.
struct MappedPoint {
  PointPlace place;
  uint32_t task = 0;  ///< Its number in the workload.
  const decide::Variant* variant = nullptr;
  int limit = 0;  ///< InstanceLimit; 0: none.
  int priority = 0;
  std::vector<InstanceUse> uses;         ///< One for each instance.
  std::vector<ArgumentPlace> arguments;  ///< By argument, for task_cost.h.
};

class Mapping {
 public:
  Mapping(const workload::Recording& recording, const Data& data, const ModelledMachine& machine,
          const policy::Rules& rules, Instances& instances, Coherence& coherence);

  /// What is known about a task of the workload.
  struct Task {
    uint32_t number = 0;
    decide::TaskFacts facts;
    const std::vector<workload::RecordedVariant>* variants = nullptr;
  };
  /// A launch of a recorded program, and what the rules say about it.
  struct MappedLaunch {
    const workload::Launch* launch = nullptr;
    const Task* task = nullptr;
    decide::LaunchInfo info;
    decide::TaskRules rules;
    machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  };

  /// Decides whether the top-level task is replicated. Call it first. Errors of all: those that would
  /// end a run, and replication of other tasks, which cannot be simulated.
  [[nodiscard]] tl::expected<void, decide::Refusal> start();
  /// `parent`: where it runs.
  [[nodiscard]] tl::expected<MappedLaunch, decide::Refusal> begin(
      const workload::Launch& launch, const std::optional<decide::ProcessorPlace>& parent);
  /// Where the points run, in their order.
  [[nodiscard]] tl::expected<std::vector<PointPlace>, decide::Refusal> place(
      const MappedLaunch& launch);
  /// Also an error: a memory that stays full.
  [[nodiscard]] tl::expected<MappedPoint, decide::Refusal> map(const MappedLaunch& launch,
                                                               size_t point, PointPlace place);

 private:
  /// An argument of a point that is being mapped.
  struct Wish {
    const MappedLaunch& launch;
    const decide::Variant& variant;
    decide::ProcessorPlace target;
    uint32_t requirement = 0;
    decide::Argument argument;
  };

  [[nodiscard]] PointPlace chosen(const MappedLaunch& launch, const decide::ProcessorPlace& target,
                                  const std::optional<policy::Target>& placed) const;
  [[nodiscard]] tl::expected<bool, decide::Refusal> is_replicated(const decide::TaskRules& rules,
                                                                  const decide::Variant* variant,
                                                                  bool by_default) const;
  [[nodiscard]] decide::ParentFacts parent_facts(
      const workload::Launch& launch, const std::optional<decide::ProcessorPlace>& parent) const;
  [[nodiscard]] std::vector<decide::ProcessorPlace> default_targets(const MappedLaunch& launch);
  void note_folds(const MappedLaunch& launch);
  [[nodiscard]] std::span<const policy::RegionId> names_of(uint32_t piece);
  [[nodiscard]] decide::Argument argument_of(uint32_t requirement, int index);
  /// The piece of a requirement that has one.
  [[nodiscard]] const workload::Piece& piece_of(uint32_t requirement) const {
    return recording_->pieces[*recording_->requirements[requirement].piece];
  }
  [[nodiscard]] decide::ArgumentKey key_of(const Wish& wish);
  [[nodiscard]] tl::expected<void, decide::Refusal> map_argument(Wish& wish, MappedPoint& point);
  [[nodiscard]] tl::expected<void, decide::Refusal> list_usable(
      const Wish& wish, const decide::ArgumentPlan& plan,
      std::vector<decide::UsableMemory>& usable);
  [[nodiscard]] tl::expected<InstanceNumber, decide::Refusal> obtain(
      const Wish& wish, const decide::ArgumentPlan& plan,
      std::span<const decide::UsableMemory> usable);
  [[nodiscard]] sim::Wanted wanted(const Wish& wish, const decide::ArgumentPlan& plan,
                                   const decide::UsableMemory& where) const;
  [[nodiscard]] decide::FoldInstances::Fold fold_of(const Wish& wish,
                                                    const machine::LaunchDomain& needed) const;
  [[nodiscard]] bool collects(const Wish& wish, const decide::ArgumentPlan& plan) const;
  [[nodiscard]] ArgumentPlace place_of(const Wish& wish, const Instance& instance) const;
  [[nodiscard]] std::string words(const Wish& wish) const;

  const workload::Recording* recording_;
  const Data* data_;
  const ModelledMachine* machine_;
  Instances* instances_;
  Coherence* coherence_;
  decide::Setting setting_;
  std::vector<int> shards_;  ///< The nodes of the top-level task's shards; empty if it has none.
  decide::Planner planner_;
  decide::FoldInstances folds_;
  decide::FoldedData folded_;
  /// A processor's mapper counts its own.
  std::map<decide::ProcessorPlace, size_t> fold_turns_;
  std::map<std::string, Task> tasks_;
  std::map<uint32_t, std::vector<policy::RegionId>> names_;  ///< By piece.
  std::map<std::vector<policy::RegionId>, int32_t> name_numbers_;
  std::map<decide::ProcessorPlace, decide::DefaultInitialProcessors> initial_;
};

}  // namespace placewright::sim
