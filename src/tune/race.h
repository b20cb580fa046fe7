// SPDX-License-Identifier: Apache-2.0
// Decides with as few runs as possible whether a challenger is faster than the incumbent: one run,
// and unless that loses clearly, further runs of both in turn, so that a drift of the machine
// affects both equally.
#pragma once

#include <vector>

#include "tune/evaluator.h"

namespace placewright::tune {

struct RaceRules {
  /// Relative spread of repeated runs of one mapping, seen so far: (largest - smallest) / median.
  double noise = 0.05;
  int max_pairs = 2;     ///< Further rounds after the challenger's first run.
  double timeout_s = 0;  ///< Per run.
  Metric metric;         ///< What makes a value better.
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

/// The challenger loses after a first run whose cost is more than `noise` above that of the
/// incumbent's median, and later once that of its median is more than a third of the noise above
/// that of the incumbent's fresh samples. It wins if in the end it is below theirs by more than a
/// third of the noise. Only the final comparison establishes whether it really is better.
[[nodiscard]] Result<RaceResult> race(Evaluator& evaluator, const Subject& challenger,
                                      const Subject& incumbent,
                                      const std::vector<double>& incumbent_samples,
                                      const RaceRules& rules);

}  // namespace placewright::tune
