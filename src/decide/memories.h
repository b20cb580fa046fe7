// SPDX-License-Identifier: Apache-2.0
// Which memories of an argument's plan can be used, and which arguments get no instance at all.
#pragma once

#include <span>
#include <tl/expected.hpp>
#include <vector>

#include "decide/plan.h"

namespace placewright::decide {

/// A memory of the plan next to the target; no memory for a virtual instance.
struct UsableMemory {
  const MemoryChoice* choice = nullptr;
  Memory memory;
};

/// Whether the argument of a task that is not a leaf may get a virtual instance.
[[nodiscard]] bool may_be_virtual(const Variant& variant, const Argument& argument);

/// Why a memory of the plan is not used.
enum class Unusable : uint8_t { None, NotDemanded, NotPossible, OutOfReach };
[[nodiscard]] Unusable why_unusable(const Setting& setting, const ArgumentPlan& plan,
                                    const MemoryChoice& choice, const Variant& variant,
                                    const Argument& argument, const ProcessorPlace& target);

/// Fills `usable` with the choices that the target can use, best first. Empty if the default mapper
/// decides. As published, only the first memory counts, even if it is full.
void list_usable(const Setting& setting, const ArgumentPlan& plan, const Variant& variant,
                 const Argument& argument, const ProcessorPlace& target,
                 std::vector<UsableMemory>& usable);

/// Adds the memories that an argument may use to those that its task claims while it waits for room:
/// the memories of all its arguments. Else a younger task could fill those of the others.
void add_claims(std::span<const UsableMemory> usable, std::vector<uint64_t>& claims);

/// Whether the rules for this very task list only memories that its processor cannot see. A `*`
/// rule applies to tasks in general; where it does not fit, the default mapper decides. For a plan
/// of which nothing is usable.
[[nodiscard]] bool lists_only_unseen_memories(const Setting& setting, const TaskRules& task,
                                              const ArgumentPlan& plan);
/// `argument`: in words.
[[nodiscard]] Refusal refuse_unseen_memories(const Setting& setting, const ArgumentPlan& plan,
                                             const ProcessorPlace& target,
                                             std::string_view argument);
/// The variant demands a kind of memory that its processor cannot see.
[[nodiscard]] Refusal refuse_demanded_memory(std::string_view argument,
                                             const ProcessorPlace& target);

/// Whether all arguments of a task are virtual: an inner task launches tasks and touches no data.
[[nodiscard]] inline bool maps_all_virtually(const Variant& variant, bool all_exclusive) {
  return variant.inner && all_exclusive;
}

/// For an argument that prefers a real instance: memories after a virtual one are not tried.
void drop_from_first_virtual(std::vector<UsableMemory>& usable);

/// Whether an argument with these usable memories, the first of which is preferred, gets a virtual
/// instance.
[[nodiscard]] bool is_virtual(const Variant& variant, const Argument& argument,
                              const MemoryChoice& preferred);

/// Whether any argument of a task may get a virtual instance, as far as its launch tells.
[[nodiscard]] bool launch_may_be_virtual(const Setting& setting, const TaskFacts& task,
                                         bool any_wish);

}  // namespace placewright::decide
