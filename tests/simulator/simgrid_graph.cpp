// SPDX-License-Identifier: Apache-2.0
// Runs one graph of activities with SimGrid, for simgrid_test.py: reads a line as timeline_graphs does, prints
// {"end": [...]}. Knows durations and flows, no engines and no streams: what the simulator's shared level adds to
// a graph is how flows share links. A process has one SimGrid engine, so it runs one graph.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

namespace {

namespace s4u = simgrid::s4u;

struct Flow {
  double amount;
  s4u::Host* from;
  s4u::Host* to;
};

struct Activity {
  double duration = 0;
  std::vector<Flow> flows;
  std::vector<size_t> after, next;
  s4u::SemaphorePtr ended = s4u::Semaphore::create(0);  ///< Once for each that waits for it.
  double end = 0;
};

/// Every flow has two hosts of its own, between which its links are the only way. Its ceiling is a link that
/// nobody else uses.
std::vector<Activity> read(const nlohmann::json& graph, s4u::NetZone* zone) {
  std::vector<s4u::Link*> links;
  for (const double per_second : graph["links"])
    links.push_back(zone->create_link("link" + std::to_string(links.size()), per_second)
                        ->set_latency(0)
                        ->seal());
  std::vector<Activity> activities;
  for (const nlohmann::json& json : graph["activities"]) {
    const size_t number = activities.size();
    Activity& activity = activities.emplace_back();
    activity.duration = json["duration"];
    activity.after = json["after"].get<std::vector<size_t>>();
    for (const size_t earlier : activity.after) activities[earlier].next.push_back(number);
    for (const nlohmann::json& flow : json["flows"]) {
      const std::string name = std::to_string(number) + "_" + std::to_string(activity.flows.size());
      s4u::Host* from = zone->create_host("from" + name, 1e9)->seal();
      s4u::Host* to = zone->create_host("to" + name, 1e9)->seal();
      const double ceiling = flow[1];
      std::vector<s4u::LinkInRoute> route;
      route.emplace_back(zone->create_link("own" + name, ceiling)->set_latency(0)->seal());
      for (const nlohmann::json& passage : flow[2])
        route.emplace_back(links[passage[0].get<size_t>()]);
      zone->add_route(from->get_netpoint(), to->get_netpoint(), nullptr, nullptr, route, true);
      activity.flows.push_back({flow[0], from, to});
    }
  }
  return activities;
}

void run(std::vector<Activity>& activities, size_t number) {
  Activity& self = activities[number];
  for (const size_t earlier : self.after) activities[earlier].ended->acquire();
  s4u::this_actor::sleep_for(self.duration);
  std::vector<s4u::CommPtr> comms;
  for (const Flow& flow : self.flows) {
    s4u::CommPtr comm = s4u::Comm::sendto_init(flow.from, flow.to);
    comm->set_payload_size(static_cast<uint64_t>(flow.amount));
    comm->start();
    comms.push_back(comm);
  }
  for (const s4u::CommPtr& comm : comms) comm->wait();
  self.end = s4u::Engine::get_clock();
  for (size_t i = 0; i < self.next.size(); ++i) self.ended->release();
}

}  // namespace

int main(int argc, char** argv) {
  s4u::Engine engine(&argc, argv);
  for (const char* setting :
       {"network/model:CM02", "network/TCP-gamma:0", "network/crosstraffic:0"})
    s4u::Engine::set_config(setting);
  std::string line;
  std::getline(std::cin, line);
  s4u::NetZone* zone = s4u::create_full_zone("machine");
  s4u::Host* home = zone->create_host("home", 1e9)->seal();
  std::vector<Activity> activities = read(nlohmann::json::parse(line), zone);
  zone->seal();
  for (size_t i = 0; i < activities.size(); ++i)
    s4u::Actor::create("activity" + std::to_string(i), home, run, std::ref(activities), i);
  engine.run();
  nlohmann::json ends = nlohmann::json::array();
  for (const Activity& activity : activities) ends.push_back(activity.end);
  std::cout << nlohmann::json{{"end", ends}}.dump() << "\n";
  return 0;
}
