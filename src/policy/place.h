// SPDX-License-Identifier: Apache-2.0
// From the value of a mapping function to processors: evaluates every point of a launch. Caches
// nothing; placement_cache.h does.
#pragma once

#include <memory>
#include <tl/expected.hpp>
#include <vector>

#include "lang/evaluate/evaluate.h"
#include "policy/placement.h"
#include "policy/policy.h"

namespace placewright::policy {

/// The processors of one kind on nodes of one width, numbered node * width + ordinal.
[[nodiscard]] std::shared_ptr<const TargetList> single_targets(int nodes, int width);

struct PlacedLaunch {
  tl::expected<std::unique_ptr<const Placement>, Diagnostic> outcome;
  std::vector<Diagnostic> warnings;
};

/// Evaluates a function of one Task parameter at every point of a launch with a domain. The error names the function, the
/// point and the launch.
[[nodiscard]] PlacedLaunch place_launch(const lang::Evaluator& evaluator, int function,
                                        const machine::LaunchFacts& launch,
                                        machine::ProcessorKind kind,
                                        const machine::MachineShape& machine);

/// Node and ordinals of a single task, ascending.
struct PlacedTask {
  int32_t node = 0;
  std::vector<int32_t> ordinals;
  friend auto operator<=>(const PlacedTask&, const PlacedTask&) = default;
};
[[nodiscard]] tl::expected<PlacedTask, Diagnostic> place_task(const lang::Evaluator& evaluator,
                                                              int function,
                                                              const machine::LaunchFacts& launch,
                                                              machine::ProcessorKind kind);

}  // namespace placewright::policy
