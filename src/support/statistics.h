// SPDX-License-Identifier: Apache-2.0
// Medians with intervals that assume nothing about the distribution of the samples. No means and no
// standard deviations: run times have long right tails.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace placewright {

/// The middle sample, or the mean of the two middle ones. At least one sample.
[[nodiscard]] double median(std::span<const double> samples);

/// The smallest sample that nine tenths of all are not above. At least one sample.
[[nodiscard]] double percentile_90(std::span<const double> samples);

/// A median with an interval of order statistics.
///
/// For n independent samples with a continuous distribution, [x_(k), x_(n+1-k)] covers the median
/// with probability 1 - 2 * P(B <= k-1), B binomial(n, 1/2). `k` is the largest value with at least
/// the requested coverage. Fewer than 6 samples cannot reach 95 %: the interval is then smallest to
/// largest, and `coverage` states the coverage reached (one sample: 0).
/// Source: David, Nagaraja (2003), Order Statistics, 3rd ed., section 7.1.
struct MedianInterval {
  double median = 0;
  double low = 0;
  double high = 0;
  double coverage = 0;  ///< Probability that [low, high] contains the true median.
  int samples = 0;
};
[[nodiscard]] MedianInterval median_interval(std::span<const double> samples,
                                             double wanted_coverage = 0.95);

/// P(B <= k) for B binomial(n, 1/2); for `n` above 1000 by the normal distribution.
[[nodiscard]] double fair_binomial_cdf(int k, int n);

/// The median of numerator[i] / denominator[i]: the samples of one round are taken in succession,
/// so slow drifts of the machine cancel. Uses as many rounds as the shorter list has, at least one.
[[nodiscard]] MedianInterval paired_ratio(std::span<const double> numerator,
                                          std::span<const double> denominator,
                                          double wanted_coverage = 0.95);

/// The relative spread of repeated samples: (largest - smallest) / median. At least two samples.
[[nodiscard]] double relative_spread(std::span<const double> samples);

/// Kendall's tau-b of two lists of the same length, in which pairs that are equal in one list count
/// less; nullopt where one list has no two different values.
/// Source: Kendall (1945), The treatment of ties in ranking problems, Biometrika 33, 239-251.
[[nodiscard]] std::optional<double> kendall_tau(std::span<const double> one,
                                                std::span<const double> other);

}  // namespace placewright
