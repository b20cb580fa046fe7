// SPDX-License-Identifier: Apache-2.0
// Runs graphs of activities on the simulator's timeline, for reference_test.py. Reads one graph per line of
// standard input, prints one line for each: {"start": [...], "end": [...]}.
//
//   {"links": [10], "engines": 2, "streams": 1,
//    "activities": [{"duration": 1, "least": 0, "flows": [[20, 100, [[0, 1]]]], "engines": [[0, 0.5]],
//                    "any_of": [1], "stream": 0, "priority": 0, "after": []}]}
//
// A flow: its amount, its ceiling, and the links with the part of it that takes each. "stream": -1: none.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/timeline.h"

namespace {

using namespace placewright;
using namespace placewright::sim;

nlohmann::json run(const nlohmann::json& graph) {
  Timeline timeline;
  std::vector<Link> links;
  for (const double per_second : graph["links"]) links.push_back({per_second});
  for (int i = 0; i < graph["engines"]; ++i) (void)timeline.add_engine();
  for (int i = 0; i < graph["streams"]; ++i) (void)timeline.add_stream();
  for (const nlohmann::json& activity : graph["activities"]) {
    Work work;
    work.duration_s = activity["duration"];
    work.least_s = activity["least"];
    work.priority = activity["priority"];
    for (const nlohmann::json& flow : activity["flows"]) {
      Demand demand{flow[0], flow[1], {}};
      for (const nlohmann::json& passage : flow[2])
        demand.links.emplace_back(&links[passage[0].get<size_t>()], passage[1].get<double>());
      work.flows.push_back(std::move(demand));
    }
    for (const nlohmann::json& use : activity["engines"])
      work.engines.push_back({use[0].get<EngineId>(), use[1].get<double>()});
    work.any_of = activity["any_of"].get<std::vector<EngineId>>();
    if (activity["stream"] >= 0) work.stream = activity["stream"].get<StreamId>();
    timeline.add(work, activity["after"].get<std::vector<ActivityId>>());
  }
  timeline.run();
  nlohmann::json times = {{"start", nlohmann::json::array()}, {"end", nlohmann::json::array()}};
  for (ActivityId i = 0; i < timeline.size(); ++i) {
    times["start"].push_back(timeline.start(i));
    times["end"].push_back(timeline.end(i));
  }
  return times;
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) std::cout << run(nlohmann::json::parse(line)).dump() << "\n";
  return 0;
}
