// SPDX-License-Identifier: Apache-2.0
// Whether one mapping keeps what the rules of another say about a program.
#pragma once

#include <optional>
#include <string>

#include "policy/policy.h"
#include "tune/search_space.h"
#include "workload/workload.h"

namespace placewright::tune {

/// A decision that a pinned rule makes and another mapping makes differently.
struct Contradiction {
  std::string what;                  ///< "`calc` argument 1 (rp_shared) on GPU".
  std::optional<SourceRange> pin;    ///< The pinned rule, where it is known.
  std::optional<SourceRange> other;  ///< The other mapping's rule, where it has one.
};

/// Every decision counts, or only those that the other mapping has a rule for.
enum class Strictness { EveryDecision, WrittenRules };

/// The first decision of `pins` that `other` does not keep. It keeps a processor kind that comes out
/// the same, and a list of memories that begins with the pinned one; anything else must be equal.
[[nodiscard]] std::optional<Contradiction> contradiction(const policy::Policy& pins,
                                                         const policy::Policy& other,
                                                         const workload::Workload& workload,
                                                         Strictness strictness);

/// Whether the rules decide what a knob stands for.
[[nodiscard]] bool decides(const policy::Policy& pins, const SearchSpace& space, const Knob& knob);

}  // namespace placewright::tune
