// SPDX-License-Identifier: Apache-2.0
#include "machine/factor.h"

#include <gtest/gtest.h>

#include <numeric>

namespace placewright::machine {
namespace {

using Numbers = std::vector<int64_t>;

struct Vector {
  int64_t number;
  Numbers extents;
  Numbers factors;
};

TEST(PrimeFactors, AreAscendingAndIncludeLargePrimes) {
  EXPECT_EQ(prime_factors(1), Numbers());
  EXPECT_EQ(prime_factors(360), (Numbers{2, 2, 2, 3, 3, 5}));
  EXPECT_EQ(prime_factors(65521), (Numbers{65521}));
  EXPECT_EQ(prime_factors(19 * 19), (Numbers{19, 19}));
}

TEST(BalanceSplit, GivesTheFactorsOfTheReference) {
  const std::vector<Vector> twos = {{12, {}, {6, 2}}, {18, {}, {6, 3}},    {30, {}, {10, 3}},
                                    {6, {}, {3, 2}},  {8, {}, {4, 2}},     {16, {}, {4, 4}},
                                    {24, {}, {6, 4}}, {32, {}, {8, 4}},    {36, {}, {6, 6}},
                                    {64, {}, {8, 8}}, {100, {}, {10, 10}}, {128, {}, {16, 8}}};
  for (const Vector& v : twos) EXPECT_EQ(balance_split(v.number, 2).value(), v.factors) << v.number;
  const std::vector<Vector> threes = {
      {6, {}, {3, 2, 1}},  {8, {}, {2, 2, 2}},    {16, {}, {4, 2, 2}},
      {24, {}, {6, 2, 2}}, {32, {}, {4, 4, 2}},   {36, {}, {6, 3, 2}},
      {64, {}, {4, 4, 4}}, {100, {}, {10, 5, 2}}, {128, {}, {8, 4, 4}}};
  for (const Vector& v : threes) {
    EXPECT_EQ(balance_split(v.number, 3).value(), v.factors) << v.number;
  }
}

TEST(BalanceSplit, AcceptsAnyPrime) {
  EXPECT_EQ(balance_split(19, 2).value(), (Numbers{19, 1}));
  EXPECT_EQ(balance_split(2 * 1009, 2).value(), (Numbers{1009, 2}));
  EXPECT_FALSE(balance_split(0, 2));
}

TEST(AutoSplit, GivesTheFactorsOfTheReference) {
  const std::vector<Vector> vectors = {
      {4, {4, 2, 4}, {2, 1, 2}},  {6, {3, 2}, {3, 2}},        {6, {2, 3}, {2, 3}},
      {2, {2, 2}, {2, 1}},        {8, {4, 8}, {2, 4}},        {8, {4, 4, 2}, {4, 2, 1}},
      {32, {8, 8, 2}, {8, 4, 1}}, {12, {6, 6}, {3, 4}},       {12, {100, 10}, {12, 1}},
      {4, {2, 1}, {4, 1}},        {72, {9, 8}, {9, 8}},       {72, {8, 8}, {8, 9}},
      {180, {1, 1}, {12, 15}},    {12, {2, 3}, {3, 4}},       {12, {3, 2}, {4, 3}},
      {12, {4, 3}, {4, 3}},       {12, {6, 4}, {4, 3}},       {48, {10, 12}, {6, 8}},
      {2, {1, 1, 1}, {2, 1, 1}},  {4, {1, 1, 1}, {2, 2, 1}},  {8, {1, 1, 1}, {2, 2, 2}},
      {16, {1, 1, 1}, {4, 2, 2}}, {24, {1, 1, 1}, {3, 4, 2}}, {32, {1, 1, 1}, {4, 4, 2}},
      {64, {1, 1, 1}, {4, 4, 4}}, {1, {5, 3}, {1, 1}}};
  for (const Vector& v : vectors) {
    EXPECT_EQ(auto_split(v.number, v.extents).value(), v.factors)
        << v.number << " over " << testing::PrintToString(v.extents);
  }
}

TEST(GreedySplit, GivesTheFactorsOfTheReference) {
  const std::vector<Vector> vectors = {
      {12, {2, 3}, {4, 3}},   {12, {3, 2}, {6, 2}},  {12, {4, 3}, {3, 4}}, {12, {6, 4}, {6, 2}},
      {48, {10, 12}, {8, 6}}, {72, {8, 8}, {12, 6}}, {8, {8, 4}, {4, 2}},  {1, {3}, {1}}};
  for (const Vector& v : vectors) {
    EXPECT_EQ(greedy_split(v.number, v.extents).value(), v.factors)
        << v.number << " over " << testing::PrintToString(v.extents);
  }
}

/// Sum of factor / extent times the product of the extents: comparable integers.
int64_t surface(const Numbers& factors, const Numbers& extents) {
  const int64_t product =
      std::accumulate(extents.begin(), extents.end(), int64_t{1}, std::multiplies<>());
  int64_t sum = 0;
  for (size_t d = 0; d < factors.size(); ++d) sum += factors[d] * (product / extents[d]);
  return sum;
}

TEST(AutoSplit, HasTheSmallestSurfaceOfAllFactorizationsInThreeDimensions) {
  for (int64_t number = 1; number <= 96; ++number) {
    for (const Numbers& extents : {Numbers{1, 1, 1}, Numbers{7, 3, 5}, Numbers{64, 16, 4},
                                   Numbers{10, 100, 10}, Numbers{2, 2, 9}}) {
      int64_t best = INT64_MAX;
      for (int64_t a = 1; a <= number; ++a) {
        for (int64_t b = 1; number % a == 0 && b <= number / a; ++b) {
          if (number / a % b == 0) {
            best = std::min(best, surface({a, b, number / a / b}, extents));
          }
        }
      }
      const Numbers factors = auto_split(number, extents).value();
      EXPECT_EQ(factors[0] * factors[1] * factors[2], number);
      EXPECT_EQ(surface(factors, extents), best) << number;
    }
  }
}

TEST(AutoSplit, ComparesExtentsWhoseProductOverflows) {
  const Numbers extents = {1'000'003, 999'983, 999'979, 999'961, 999'959, 999'953, 999'931};
  const auto factors = auto_split(6, extents);
  ASSERT_TRUE(factors);
  EXPECT_EQ(std::accumulate(factors->begin(), factors->end(), int64_t{1}, std::multiplies<>()), 6);
}

TEST(AutoSplit, RefusesEmptyExtentsAndTooManyCandidates) {
  EXPECT_EQ(auto_split(4, Numbers{2, 0}).error().message,
            "cannot split over extents (2,0): each must be at least 1");
  EXPECT_FALSE(auto_split(4, Numbers{}));
  EXPECT_FALSE(auto_split(0, Numbers{2}));
  EXPECT_FALSE(greedy_split(4, Numbers{-1, 2}));
  EXPECT_FALSE(auto_split(65536, Numbers(15, 8)));
}

}  // namespace
}  // namespace placewright::machine
