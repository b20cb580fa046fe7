// SPDX-License-Identifier: Apache-2.0
#include "support/statistics.h"

#include <algorithm>
#include <cmath>

#include "support/check.h"

namespace placewright {
namespace {

constexpr int kMostExact = 1000;  // 2^-n is a double

}  // namespace

double median(std::span<const double> samples) {
  PLACEWRIGHT_CHECK(!samples.empty());
  std::vector<double> sorted(samples.begin(), samples.end());
  std::ranges::sort(sorted);
  const size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

double fair_binomial_cdf(int k, int n) {
  PLACEWRIGHT_CHECK(n >= 1);
  if (n > kMostExact) return std::erfc((n / 2.0 - k - 0.5) / std::sqrt(n / 2.0)) / 2;
  double term = std::ldexp(1.0, -n);  // C(n, 0) / 2^n
  double sum = 0;
  for (int i = 0; i <= std::min(k, n); ++i) {
    sum += term;
    term *= static_cast<double>(n - i) / (i + 1);
  }
  return sum;
}

double percentile_90(std::span<const double> samples) {
  PLACEWRIGHT_CHECK(!samples.empty());
  std::vector<double> sorted(samples.begin(), samples.end());
  const auto place = sorted.begin() + static_cast<std::ptrdiff_t>((9 * sorted.size() - 1) / 10);
  std::ranges::nth_element(sorted, place);
  return *place;
}

MedianInterval median_interval(std::span<const double> samples, double wanted_coverage) {
  PLACEWRIGHT_CHECK(!samples.empty());
  std::vector<double> sorted(samples.begin(), samples.end());
  std::ranges::sort(sorted);
  const int n = static_cast<int>(sorted.size());
  const auto coverage = [n](int k) { return std::max(0.0, 1 - 2 * fair_binomial_cdf(k - 1, n)); };
  int k = 1;
  while (2 * (k + 1) <= n + 1 && coverage(k + 1) >= wanted_coverage) ++k;
  return {median(samples), sorted[k - 1], sorted[n - k], coverage(k), n};
}

MedianInterval paired_ratio(std::span<const double> numerator, std::span<const double> denominator,
                            double wanted_coverage) {
  const size_t count = std::min(numerator.size(), denominator.size());
  PLACEWRIGHT_CHECK(count > 0);
  std::vector<double> ratios;
  for (size_t i = 0; i < count; ++i) ratios.push_back(numerator[i] / denominator[i]);
  return median_interval(ratios, wanted_coverage);
}

double relative_spread(std::span<const double> samples) {
  PLACEWRIGHT_CHECK(samples.size() >= 2);
  const auto [low, high] = std::ranges::minmax(samples);
  return (high - low) / median(samples);
}

std::optional<double> kendall_tau(std::span<const double> one, std::span<const double> other) {
  PLACEWRIGHT_CHECK(one.size() == other.size());
  const auto sign = [](double difference) {
    return (difference > 0 ? 1 : 0) - (difference < 0 ? 1 : 0);
  };
  double score = 0;
  double apart_in_one = 0;
  double apart_in_other = 0;
  for (size_t i = 0; i < one.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const int in_one = sign(one[i] - one[j]);
      const int in_other = sign(other[i] - other[j]);
      score += in_one * in_other;
      apart_in_one += std::abs(in_one);
      apart_in_other += std::abs(in_other);
    }
  }
  if (apart_in_one == 0 || apart_in_other == 0) return std::nullopt;
  return score / std::sqrt(apart_in_one * apart_in_other);
}

}  // namespace placewright
