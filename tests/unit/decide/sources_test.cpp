// SPDX-License-Identifier: Apache-2.0
#include "decide/sources.h"

#include <gmock/gmock.h>

#include <vector>

namespace placewright::decide {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<uint32_t> ranked(std::vector<CopySource> sources) {
  rank_sources(sources);
  std::vector<uint32_t> numbers;
  for (const CopySource& source : sources) numbers.push_back(source.number);
  return numbers;
}

TEST(Sources, ThoseThatHoldMoreOfTheTargetComeFirst) {
  EXPECT_THAT(ranked({{0, 100, 5}, {1, 1, 20}, {2, 50, 10}}), ElementsAre(1, 2, 0));
}

TEST(Sources, FasterChannelsDecideBetweenEqualShares) {
  EXPECT_THAT(ranked({{0, 3, 10}, {1, 0, 10}, {2, 9, 10}}), ElementsAre(2, 0, 1));
}

TEST(Sources, AmongEqualsTheMemoryDecides) {
  EXPECT_THAT(ranked({{0, 3, 10, 7}, {1, 3, 10, 5}, {2, 3, 10, 9}, {3, 9, 10, 1}}),
              ElementsAre(3, 2, 0, 1));
}

TEST(Sources, WithinAMemoryTheOrderIsReversed) {
  EXPECT_THAT(ranked({{0, 3, 10}, {1, 3, 10}, {2, 3, 10}}), ElementsAre(2, 1, 0));
  EXPECT_THAT(ranked({}), IsEmpty());
}

}  // namespace
}  // namespace placewright::decide
