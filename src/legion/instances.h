// SPDX-License-Identifier: Apache-2.0
// Instances for the region arguments of a task: executes the actions of the decision core with
// Legion's calls. One per mapper object.
#pragma once

#include <optional>
#include <vector>

#include "decide/obtain.h"
#include "decide/reasons.h"
#include "legion/arguments.h"
#include "legion/holding.h"
#include "legion/instance_maker.h"
#include "legion/mapped_before.h"

namespace placewright::legion {

class Instances {
 public:
  /// `exact_regions`: the default mapper was asked to make no instance larger than its region.
  Instances(Legion::Mapping::MapperRuntime* runtime, Host& host, Holding& holding,
            bool exact_regions)
      : runtime_(runtime),
        host_(&host),
        holding_(&holding),
        names_(runtime, host),
        maker_(runtime, host, layouts_, exact_regions),
        mapped_before_(runtime, host) {}

  /// Instances for all region arguments; false if the task must wait for memory.
  [[nodiscard]] bool map_arguments(Mapping& mapping);
  /// Where the task puts the regions that it makes itself, and their layout. They have the numbers
  /// after those of the region arguments.
  void map_outputs(Mapping& mapping);
  [[nodiscard]] std::vector<decide::ArgumentReasons> reasons(const Mapping& mapping);

 private:
  using Instance = Legion::Mapping::PhysicalInstance;

  void map_inner_task(Mapping& mapping);
  [[nodiscard]] bool map_argument(Mapping& mapping, unsigned index);
  [[nodiscard]] bool map_part(Mapping& mapping, const Wanted& wanted,
                              const std::vector<decide::UsableMemory>& usable);
  [[nodiscard]] static SharedFolds::Fold fold_of(const Wanted& wanted,
                                                 const machine::LaunchDomain& bounds);
  /// Not in several processes: nobody tells what another one folds into the data.
  [[nodiscard]] bool shares_folds() const { return host_->machine().node_count() == 1; }
  [[nodiscard]] std::vector<Instance> shared_folds(const Wanted& wanted,
                                                   const machine::LaunchDomain& bounds) const;
  /// Lets later tasks of the reduction use an instance.
  void share(const Wanted& wanted, const machine::LaunchDomain& bounds,
             const std::vector<Instance>& known, const Instance& used) const;
  [[nodiscard]] decide::Folding folding(const Mapping& mapping,
                                        const std::vector<decide::UsableMemory>& usable,
                                        const std::vector<Instance>& known);
  /// Arguments that the variant requires to share one instance.
  [[nodiscard]] bool map_colocated(Mapping& mapping, const std::set<unsigned>& indexes);
  void choose_virtual(Mapping& mapping, unsigned index);
  void collect_after_use(Mapping& mapping, const Wanted& wanted, bool is_last);
  void warn_if_rule_yields(const Mapping& mapping, const Wanted& wanted,
                           const decide::MemoryChoice& preferred);

  /// What can be used for an instance, best first; the default mapper's choice if no rule has any.
  /// Never empty.
  void list_usable(const Mapping& mapping, const Wanted& wanted,
                   std::vector<decide::UsableMemory>& list);
  /// The same without virtual memory.
  void list_real(const Mapping& mapping, const Wanted& wanted,
                 std::vector<decide::UsableMemory>& list);
  /// The memories that the task may use for any of its arguments.
  [[nodiscard]] std::vector<uint64_t> claims(const Mapping& mapping);
  [[nodiscard]] decide::UsableMemory default_memory(const Mapping& mapping, const Wanted& wanted);
  /// One for each instance of an argument.
  [[nodiscard]] std::span<const decide::ArgumentPlan> plans(const Mapping& mapping,
                                                            const ArgumentView& view);

  /// Executes actions until one succeeds; nullopt if the task must wait for memory. Ends the run if
  /// waiting would be in vain. The instance covers all `regions` together or, if there are none, the
  /// region of the argument.
  [[nodiscard]] std::optional<Instance> obtain(Mapping& mapping, const Wanted& wanted,
                                               decide::Obtaining& obtaining,
                                               const ValidInstances* valid,
                                               const std::vector<Legion::LogicalRegion>& regions,
                                               decide::ArgumentRecord* record);
  [[nodiscard]] std::string describe(const Mapping& mapping, unsigned index) const;
  [[noreturn]] void refuse(const Mapping& mapping, unsigned index, decide::Refusal refusal) const;

  Legion::Mapping::MapperRuntime* runtime_;
  Host* host_;
  Holding* holding_;
  RegionNames names_;
  decide::Planner planner_;
  LayoutCache layouts_;
  InstanceMaker maker_;
  MappedBefore mapped_before_;
  size_t fold_turn_ = 0;
};

}  // namespace placewright::legion
