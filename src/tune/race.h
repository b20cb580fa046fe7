// SPDX-License-Identifier: Apache-2.0
// Decides with as few runs as possible whether a challenger is faster than the incumbent: two runs,
// and unless both lose clearly, further runs of both in turn, so that a drift of the machine
// affects both equally. No single run decides anything: any one may have been disturbed.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "support/result.h"
#include "tune/evaluation.h"
#include "tune/metric.h"

namespace placewright::tune {

struct RaceRules {
  /// Relative spread of repeated runs of one mapping, seen so far: (largest - smallest) / median.
  double noise = 0.05;
  int max_pairs = 2;  ///< Rounds of both after the challenger's first runs.
  Metric metric;      ///< What makes a value better.
  /// A first value that costs more than so many times the incumbent's loses alone. Only where a value
  /// is that of several steps.
  std::optional<double> hopeless = std::nullopt;
  /// The incumbent ran a short time ago: it does so again only for a challenger that may win.
  bool is_known_well = false;
};

/// Bounds on the noise: below, two runs may agree by luck; above, no challenger could win.
inline constexpr double kLeastNoise = 0.02;
inline constexpr double kMostNoise = 0.5;

struct RaceResult {
  RunResult failure;  ///< Status Ok unless a run of the challenger failed.
  std::vector<double> challenger;
  std::vector<double> incumbent;  ///< Fresh samples, taken in turn with the challenger's.
  std::string checksum;           ///< From the challenger's first run; empty if it printed none.
  bool won = false;
};

/// The incumbent's reference is the median of its three newest samples at least: the fresh ones, and
/// known ones where those are fewer. A challenger whose first run costs more than a third of `noise` above it
/// runs again, and loses if both runs do. It wins if more than half of its samples are below the
/// reference by more than a third of the noise, and the race ends as soon as further pairs cannot
/// change that. Only the closing comparison establishes whether it really is better.
[[nodiscard]] Result<RaceResult> race(
    const std::function<Result<RunResult>(const Subject& subject)>& time, const Subject& challenger,
    const Subject& incumbent, const std::vector<double>& incumbent_samples, const RaceRules& rules);

}  // namespace placewright::tune
