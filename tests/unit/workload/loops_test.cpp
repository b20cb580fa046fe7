// SPDX-License-Identifier: Apache-2.0
#include "workload/loops.h"

#include <gmock/gmock.h>

#include <limits>
#include <random>

namespace placewright::workload {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Sequence = std::vector<uint32_t>;

TEST(Loops, WhatRepeatsIsKeptOnce) {
  const Sequence sequence = {9, 1, 2, 1, 2, 1, 2, 7};
  EXPECT_THAT(find_loops(sequence), ElementsAre(Loop{1, {9}}, Loop{3, {1, 2}}, Loop{1, {7}}));
  EXPECT_THAT(find_loops(Sequence{}), IsEmpty());
  EXPECT_THAT(find_loops(Sequence{4, 4, 4}), ElementsAre(Loop{3, {4}}));
  EXPECT_THAT(find_loops(Sequence{1, 2, 3}), ElementsAre(Loop{1, {1, 2, 3}}));
}

TEST(Loops, ThePeriodThatCoversTheMostWins) {
  // 1 1 repeats at once, but 1 1 2 goes on for longer.
  EXPECT_THAT(find_loops(Sequence{1, 1, 2, 1, 1, 2, 1, 1, 2}), ElementsAre(Loop{3, {1, 1, 2}}));
}

TEST(Loops, GiveTheSequenceAgain) {
  std::mt19937 generator(7);
  for (int round = 0; round < 200; ++round) {
    Sequence sequence;
    while (sequence.size() < 60) {
      Sequence body(1 + generator() % 4);
      for (uint32_t& each : body) each = generator() % 3;
      for (uint32_t pass = generator() % 5; pass > 0; --pass)
        sequence.insert(sequence.end(), body.begin(), body.end());
    }
    const std::vector<Loop> loops = find_loops(sequence);
    EXPECT_EQ(unrolled(loops), sequence);
    EXPECT_EQ(unrolled_size(loops), sequence.size());
  }
}

TEST(Loops, ALongRepetitionIsShort) {
  Sequence sequence;
  for (int pass = 0; pass < 100000; ++pass)
    for (uint32_t each = 0; each < 10; ++each) sequence.push_back(each);
  EXPECT_EQ(find_loops(sequence).size(), 1U);
}

TEST(Loops, SizesDoNotOverflow) {
  const std::vector<Loop> loops = {{std::numeric_limits<uint64_t>::max(), {1, 2}}};
  EXPECT_EQ(unrolled_size(loops), std::numeric_limits<uint64_t>::max());
}

}  // namespace
}  // namespace placewright::workload
