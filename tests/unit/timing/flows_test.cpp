// SPDX-License-Identifier: Apache-2.0
#include "timing/flows.h"

#include <gtest/gtest.h>

#include <random>

namespace placewright {
namespace {

/// Ends everything; the ends by number.
std::map<Flows::Id, double> ends_of(Flows& flows) {
  std::map<Flows::Id, double> ends;
  while (const auto next = flows.next_end()) {
    ends[next->second] = next->first;
    flows.end_next();
  }
  return ends;
}

TEST(Flows, OneFlowIsAsFastAsItsLinkOrItself) {
  Link bus{10};
  Flows flows;
  flows.begin(5, {100, 20, {&bus}});
  EXPECT_EQ(ends_of(flows).at(0), 15);
  flows.begin(15, {100, 4, {&bus}});
  EXPECT_EQ(ends_of(flows).at(1), 40);
}

TEST(Flows, TwoShareALinkUntilOneEnds) {
  Link bus{10};
  Flows flows;
  flows.begin(0, {50, 100, {&bus}});
  flows.begin(0, {100, 100, {&bus}});
  const auto ends = ends_of(flows);
  // Both at 5 for 10 s, then the second alone with its other 50 at 10.
  EXPECT_EQ(ends.at(0), 10);
  EXPECT_EQ(ends.at(1), 15);
}

TEST(Flows, LateFlowTakesItsShareFromThenOn) {
  Link bus{10};
  Flows flows;
  flows.begin(0, {100, 100, {&bus}});
  flows.begin(4, {10, 100, {&bus}});
  const auto ends = ends_of(flows);
  EXPECT_EQ(ends.at(1), 6);   // 10 at 5/s.
  EXPECT_EQ(ends.at(0), 11);  // 40 until 4, 10 until 6, the other 50 at 10/s.
}

TEST(Flows, WhatACappedFlowLeavesGoesToTheOthers) {
  Link bus{10};
  Flows flows;
  const auto slow = flows.begin(0, {100, 2, {&bus}});
  const auto fast = flows.begin(0, {100, 100, {&bus}});
  EXPECT_EQ(flows.rate(slow), 2);
  EXPECT_EQ(flows.rate(fast), 8);
}

TEST(Flows, ThreeFlowsOnTwoLinksAreMaxMinFair) {
  // The classic example: a long flow crosses both links, each of which has one of its own.
  Link first{10}, second{4};
  Flows flows;
  const auto both = flows.begin(0, {1, 100, {&first, &second}});
  const auto on_first = flows.begin(0, {1, 100, {&first}});
  const auto on_second = flows.begin(0, {1, 100, {&second}});
  EXPECT_EQ(flows.rate(both), 2);
  EXPECT_EQ(flows.rate(on_second), 2);
  EXPECT_EQ(flows.rate(on_first), 8);
}

TEST(Flows, PartOfAFlowTakesPartOfALink) {
  Link memory{10}, link{2};
  Flows flows;
  // A quarter of the bytes takes the link: 2 of it let 8 through, of which the memory sees all.
  const auto spread = flows.begin(0, {100, 100, {&memory, {&link, 0.25}}});
  EXPECT_EQ(flows.rate(spread), 8);
  // Two equal rates x and one that takes half as much of the memory for each of its bytes:
  // x + x + x / 2 = 10.
  flows.begin(0, {100, 100, {&memory}});
  const auto half = flows.begin(0, {100, 100, {{&memory, 0.5}}});
  EXPECT_EQ(flows.rate(spread), 4);
  EXPECT_EQ(flows.rate(half), 4);
}

TEST(Flows, NothingToMoveEndsAtOnce) {
  Link bus{10};
  Flows flows;
  flows.begin(3, {0, 1, {&bus}});
  EXPECT_EQ(ends_of(flows).at(0), 3);
}

TEST(Flows, FlowThatBeganBeforeTheLastChangeBeginsThen) {
  Link bus{10};
  Flows flows;
  flows.begin(5, {100, 100, {&bus}});
  flows.begin(1, {10, 1, {&bus}});
  EXPECT_EQ(ends_of(flows).at(1), 15);
}

/// In random sets of flows: no link is overloaded, and every flow is stopped by its ceiling or by a
/// full link on which nobody has more than it.
TEST(Flows, RatesAreMaxMinFairInRandomSets) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<Link> links(1 + random() % 5);
    for (Link& link : links) link.per_second = 1 + random() % 100;
    Flows flows;
    std::map<Flows::Id, Demand> demands;
    for (std::size_t i = 0, count = 1 + random() % 12; i < count; ++i) {
      Demand demand{
          static_cast<double>(1 + random() % 50), static_cast<double>(1 + random() % 60), {}};
      for (Link& link : links)
        if (random() % 2 == 0)
          demand.links.emplace_back(&link, static_cast<double>(1 + random() % 4) / 4);
      const auto id = flows.begin(0, demand);
      demands.emplace(id, demand);
    }
    std::map<const Link*, double> used, most;
    for (const auto& [id, demand] : demands) {
      for (const auto& [link, part] : demand.links) {
        used[link] += flows.rate(id) * part;
        most[link] = std::max(most[link], flows.rate(id));
      }
    }
    for (const Link& link : links) ASSERT_LE(used[&link], link.per_second * (1 + 1e-9));
    for (const auto& [id, demand] : demands) {
      const double rate = flows.rate(id);
      bool is_stopped = rate >= demand.most_per_second * (1 - 1e-9);
      for (const auto& [link, part] : demand.links) {
        const bool is_full = used[link] >= link->per_second * (1 - 1e-9);
        is_stopped |= is_full && rate >= most[link] * (1 - 1e-9);
      }
      ASSERT_TRUE(is_stopped) << "round " << round << ", flow " << id;
    }
  }
}

}  // namespace
}  // namespace placewright
