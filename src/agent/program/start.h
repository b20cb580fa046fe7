// SPDX-License-Identifier: Apache-2.0
// The programs that an agent can begin with.
#pragma once

#include <cstdint>
#include <string>

#include "agent/program/program.h"
#include "machine/shape.h"

namespace placewright::agent {

/// Random but valid decisions, like the published agent's start. They name no task and no region,
/// only kinds of processors, memories and layouts, so a seed gives the same program for every
/// application on a machine. Deterministic on every platform.
[[nodiscard]] Program random_program(uint64_t seed, const machine::MachineShape& machine);

/// What Legion's default mapper decides anyway.
[[nodiscard]] Program default_program(const machine::MachineShape& machine);

}  // namespace placewright::agent
