// SPDX-License-Identifier: Apache-2.0
#include "circuit/problem.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace circuit {
namespace {

Problem problem_of(int64_t pieces, int64_t per_superpiece, int64_t nodes, int64_t wires) {
  Problem problem;
  problem.pieces = pieces;
  problem.pieces_per_superpiece = per_superpiece;
  problem.nodes_per_piece = nodes;
  problem.wires_per_piece = wires;
  return problem;
}

TEST(Problem, OneNodeOfHundredIsSharedRoundedUp) {
  EXPECT_EQ(problem_of(4, 1, 20, 80).shared_per_piece(), 1);
  EXPECT_EQ(problem_of(4, 1, 100, 80).shared_per_piece(), 1);
  EXPECT_EQ(problem_of(4, 1, 101, 80).shared_per_piece(), 2);
  EXPECT_EQ(problem_of(4, 1, 5000, 80).shared_per_piece(), 50);
}

TEST(Problem, SharedNodesComeFirst) {
  // 4 pieces of 20 nodes, one of each shared: 0..3 shared, 4..79 private, 19 per piece.
  const Problem problem = problem_of(4, 1, 20, 80);
  EXPECT_EQ(all_shared_nodes(problem), (Interval{0, 3}));
  EXPECT_EQ(all_private_nodes(problem), (Interval{4, 79}));
  const Superpiece second = describe_superpiece(problem, 1);
  EXPECT_EQ(second.shared_nodes, (Interval{1, 1}));
  EXPECT_EQ(second.private_nodes, (Interval{23, 41}));
  EXPECT_EQ(second.wires, (Interval{80, 159}));
}

TEST(Problem, SuperpiecesJoinConsecutivePieces) {
  // 6 pieces of 200 nodes, two of each shared: superpiece 1 has pieces 2 and 3.
  const Problem problem = problem_of(6, 2, 200, 10);
  const Superpiece middle = describe_superpiece(problem, 1);
  EXPECT_EQ(middle.shared_nodes, (Interval{4, 7}));
  EXPECT_EQ(middle.private_nodes, (Interval{12 + 2 * 198, 12 + 4 * 198 - 1}));
  EXPECT_EQ(middle.wires, (Interval{20, 39}));
  EXPECT_EQ(describe_superpieces(problem).size(), 3u);
}

TEST(Problem, SuperpiecesCoverEveryNodeOnce) {
  const Problem problem = problem_of(12, 3, 150, 40);
  std::vector<int> owners(static_cast<size_t>(problem.nodes()));
  for (const Superpiece& piece : describe_superpieces(problem)) {
    for (const Interval& part : {piece.shared_nodes, piece.private_nodes}) {
      for (int64_t i = part.first; i <= part.last; ++i) ++owners[static_cast<size_t>(i)];
    }
  }
  EXPECT_THAT(owners, testing::Each(1));
}

TEST(Problem, WiresStartAtHomeAndEndAtHomeOrAtASharedNodeOfANeighbour) {
  const Problem problem = problem_of(10, 1, 200, 300);
  for (int64_t piece = 0; piece < problem.pieces; ++piece) {
    const Superpiece home = describe_superpiece(problem, piece);
    const auto at_home = [&](int64_t node) {
      return home.private_nodes.contains(node) || home.shared_nodes.contains(node);
    };
    const std::vector<int64_t> reachable = neighbours(problem, piece);
    int64_t wires = 0;
    visit_wires(problem, piece, [&](const WireEnds& ends) {
      ++wires;
      EXPECT_TRUE(at_home(ends.in));
      if (at_home(ends.out)) return;
      ASSERT_TRUE(all_shared_nodes(problem).contains(ends.out));
      EXPECT_THAT(reachable, testing::Contains(ends.out / problem.shared_per_piece()));
      EXPECT_TRUE(home.ghost_nodes.contains(ends.out));
    });
    EXPECT_EQ(wires, problem.wires_per_piece);
  }
}

TEST(Problem, NeighboursAreFiveDifferentPiecesInTheWindow) {
  const Problem problem = problem_of(20, 1, 20, 80);
  for (int64_t piece = 0; piece < problem.pieces; ++piece) {
    const std::vector<int64_t> found = neighbours(problem, piece);
    EXPECT_EQ(std::set<int64_t>(found.begin(), found.end()).size(), 5u);
    for (const int64_t other : found) {
      EXPECT_NE(other, piece);
      EXPECT_GE(other, 0);
      EXPECT_LT(other, problem.pieces);
      // At the border the window of seven is shifted inwards: never further than six away.
      EXPECT_LE(std::abs(other - piece), 2 * kNeighbourWindow);
    }
  }
  EXPECT_THAT(neighbours(problem_of(3, 1, 20, 80), 1), testing::ElementsAre(0, 2));
  EXPECT_THAT(neighbours(problem_of(1, 1, 20, 80), 0), testing::IsEmpty());
}

TEST(Problem, CountsEveryWireEnd) {
  const Problem problem = problem_of(8, 2, 500, 2000);
  for (const Superpiece& piece : describe_superpieces(problem)) {
    EXPECT_EQ(piece.private_ends + piece.shared_ends + piece.ghost_ends, 2 * piece.wires.size());
    // 5 % of 4000 wires leave their piece; a part of them ends in the other piece of the pair.
    EXPECT_GT(piece.ghost_ends, 100);
    EXPECT_LT(piece.ghost_ends, 250);
  }
}

TEST(Problem, NothingLeavesAPieceWhenAllWiresAreLocal) {
  Problem problem = problem_of(4, 1, 20, 80);
  problem.percent_local = 100;
  for (const Superpiece& piece : describe_superpieces(problem)) {
    EXPECT_EQ(piece.ghost_nodes.size(), 0);
    EXPECT_EQ(piece.ghost_ends, 0);
  }
}

TEST(Problem, ValuesStayInTheirRanges) {
  const Problem problem = problem_of(4, 1, 100, 100);
  for (int64_t i = 0; i < 400; ++i) {
    const NodeValues node = initial_node(problem, i);
    EXPECT_TRUE(node.capacitance >= 1 && node.capacitance <= 2);
    EXPECT_TRUE(node.leakage >= 0 && node.leakage <= 0.1f);
    EXPECT_TRUE(node.voltage >= -1 && node.voltage <= 1);
    const WireValues wire = initial_wire(problem, i);
    EXPECT_TRUE(wire.resistance >= 1 && wire.resistance <= 11);
    EXPECT_TRUE(wire.capacitance > 0.001f && wire.capacitance < 0.11f);
    EXPECT_TRUE(wire.inductance > 0.99e-10f && wire.inductance < 1.11e-9f);
  }
}

TEST(Problem, AnotherSeedGivesAnotherCircuit) {
  Problem one = problem_of(4, 1, 100, 100);
  Problem other = one;
  other.seed = 6;
  EXPECT_NE(initial_node(one, 7).voltage, initial_node(other, 7).voltage);
  EXPECT_NE(initial_node(one, 7).voltage, initial_node(one, 8).voltage);
}

TEST(Problem, CountsThePublishedOperations) {
  // 10 wires * ((10 * 6 + 9 * 4) * 100 steps + 4) + 5 nodes * 4 = 96060.
  Problem problem = problem_of(1, 1, 5, 10);
  problem.steps = 100;
  EXPECT_DOUBLE_EQ(flops_per_loop(problem), 96060);
}

TEST(Problem, SaysWhatIsWrong) {
  EXPECT_EQ(find_mistake(problem_of(4, 2, 20, 80)), "");
  EXPECT_EQ(find_mistake(problem_of(5, 2, 20, 80)), "`-p` 5 is not a multiple of `-pps` 2");
  EXPECT_EQ(find_mistake(problem_of(0, 1, 20, 80)), "`-p` must be at least 1");
  EXPECT_EQ(find_mistake(problem_of(4, 1, 1, 80)), "`-npp` must be at least 2");
  EXPECT_EQ(find_mistake(problem_of(1 << 16, 1, 1 << 20, 80)), "more than 2^31 nodes or wires");
}

}  // namespace
}  // namespace circuit
