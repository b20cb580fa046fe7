// SPDX-License-Identifier: Apache-2.0
#include "machine/space.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace placewright::machine {
namespace {

using Numbers = std::vector<int64_t>;

ProcessorSpace base(int64_t nodes = 6, int64_t processors = 4) {
  return {ProcessorKind::Gpu, nodes, processors};
}

Numbers sizes(const Result<ProcessorSpace>& space) {
  EXPECT_TRUE(space) << space.error().message;
  const auto span = space.value().sizes().span();
  return {span.begin(), span.end()};
}

/// The processor at an index, after a look that index_of() leads back.
Numbers at(const Result<ProcessorSpace>& space, const Numbers& index) {
  const auto processor = space.value().at(index);
  if (!processor) return {};
  const auto back = space.value().index_of(*processor);
  EXPECT_TRUE(back);
  EXPECT_TRUE(std::ranges::equal(back->span(), index));
  return {processor->node, processor->ordinal};
}

TEST(ProcessorSpace, MergesWithTheSecondDimensionFast) {
  const auto forward = base().merge(0, 1);
  EXPECT_EQ(sizes(forward), (Numbers{24}));
  EXPECT_EQ(at(forward, {0}), (Numbers{0, 0}));
  EXPECT_EQ(at(forward, {5}), (Numbers{1, 1}));
  EXPECT_EQ(at(forward, {23}), (Numbers{5, 3}));
  const auto backward = base().merge(1, 0);
  EXPECT_EQ(sizes(backward), (Numbers{24}));
  EXPECT_EQ(at(backward, {1}), (Numbers{1, 0}));
  EXPECT_EQ(at(backward, {5}), (Numbers{5, 0}));
  EXPECT_EQ(at(backward, {23}), (Numbers{5, 3}));
}

TEST(ProcessorSpace, SplitsWithTheFirstPartFast) {
  EXPECT_EQ(sizes(base().split(1, 2)), (Numbers{6, 2, 2}));
  EXPECT_EQ(at(base().split(1, 2), {1, 1, 0}), (Numbers{1, 1}));
  EXPECT_EQ(at(base().split(1, 2), {5, 1, 1}), (Numbers{5, 3}));
  EXPECT_EQ(sizes(base().split(0, 3)), (Numbers{3, 2, 4}));
  EXPECT_EQ(at(base().split(0, 3), {1, 0, 2}), (Numbers{1, 2}));
  EXPECT_EQ(at(base().split(0, 3), {1, 1, 2}), (Numbers{4, 2}));
  EXPECT_EQ(at(base().split(0, 3), {2, 1, 3}), (Numbers{5, 3}));
}

TEST(ProcessorSpace, SplitThatDoesNotDivideLosesTheRemainder) {
  const auto space = base().split(1, 3);
  EXPECT_EQ(sizes(space), (Numbers{6, 3, 1}));
  EXPECT_EQ(at(space, {5, 2, 0}), (Numbers{5, 2}));
  EXPECT_FALSE(space->index_of({5, 3}));
  const auto empty = base().split(1, 8);
  EXPECT_EQ(sizes(empty), (Numbers{6, 8, 0}));
  EXPECT_EQ(empty->volume(), 0);
  EXPECT_FALSE(empty->at(Numbers{0, 3, 0}));
  EXPECT_FALSE(empty->index_of({0, 3}));
}

TEST(ProcessorSpace, SwapsSlicesAndReverses) {
  EXPECT_EQ(sizes(base().swap(0, 1)), (Numbers{4, 6}));
  EXPECT_EQ(at(base().swap(0, 1), {3, 5}), (Numbers{5, 3}));
  EXPECT_EQ(sizes(base().slice(0, 1, 3)), (Numbers{3, 4}));
  EXPECT_EQ(at(base().slice(0, 1, 3), {0, 0}), (Numbers{1, 0}));
  EXPECT_EQ(at(base().slice(0, 1, 3), {2, 3}), (Numbers{3, 3}));
  EXPECT_FALSE(base().slice(0, 1, 3)->at(Numbers{3, 0}));
  EXPECT_FALSE(base().slice(0, 1, 3)->index_of({0, 0}));
  EXPECT_EQ(sizes(base().reverse(1)), (Numbers{6, 4}));
  EXPECT_EQ(at(base().reverse(1), {0, 0}), (Numbers{0, 3}));
  EXPECT_EQ(at(base().reverse(1), {5, 1}), (Numbers{5, 2}));
}

TEST(ProcessorSpace, BalanceSplitFactorsADimensionIntoTheGivenNumberOfParts) {
  EXPECT_EQ(sizes(base().balance_split(0, 2)), (Numbers{3, 2, 4}));
  EXPECT_EQ(at(base().balance_split(0, 2), {1, 1, 0}), (Numbers{4, 0}));
  EXPECT_EQ(at(base().balance_split(0, 2), {2, 1, 3}), (Numbers{5, 3}));
  EXPECT_EQ(sizes(base().balance_split(0, 3)), (Numbers{3, 2, 1, 4}));
}

TEST(ProcessorSpace, AutoAndGreedySplitChooseFactorsForTheGivenExtents) {
  const auto upper = base(8, 4).auto_split(0, Numbers{8, 4});
  EXPECT_EQ(sizes(upper), (Numbers{4, 2, 4}));
  const auto both = upper->auto_split(2, Numbers{2, 2});
  EXPECT_EQ(sizes(both), (Numbers{4, 2, 2, 2}));
  EXPECT_EQ(at(both, {1, 0, 1, 0}), (Numbers{1, 1}));
  EXPECT_EQ(at(both, {2, 1, 0, 1}), (Numbers{6, 2}));
  EXPECT_EQ(at(both, {3, 1, 1, 1}), (Numbers{7, 3}));
  const auto greedy = base(8, 4).greedy_split(0, Numbers{8, 4});
  EXPECT_EQ(sizes(greedy), (Numbers{4, 2, 4}));
  EXPECT_EQ(at(greedy, {3, 1, 2}), (Numbers{7, 2}));
}

TEST(ProcessorSpace, TransformationsCanBeChained) {
  const auto blocks = base(8, 4).merge(0, 1)->split(0, 4);
  EXPECT_EQ(sizes(blocks), (Numbers{4, 8}));
  EXPECT_EQ(at(blocks, {1, 5}), (Numbers{5, 1}));
  EXPECT_EQ(at(blocks, {3, 7}), (Numbers{7, 3}));
  const auto swapped = base(8, 4).balance_split(0, 3)->swap(0, 2);
  EXPECT_EQ(sizes(swapped), (Numbers{2, 2, 2, 4}));
  EXPECT_EQ(at(swapped, {1, 0, 1, 2}), (Numbers{5, 2}));
}

TEST(ProcessorSpace, RefusesIndicesOutsideAnyDimension) {
  EXPECT_EQ(base().at(Numbers{6, 0}).error().message, "index 6 is outside dimension 0 of size 6");
  EXPECT_EQ(base().at(Numbers{0, -1}).error().message, "index -1 is outside dimension 1 of size 4");
  // (0,2,0) would alias processor 2 if only the final pair were checked.
  EXPECT_EQ(base().split(1, 2)->at(Numbers{0, 2, 0}).error().message,
            "index 2 is outside dimension 1 of size 2");
  EXPECT_EQ(base().at(Numbers{1}).error().message,
            "1 index for a space of 2 dimensions of size (6,4)");
}

TEST(ProcessorSpace, RefusesBadArguments) {
  const ProcessorSpace space = base();
  EXPECT_FALSE(space.merge(0, 0));
  EXPECT_FALSE(space.merge(0, 2));
  EXPECT_FALSE(space.merge(-1, 0));
  EXPECT_FALSE(space.swap(1, 1));
  EXPECT_FALSE(space.swap(2, 1));
  EXPECT_FALSE(space.split(2, 2));
  EXPECT_FALSE(space.split(-1, 2));
  EXPECT_FALSE(space.split(0, 0));
  EXPECT_FALSE(space.slice(1, 3, 1));
  EXPECT_FALSE(space.slice(1, -1, 1));
  EXPECT_FALSE(space.slice(1, 0, 4));
  EXPECT_FALSE(space.slice(2, 0, 0));
  EXPECT_FALSE(space.reverse(-1));
  EXPECT_FALSE(space.reverse(2));
  EXPECT_FALSE(space.balance_split(0, 4));
  EXPECT_FALSE(space.balance_split(2, 2));
  EXPECT_FALSE(space.auto_split(2, Numbers{1, 1}));
  EXPECT_FALSE(space.auto_split(0, Numbers{1, 0}));
  EXPECT_FALSE(space.greedy_split(-1, Numbers{1, 1}));
  EXPECT_FALSE(base(6, 0).balance_split(1, 2));
  EXPECT_EQ(space.reverse(2).error().message,
            "dimension 2 does not exist in a space of size (6,4)");
}

TEST(ProcessorSpace, LimitsRankStepsAndSizes) {
  Result<ProcessorSpace> deep = base();
  for (int i = 0; i < kMaxSpaceSteps; ++i) deep = deep->reverse(0);
  ASSERT_TRUE(deep);
  EXPECT_FALSE(deep->reverse(0));
  Result<ProcessorSpace> wide = base();
  for (int i = 2; i < kMaxSpaceRank; ++i) wide = wide->split(0, 1);
  ASSERT_TRUE(wide);
  EXPECT_FALSE(wide->split(0, 1));
  const int64_t huge = int64_t{1} << 62;
  EXPECT_FALSE(base().split(0, huge)->split(2, huge)->merge(0, 2));
}

/// A random transformation; some are refused.
Result<ProcessorSpace> transform(const ProcessorSpace& space, std::mt19937& random) {
  const auto pick = [&](int64_t lo, int64_t hi) {
    return std::uniform_int_distribution<int64_t>(lo, hi)(random);
  };
  const int64_t a = pick(0, space.rank() - 1);
  const int64_t b = pick(0, space.rank() - 1);
  const int64_t size = space.sizes().at[a];
  const Numbers extents = {pick(1, 9), pick(1, 9)};
  switch (pick(0, 7)) {
    case 0:
      return space.merge(a, b);
    case 1:
      return space.split(a, pick(1, 4));
    case 2:
      return space.swap(a, b);
    case 3:
      return space.slice(a, 0, std::max<int64_t>(size - 2, 0));
    case 4:
      return space.reverse(a);
    case 5:
      return space.balance_split(a, pick(2, 3));
    case 6:
      return space.auto_split(a, extents);
    default:
      return space.greedy_split(a, extents);
  }
}

TEST(ProcessorSpace, RandomChainsAreOneToOneAndForwardUndoesTheInverse) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    ProcessorSpace space = base(1 + round % 12, 1 + round % 5);
    for (int step = 0; step < 6; ++step) {
      if (auto next = transform(space, random)) space = *next;
    }
    std::set<std::pair<int64_t, int64_t>> seen;
    for (int64_t position = 0; position < space.volume(); ++position) {
      SpaceIndex index = space.sizes();
      int64_t rest = position;
      for (int d = 0; d < space.rank(); ++d) {
        index.at[d] = rest % space.sizes().at[d];
        rest /= space.sizes().at[d];
      }
      const auto processor = space.at(index.span());
      ASSERT_TRUE(processor) << space.to_string();
      EXPECT_TRUE(seen.insert({processor->node, processor->ordinal}).second);
      EXPECT_EQ(space.index_of(*processor).value(), index) << space.to_string();
    }
  }
}

