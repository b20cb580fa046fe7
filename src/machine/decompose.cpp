// SPDX-License-Identifier: Apache-2.0
#include "machine/decompose.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "machine/cut_cost.h"
#include "machine/factor.h"

namespace placewright::machine {
namespace {

constexpr int64_t kMostSteps = 1'000'000;

/// In descending order.
std::vector<int64_t> divisors(int64_t number) {
  std::vector<int64_t> all = {1};
  int64_t previous = 0;
  size_t before = 0;
  for (const int64_t prime : prime_factors(number)) {
    const size_t begin = prime == previous ? before : 0;
    before = all.size();
    for (size_t i = begin, end = all.size(); i < end; ++i) all.push_back(all[i] * prime);
    previous = prime;
  }
  std::ranges::sort(all, std::greater<>());
  return all;
}

/// Branch and bound over the factors of one dimension after another, larger ones first, so that
/// among equal results the preferred one is found first.
class Search {
 public:
  Search(int64_t number, std::span<const int64_t> extents, std::span<const int64_t> halos)
      : extents_(extents),
        cost_(extents, halos),
        divisors_(divisors(number)),
        factors_(extents.size(), 1),
        room_(extents.size() + 1, 1),
        density_(extents.size() + 1, 1) {
    for (size_t d = extents.size(); d-- > 0;) {
      room_[d] = room_[d + 1] * static_cast<long double>(extents[d]);
      density_[d] = density_[d + 1] * cost_.unit_cost(d);
    }
  }

  /// False if it gave up.
  bool run(int64_t number) {
    visit(0, number, 0);
    return steps_left_ >= 0;
  }

  [[nodiscard]] const std::vector<int64_t>& best() const { return best_; }
  [[nodiscard]] int64_t steps() const { return kMostSteps - steps_left_; }

 private:
  void visit(size_t d, int64_t rest, long double spent) {
    if (--steps_left_ < 0) return;
    if (d + 1 == extents_.size()) {
      if (rest > extents_[d]) return;
      factors_[d] = rest;
      keep();
      return;
    }
    if (static_cast<long double>(rest) > room_[d] * kSlack || spent + least(d, rest) > bound_)
      return;
    for (const int64_t factor : divisors_) {
      if (factor > rest || factor > extents_[d] || rest % factor != 0) continue;
      factors_[d] = factor;
      visit(d + 1, rest / factor, spent + cost_.unit_cost(d) * static_cast<long double>(factor));
    }
  }

  /// A lower bound for the cost of dimensions `d` and up: arithmetic and geometric mean.
  [[nodiscard]] long double least(size_t d, int64_t rest) const {
    const auto places = static_cast<long double>(extents_.size() - d);
    return places * std::pow(density_[d] * static_cast<long double>(rest), 1 / places);
  }

  void keep() {
    if (!best_.empty() && cost_.compare(factors_, best_) >= 0) return;
    best_ = factors_;
    long double total = 0;
    for (size_t d = 0; d < factors_.size(); ++d)
      total += cost_.unit_cost(d) * static_cast<long double>(factors_[d]);
    bound_ = total * kSlack;
  }

  /// Keeps rounding from pruning solutions that are equally good.
  static constexpr long double kSlack = 1 + 1e-12L;

  std::span<const int64_t> extents_;
  CutCost cost_;
  std::vector<int64_t> divisors_;
  std::vector<int64_t> factors_;
  std::vector<int64_t> best_;
  std::vector<long double> room_;     ///< Product of the extents from a dimension onwards.
  std::vector<long double> density_;  ///< Product of the unit costs from a dimension onwards.
  long double bound_ = HUGE_VALL;
  int64_t steps_left_ = kMostSteps;
};

Result<void> check_halos(std::span<const int64_t> extents, std::span<const int64_t> halos) {
  if (halos.empty()) return {};
  if (halos.size() != extents.size())
    return fail(
        fmt::format("there are {} halo widths for {} extents", halos.size(), extents.size()));
  for (const int64_t halo : halos) {
    if (halo < 0 || halo > CutCost::kMaxHalo)
      return fail(fmt::format("a halo width is from 0 to {}, found {}", CutCost::kMaxHalo, halo));
  }
  return {};
}

}  // namespace

Result<std::vector<int64_t>> decompose(int64_t number, std::span<const int64_t> extents,
                                       std::span<const int64_t> halos, int64_t* steps) {
  if (auto error = find_split_error(number, extents)) return tl::unexpected(*error);
  if (auto good = check_halos(extents, halos); !good) return tl::unexpected(good.error());
  Search search(number, extents, halos);
  const bool finished = search.run(number);
  if (steps != nullptr) *steps += search.steps();
  if (!finished)
    return fail(fmt::format("dividing {} over {} dimensions takes more than a million steps",
                            number, extents.size()));
  if (!search.best().empty()) return search.best();
  return fail(fmt::format("{} processors cannot be divided over extents ({}): every way has more "
                          "parts than elements in a dimension",
                          number, fmt::join(extents, ",")),
              "`auto_split` does not limit its factors; `slice` leaves processors out");
}

}  // namespace placewright::machine
