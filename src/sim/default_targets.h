// SPDX-License-Identifier: Apache-2.0
// Where the default mapper sends the points of an index launch, point by point.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "decide/machine.h"
#include "workload/recording.h"

namespace placewright::sim {

/// Sliced over the processors of all nodes, or of one. `launch` has a domain.
[[nodiscard]] std::vector<decide::ProcessorPlace> default_targets_of(
    const workload::Launch& launch, machine::ProcessorKind kind,
    const machine::MachineShape& machine, std::optional<int> node);

/// The parent has shards on these nodes: points are dealt to them in turn, the first coordinate
/// fastest (Legion's functor 0), and each shard slices the box around its own over its node, without
/// the blocks that have no points.
[[nodiscard]] std::vector<decide::ProcessorPlace> targets_of_shards(
    const workload::Launch& launch, machine::ProcessorKind kind,
    const machine::MachineShape& machine, std::span<const int> shards);

}  // namespace placewright::sim