TEST(ProcessorSpace, OfAMachineSpansTheNodesThatHaveTheKind) {
  const auto machine = MachineShape::parse("nodes=4,CPU=1,GPU=0|4|0|2").value();
  const ProcessorSpace gpus(ProcessorKind::Gpu, machine);
  EXPECT_EQ(gpus.to_string(), "GPU (2,2)");
  EXPECT_EQ(gpus.left_out(), 2);
  const std::array<int64_t, 2> last = {1, 1};
  EXPECT_EQ(gpus.at(last).value(), (ProcessorPosition{3, 1}));
  EXPECT_EQ(gpus.index_of({3, 1}).value().at[0], 1);
  EXPECT_FALSE(gpus.index_of({1, 3}));  // Left out.
  EXPECT_FALSE(gpus.index_of({0, 0}));
  const ProcessorSpace cpus(ProcessorKind::Cpu, machine);
  EXPECT_EQ(cpus.to_string(), "CPU (4,1)");
  EXPECT_EQ(cpus.left_out(), 0);
}

TEST(ProcessorSpace, AllIsEveryProcessorInOrder) {
  const auto machine = MachineShape::parse("nodes=4,CPU=1,GPU=0|4|0|2").value();
  const ProcessorSpace all = ProcessorSpace(ProcessorKind::Gpu, machine).all().value();
  EXPECT_EQ(all.to_string(), "GPU (6)");
  const std::vector<ProcessorPosition> expected = {{1, 0}, {1, 1}, {1, 2}, {1, 3}, {3, 0}, {3, 1}};
  for (int64_t i = 0; i < 6; ++i) {
    EXPECT_EQ(all.at({&i, 1}).value(), expected[static_cast<size_t>(i)]);
    EXPECT_EQ(all.index_of(expected[static_cast<size_t>(i)]).value().at[0], i);
  }
  EXPECT_FALSE(all.index_of({3, 2}));
  EXPECT_EQ(all.reverse(0).value().at(std::array<int64_t, 1>{0}).value(),
            (ProcessorPosition{3, 1}));
  EXPECT_FALSE(all.all());
  EXPECT_EQ(ProcessorSpace(ProcessorKind::Cpu, machine).all().value().to_string(), "CPU (4)");
}

TEST(ProcessorSpace, SpaceWithoutProcessorsIsNotToBeWrappedAround) {
  const auto machine = MachineShape::parse("nodes=2,CPU=1").value();
  const ProcessorSpace gpus(ProcessorKind::Gpu, machine);
  const auto outside = gpus.at(std::array<int64_t, 2>{0, 0});
  ASSERT_FALSE(outside);
  EXPECT_EQ(outside.error().help, "the space is `GPU (2,0)`: the machine has no GPU processor");
}

}  // namespace
}  // namespace placewright::machine
