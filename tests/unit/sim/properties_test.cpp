// SPDX-License-Identifier: Apache-2.0
// What holds for every graph of activities: no end before its bounds, and scaling.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "sim/timeline.h"

namespace placewright::sim {
namespace {

constexpr int kGraphs = 200;

/// An activity as numbers, so that a graph can be made again with other rates.
struct Plan {
  double duration_s = 0;
  double least_s = 0;
  double bytes = 0;
  double ceiling = 1;
  std::vector<size_t> links;
  std::vector<EngineUse> engines;
  std::vector<ActivityId> after;
  /// Seconds that it takes at least.
  [[nodiscard]] double alone_s() const {
    return duration_s + std::max(least_s, bytes > 0 ? bytes / ceiling : 0);
  }
};

struct Graph {
  std::vector<double> links;  ///< Bytes per second.
  size_t engines = 0;
  std::vector<Plan> plans;
};

Graph random_graph(std::mt19937& random, size_t links, size_t engines) {
  const auto below = [&](size_t limit) { return random() % limit; };
  const auto amount = [&] { return static_cast<double>(1 + below(20)); };
  Graph graph{{}, engines, {}};
  for (size_t i = 0; i < links; ++i) graph.links.push_back(amount());
  const size_t count = 1 + below(40);
  for (ActivityId i = 0; i < count; ++i) {
    Plan plan;
    if (below(2) == 0) plan.duration_s = amount();
    if (below(4) == 0) plan.least_s = amount();
    if (links > 0 && below(2) == 0) {
      plan.bytes = amount();
      plan.ceiling = amount();
      plan.links = {below(links)};
      if (below(3) == 0) plan.links.push_back((plan.links[0] + 1) % links);
      if (plan.links.size() == 2 && plan.links[0] == plan.links[1]) plan.links.pop_back();
    }
    if (engines > 0 && below(2) == 0)
      plan.engines = {{static_cast<EngineId>(below(engines)), below(2) == 0 ? 1 : 0.5}};
    for (size_t edges = below(3); edges > 0 && i > 0; --edges)
      plan.after.push_back(static_cast<ActivityId>(below(i)));
    graph.plans.push_back(std::move(plan));
  }
  return graph;
}

/// When each activity ends, if everything is `faster` times as fast.
std::vector<double> ends(const Graph& graph, double faster = 1) {
  Timeline timeline;
  std::vector<Link> links;
  for (const double rate : graph.links) links.push_back({rate * faster});
  for (size_t i = 0; i < graph.engines; ++i) (void)timeline.add_engine();
  for (const Plan& plan : graph.plans) {
    Work work;
    work.duration_s = plan.duration_s / faster;
    work.least_s = plan.least_s / faster;
    if (plan.bytes > 0) {
      Demand demand{plan.bytes, plan.ceiling * faster, {}};
      for (const size_t link : plan.links) demand.links.emplace_back(&links[link]);
      work.flows.push_back(std::move(demand));
    }
    work.engines = plan.engines;
    timeline.add(work, plan.after);
  }
  timeline.run();
  std::vector<double> ends;
  for (ActivityId i = 0; i < graph.plans.size(); ++i) ends.push_back(timeline.end(i));
  return ends;
}

double last(const std::vector<double>& ends) { return *std::ranges::max_element(ends); }

TEST(SimProperties, NothingEndsBeforeItsBounds) {
  std::mt19937 random(1);
  for (int round = 0; round < kGraphs; ++round) {
    const Graph graph = random_graph(random, 3, 3);
    const std::vector<double> simulated = ends(graph);
    std::vector<double> path(graph.plans.size());
    std::vector<double> busy(graph.engines);
    std::vector<double> moved(graph.links.size());
    for (size_t i = 0; i < graph.plans.size(); ++i) {
      const Plan& plan = graph.plans[i];
      for (const ActivityId before : plan.after) path[i] = std::max(path[i], path[before]);
      path[i] += plan.alone_s();
      EXPECT_GE(simulated[i], path[i] * (1 - 1e-9)) << round << " " << i;
      for (const EngineUse& use : plan.engines) busy[use.engine] += use.share * plan.alone_s();
      for (const size_t link : plan.links) moved[link] += plan.bytes;
    }
    for (const double seconds : busy) EXPECT_GE(last(simulated), seconds * (1 - 1e-9)) << round;
    for (size_t link = 0; link < moved.size(); ++link)
      EXPECT_GE(last(simulated), moved[link] / graph.links[link] * (1 - 1e-9)) << round;
  }
}

TEST(SimProperties, EverythingTwiceAsFastTakesHalfTheTime) {
  std::mt19937 random(2);
  for (int round = 0; round < kGraphs; ++round) {
    const Graph graph = random_graph(random, 3, 3);
    const std::vector<double> once = ends(graph);
    // A power of two: the arithmetic is exact, so ties stay ties.
    const std::vector<double> twice = ends(graph, 2);
    for (size_t i = 0; i < once.size(); ++i)
      EXPECT_NEAR(twice[i], once[i] / 2, 1e-9 * once[i]) << round << " " << i;
  }
}

TEST(SimProperties, AFasterOnlyLinkNeverSlows) {
  std::mt19937 random(3);
  for (int round = 0; round < kGraphs; ++round) {
    Graph graph = random_graph(random, 1, 0);
    const double before = last(ends(graph));
    graph.links[0] *= 1.5;
    EXPECT_LE(last(ends(graph)), before * (1 + 1e-9)) << round;
  }
}

TEST(SimProperties, ThePredictionIsAlwaysTheSame) {
  std::mt19937 random(4);
  for (int round = 0; round < kGraphs; ++round) {
    const Graph graph = random_graph(random, 2, 2);
    EXPECT_EQ(ends(graph), ends(graph)) << round;
  }
}

}  // namespace
}  // namespace placewright::sim
