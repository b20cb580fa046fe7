// SPDX-License-Identifier: Apache-2.0
// Region arguments as decisions see them, and the instances that hold their data.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decide/layout.h"
#include "machine/privilege.h"

namespace placewright::decide {

/// One region requirement of a task. The spans live as long as the task's description.
struct Argument {
  int index = 0;
  machine::Privilege privilege = machine::Privilege::None;
  bool has_data = true;     ///< It has a region, fields and a privilege.
  bool exclusive = true;    ///< No other task uses the data at the same time.
  bool collective = false;  ///< Points of a launch map it together.
  int dim = 1;
  ReductionId reduction = 0;
  std::span<const FieldId> fields;  ///< Those the task uses, ascending.
  std::span<const policy::RegionId> names;
  /// Wishes of the launcher that only the default mapper knows.
  struct Wishes {
    bool virtual_instance = false;
    bool registered_memory = false;
    bool exact_region = false;
  } wishes;
};

/// Whether the argument gets an instance at all.
[[nodiscard]] inline bool needs_instance(const Argument& argument) {
  return argument.privilege != machine::Privilege::None && argument.has_data;
}

/// Whether its instance must not be found by other tasks: those that fold take turns
/// (Folding), and a collectively mapped launch needs one for each point that writes.
[[nodiscard]] inline bool needs_own_instance(const Argument& argument) {
  return argument.privilege == machine::Privilege::Reduce ||
         (argument.collective && machine::writes(argument.privilege));
}

/// Whether it may fold into an instance that holds folds of the same reduction: the runtime then makes
/// the tasks fold one after the other. Points that map it together need an instance each.
[[nodiscard]] inline bool shares_folds(const Argument& argument) {
  return argument.privilege == machine::Privilege::Reduce && !argument.collective;
}

/// An instance, by the number that its store gives it.
using InstanceId = uint32_t;

/// Instances by id: what they hold and their layout. The plug-in's asks Legion, the simulator has
/// its own.
class Store {
 public:
  virtual ~Store() = default;
  /// Memory::id.
  [[nodiscard]] virtual uint64_t memory(InstanceId instance) const = 0;
  /// Whether it is neither virtual nor a reduction instance. Valid instances for a fold are reduction
  /// instances to which nothing but this reduction was done since their folds were last applied.
  [[nodiscard]] virtual bool is_normal(InstanceId instance) const = 0;
  [[nodiscard]] virtual bool has_fields(InstanceId instance,
                                        std::span<const FieldId> fields) const = 0;
  /// The bounding box of its points, of which it may lack some.
  [[nodiscard]] virtual machine::LaunchDomain bounds(InstanceId instance) const = 0;
  /// Whether it satisfies the layout, apart from the list of fields. `choice` is the number of the
  /// layout (MemoryChoice::number).
  [[nodiscard]] virtual bool entails(InstanceId instance, int choice) const = 0;
};

}  // namespace placewright::decide
