// SPDX-License-Identifier: Apache-2.0
// What an activity of a timeline needs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "timing/flows.h"

namespace placewright::sim {

using EngineId = uint32_t;
using StreamId = uint32_t;
using ActivityId = uint32_t;
inline constexpr ActivityId kNoActivity = UINT32_MAX;

/// A part of an engine.
struct EngineUse {
  EngineId engine = 0;
  double share = 1;  ///< Above 0, at most 1.
  friend bool operator==(const EngineUse&, const EngineUse&) = default;
};

/// What an activity needs; times in seconds.
struct Work {
  double duration_s = 0;              ///< Passes before anything flows.
  double least_s = 0;                 ///< What follows takes at least this.
  std::vector<Demand> flows;          ///< Amounts and rates as the links count them.
  std::vector<EngineUse> engines;     ///< All are occupied from start to end.
  std::vector<EngineId> any_of = {};  ///< One of these too, whichever is free first.
  std::optional<StreamId> stream = std::nullopt;
  int priority = 0;  ///< In line for engines: before those with a smaller one.
};

}  // namespace placewright::sim
