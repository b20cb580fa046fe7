// SPDX-License-Identifier: Apache-2.0
#include "machine/factor.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "machine/cut_cost.h"

namespace placewright::machine {
namespace {

constexpr double kMostCandidates = 1e6;

struct PrimePower {
  int64_t prime;
  int exponent;
};

/// Largest prime first.
std::vector<PrimePower> prime_powers(int64_t number) {
  std::vector<PrimePower> powers;
  for (int64_t prime : prime_factors(number)) {
    if (powers.empty() || powers.back().prime != prime) powers.push_back({prime, 0});
    ++powers.back().exponent;
  }
  std::ranges::reverse(powers);
  return powers;
}

/// The number of ways to spread the powers over `places`.
double candidate_count(const std::vector<PrimePower>& powers, size_t places) {
  double count = 1;
  for (const PrimePower& power : powers) {
    // (exponent + places - 1) choose exponent
    for (int i = 1; i <= power.exponent; ++i) {
      count *= static_cast<double>(places - 1 + static_cast<size_t>(i)) / i;
    }
  }
  return count;
}

/// Calls `visit(factors)` for every way to spread the powers over the places, in the order
/// documented for auto_split().
class Enumeration {
 public:
  using Visitor = std::function<void(std::span<const int64_t>)>;
  Enumeration(std::vector<PrimePower> powers, size_t places, Visitor visit)
      : powers_(std::move(powers)), factors_(places, 1), visit_(std::move(visit)) {}

  void run() { next_prime(0); }

 private:
  void next_prime(size_t index) {
    if (index == powers_.size()) {
      visit_(factors_);
    } else {
      spread(index, 0, powers_[index].exponent);
    }
  }

  void spread(size_t index, size_t place, int exponent) {
    const int64_t before = factors_[place];
    if (place + 1 == factors_.size()) {
      for (int i = 0; i < exponent; ++i) factors_[place] *= powers_[index].prime;
      next_prime(index + 1);
    } else {
      for (int here = 0; here <= exponent; ++here) {
        spread(index, place + 1, exponent - here);
        factors_[place] *= powers_[index].prime;
      }
    }
    factors_[place] = before;
  }

  std::vector<PrimePower> powers_;
  std::vector<int64_t> factors_;
  Visitor visit_;
};

}  // namespace

std::vector<int64_t> prime_factors(int64_t number) {
  std::vector<int64_t> primes;
  for (int64_t divisor = 2; divisor <= number / divisor; ++divisor) {
    for (; number % divisor == 0; number /= divisor) primes.push_back(divisor);
  }
  if (number > 1) primes.push_back(number);
  return primes;
}

std::optional<Error> find_split_error(int64_t number, std::span<const int64_t> extents) {
  if (number < 1) {
    return Error{fmt::format("cannot split a dimension of size {}", number), {}};
  }
  if (extents.empty()) {
    return Error{"cannot split over an empty tuple", "give one extent for each new dimension"};
  }
  if (std::ranges::any_of(extents, [](int64_t extent) { return extent < 1; })) {
    return Error{fmt::format("cannot split over extents ({}): each must be at least 1",
                             fmt::join(extents, ",")),
                 "an integer division like `task.ispace / m.size` rounds to 0 where there are more "
                 "processors than points"};
  }
  return std::nullopt;
}

Result<std::vector<int64_t>> balance_split(int64_t number, int parts) {
  if (number < 1) return fail(fmt::format("cannot split a dimension of size {}", number));
  if (parts < 1) return fail(fmt::format("cannot split a dimension into {} parts", parts));
  std::vector<int64_t> factors(static_cast<size_t>(parts), 1);
  for (int64_t prime : prime_factors(number)) *std::ranges::min_element(factors) *= prime;
  std::ranges::sort(factors, std::greater<>());
  return factors;
}

Result<std::vector<int64_t>> greedy_split(int64_t number, std::span<const int64_t> extents) {
  if (auto error = find_split_error(number, extents)) return tl::unexpected(*error);
  std::vector<int64_t> factors(extents.size(), 1);
  std::vector<int64_t> primes = prime_factors(number);
  std::ranges::reverse(primes);
  for (int64_t prime : primes) {
    size_t best = 0;
    for (size_t d = 1; d < extents.size(); ++d) {
      // extents[d] / factors[d] > extents[best] / factors[best], without rounding
      if (WideInteger{extents[d]} * factors[best] > WideInteger{extents[best]} * factors[d])
        best = d;
    }
    factors[best] *= prime;
  }
  return factors;
}

Result<std::vector<int64_t>> auto_split(int64_t number, std::span<const int64_t> extents,
                                        int64_t* steps) {
  auto greedy = greedy_split(number, extents);
  if (!greedy) return greedy;
  const std::vector<PrimePower> powers = prime_powers(number);
  const double candidates = candidate_count(powers, extents.size());
  if (candidates > kMostCandidates) {
    return fail(fmt::format("splitting {} over {} dimensions has more than a million candidates",
                            number, extents.size()));
  }
  if (steps != nullptr) *steps += static_cast<int64_t>(candidates);
  const CutCost cost(extents, {});
  std::vector<int64_t> best;
  Enumeration(powers, extents.size(), [&](std::span<const int64_t> factors) {
    if (best.empty() || cost.compare(factors, best) < 0)
      best.assign(factors.begin(), factors.end());
  }).run();
  return cost.compare(*greedy, best) == 0 ? *greedy : best;
}

}  // namespace placewright::machine
