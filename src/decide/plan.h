// SPDX-License-Identifier: Apache-2.0
// For one region argument of one task variant: which instances it gets, and for each the memories to
// try in order with the layout there. Made once per kind of argument, then looked up per point.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "decide/argument.h"
#include "decide/field_parts.h"
#include "decide/task_rules.h"

namespace placewright::decide {

struct MemoryChoice {
  machine::MemoryKind kind = machine::MemoryKind::SysMem;
  LayoutRequest request;
  SourceRange rule;         ///< Empty range: the default mapper's choice.
  SourceRange layout_rule;  ///< Empty if no rule gives a layout.
  int number = 0;           ///< Distinct among the choices of one planner.
  [[nodiscard]] bool has_rule() const { return rule.end > rule.begin; }
};

/// One instance of an argument.
struct ArgumentPlan {
  std::vector<MemoryChoice> choices;
  FieldPart part;  ///< The fields that it is for, and those of an instance made for it.
  bool collects = false;
  /// The variant's own demand for a memory kind.
  std::optional<RawMemoryKind> demanded_memory;
};
/// The part of an argument that one of its plans is for.
[[nodiscard]] Argument part_of(const Argument& argument, const ArgumentPlan& plan);

struct ArgumentKey {
  uint32_t task = 0;
  policy::TaskId rules;
  uint32_t variant = 0;
  int index = 0;
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  int32_t names = 0;  ///< Number of the list of names.
  uint64_t field_space = 0;
  int dim = 0;
  /// A task may fold into an argument in one launch and read it in another.
  ReductionId reduction = 0;
  friend auto operator<=>(const ArgumentKey&, const ArgumentKey&) = default;
};

/// What a plan needs to know about an argument beyond its description; asked for when a plan is
/// made.
class ArgumentSource {
 public:
  virtual ~ArgumentSource() = default;
  /// All fields of the argument's region, in any order.
  [[nodiscard]] virtual std::vector<FieldId> all_fields() const = 0;
  [[nodiscard]] virtual std::vector<Demand> demands() const = 0;
};

class Planner {
 public:
  /// One plan for each instance; one, unless the variant demands something for some fields only.
  /// Plans and choices stay valid for the lifetime of the planner, even when a plan with more
  /// fields takes their place.
  [[nodiscard]] std::span<const ArgumentPlan> plans(const Setting& setting, const ArgumentKey& key,
                                                    policy::TaskId task, const Argument& argument,
                                                    const ArgumentSource& source);
  /// The choice for a memory that no rule of a plan names; it uses the layout rule for that kind.
  [[nodiscard]] const MemoryChoice& fallback(const Setting& setting, const ArgumentPlan& plan,
                                             policy::TaskId task, const Argument& argument,
                                             machine::MemoryKind memory);

 private:
  struct Plans {
    std::vector<FieldId> used;  ///< For these fields, or for all that `fields` has.
    std::vector<FieldId> fields;
    std::vector<ArgumentPlan> list;
  };
  [[nodiscard]] ArgumentPlan make(const Setting& setting, machine::ProcessorKind kind,
                                  policy::TaskId task, const Argument& argument, FieldPart part);
  [[nodiscard]] MemoryChoice choose(const Setting& setting, const ArgumentPlan& plan,
                                    policy::TaskId task, const Argument& argument,
                                    policy::MemoryRule rule);

  /// Those for different fields, the newest last.
  std::map<ArgumentKey, std::vector<std::unique_ptr<const Plans>>> plans_;
  std::map<std::pair<const ArgumentPlan*, machine::MemoryKind>, std::unique_ptr<const MemoryChoice>>
      fallbacks_;
  int next_number_ = 0;
};

}  // namespace placewright::decide
