// SPDX-License-Identifier: Apache-2.0
// The counts of a random-validity experiment, by outcome, as readable tables.
#pragma once

#include <string>

#include "experiments/validity/validity.h"

namespace placewright::experiments {

/// The published counts: 10 seeds for each of 9 applications. Another system, machine and inputs,
/// and an unpublished rule for drawing.
inline constexpr int kPublishedInvalid = 74;
inline constexpr int kPublishedDrawn = 90;

/// One table per front: outcomes as rows, applications as columns, and the total number of invalid
/// mappings with a 95 % interval (Wilson). The published figure appears next to the first one.
[[nodiscard]] std::string render(const ValidityResult& result);

/// A share of independent trials with an interval that covers the true value in about 95 % of
/// experiments. Source: Wilson (1927), Probable inference, the law of succession, and statistical
/// inference, with z = 1.96. `of` is at least 1.
struct Share {
  double value = 0;
  double low = 0;
  double high = 0;
};
[[nodiscard]] Share wilson_interval(int count, int of);

}  // namespace placewright::experiments
