// SPDX-License-Identifier: Apache-2.0
#include "machine/decompose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>
#include <optional>

namespace placewright::machine {
namespace {

using Numbers = std::vector<int64_t>;
using Wide = __int128;
using ::testing::HasSubstr;

/// The exchanged volume as the derivation of docs/decompose.md has it, up to a constant: the sum of
/// halo * factor times the product of the other extents.
Wide volume(const Numbers& factors, const Numbers& extents, const Numbers& halos) {
  Wide total = 0;
  for (size_t d = 0; d < factors.size(); ++d) {
    Wide face = halos.empty() ? 1 : halos[d];
    for (size_t other = 0; other < extents.size(); ++other)
      if (other != d) face *= extents[other];
    total += face * factors[d];
  }
  return total;
}

/// Every factorization that fits, in lexicographically descending order; the first best stays.
std::optional<Numbers> brute_force(int64_t number, const Numbers& extents, const Numbers& halos) {
  std::optional<Numbers> best;
  Numbers factors(extents.size());
  const std::function<void(size_t, int64_t)> visit = [&](size_t d, int64_t rest) {
    if (d == extents.size()) {
      if (rest != 1) return;
      if (!best || volume(factors, extents, halos) < volume(*best, extents, halos)) best = factors;
      return;
    }
    for (int64_t factor = std::min(rest, extents[d]); factor >= 1; --factor) {
      if (rest % factor != 0) continue;
      factors[d] = factor;
      visit(d + 1, rest / factor);
    }
  };
  visit(0, number);
  return best;
}

TEST(Decompose, CutsSquaresIntoSquares) {
  EXPECT_EQ(decompose(16, Numbers{8, 8}).value(), (Numbers{4, 4}));
  EXPECT_EQ(decompose(64, Numbers{8, 8, 8}).value(), (Numbers{4, 4, 4}));
  EXPECT_EQ(decompose(4, Numbers{4, 2, 4}).value(), (Numbers{2, 1, 2}));
}

TEST(Decompose, FollowsTheShapeOfTheData) {
  EXPECT_EQ(decompose(8, Numbers{800, 100}).value(), (Numbers{8, 1}));
  EXPECT_EQ(decompose(45, Numbers{9, 15}).value(), (Numbers{5, 9}));
}

TEST(Decompose, GivesEarlierDimensionsTheLargerOfEqualFactors) {
  EXPECT_EQ(decompose(2, Numbers{8, 8}).value(), (Numbers{2, 1}));
  EXPECT_EQ(decompose(6, Numbers{8, 8}).value(), (Numbers{3, 2}));
}

TEST(Decompose, LimitsFactorsToExtents) {
  EXPECT_EQ(decompose(4, Numbers{2, 2}).value(), (Numbers{2, 2}));
  EXPECT_EQ(decompose(12, Numbers{3, 100}).value(), (Numbers{1, 12}));
  const auto none = decompose(7, Numbers{6, 6});
  EXPECT_THAT(none.error().message, HasSubstr("7 processors cannot be divided over extents (6,6)"));
  EXPECT_THAT(none.error().help, HasSubstr("auto_split"));
}

TEST(Decompose, WeighsDimensionsByTheirHalos) {
  EXPECT_EQ(decompose(16, Numbers{8, 8}, Numbers{4, 1}).value(), (Numbers{2, 8}));
  EXPECT_EQ(decompose(8, Numbers{8, 8}, Numbers{0, 1}).value(), (Numbers{8, 1}));
}

TEST(Decompose, RefusesWhatMeansNothing) {
  EXPECT_FALSE(decompose(0, Numbers{4}));
  EXPECT_FALSE(decompose(4, Numbers{}));
  EXPECT_FALSE(decompose(4, Numbers{4, 0}));
  EXPECT_THAT(decompose(4, Numbers{4, 4}, Numbers{1}).error().message, HasSubstr("1 halo widths"));
  EXPECT_THAT(decompose(4, Numbers{4, 4}, Numbers{1, -1}).error().message, HasSubstr("found -1"));
}

TEST(Decompose, SearchesLargeMachinesInSixDimensions) {
  const Numbers extents(6, 1000);
  EXPECT_EQ(decompose(65536, extents).value(), (Numbers{8, 8, 8, 8, 4, 4}));
  EXPECT_EQ(decompose(735134400, Numbers(3, 100000)).value().size(), 3u);
}

RC_GTEST_PROP(Decompose, IsTheBestOfAllFactorizations, ()) {
  const auto rank = *rc::gen::inRange<size_t>(1, 5);
  const auto number = *rc::gen::inRange<int64_t>(1, 400);
  const auto extents = *rc::gen::container<Numbers>(rank, rc::gen::inRange<int64_t>(1, 40));
  const auto weighted = *rc::gen::arbitrary<bool>();
  const auto halos =
      weighted ? *rc::gen::container<Numbers>(rank, rc::gen::inRange<int64_t>(0, 4)) : Numbers();
  const auto found = decompose(number, extents, halos);
  const auto expected = brute_force(number, extents, halos);
  RC_ASSERT(found.has_value() == expected.has_value());
  if (expected) RC_ASSERT(*found == *expected);
}

}  // namespace
}  // namespace placewright::machine
