// SPDX-License-Identifier: Apache-2.0
// How fast the simulator is. usage: bench_simulator_speed [WORKLOAD MACHINE MAPPING]
//
// Without arguments: a one-dimensional stencil of tasks and copies on the timeline alone, beside an event queue
// that only sorts as many events. With a recording: predictions per second on one and on two threads, in pairs.
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <queue>
#include <string>
#include <vector>

#include "machine/load.h"
#include "policy/policy.h"
#include "sim/simulate.h"
#include "support/gzip.h"
#include "support/lanes.h"
#include "support/statistics.h"

namespace {

using namespace placewright;
using namespace placewright::sim;

constexpr int kPairs = 15;
constexpr int kHosts = 64;
constexpr int kActivities = 100'000;

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Each host computes, and sends its borders to both neighbours before these compute again.
struct Stencil {
  Timeline timeline;
  std::vector<Link> out = std::vector<Link>(kHosts, Link{1e10});
  std::vector<Link> in = std::vector<Link>(kHosts, Link{1e10});

  Stencil() {
    for (int host = 0; host < kHosts; ++host) (void)timeline.add_engine();
    std::vector<std::vector<ActivityId>> needs(kHosts);
    while (timeline.size() < kActivities) {
      std::vector<std::vector<ActivityId>> next(kHosts);
      for (int host = 0; host < kHosts; ++host) {
        const auto at = static_cast<size_t>(host);
        Work task;
        task.duration_s = 1e-3 * (1 + 0.01 * host);
        task.engines = {{static_cast<EngineId>(host)}};
        const ActivityId done = timeline.add(task, std::move(needs[at]));
        next[at].push_back(done);
        for (const int to : {(host + 1) % kHosts, (host + kHosts - 1) % kHosts}) {
          const auto other = static_cast<size_t>(to);
          Work copy;
          copy.duration_s = 1e-5;
          copy.flows = {{1e6, 1e10, {&out[at], &in[other]}}};
          next[other].push_back(timeline.add(copy, {done}));
        }
      }
      needs = std::move(next);
    }
  }
};

/// As many events as the stencil has, through a queue and nothing else: the reference.
double sorted_events() {
  std::priority_queue<std::pair<double, int>, std::vector<std::pair<double, int>>, std::greater<>>
      queue;
  double sum = 0;
  for (int i = 0; i < kHosts; ++i) queue.emplace(i, i);
  for (int i = 0; i < 3 * kActivities; ++i) {
    const auto [time, number] = queue.top();
    queue.pop();
    sum += time;
    queue.emplace(time + 1 + 0.01 * (number % 7), number);
  }
  return sum;
}

void measure_timeline() {
  std::vector<double> simulated, sorted;
  double bytes = 0, sum = 0;
  size_t size = 0;
  for (int i = 0; i < kPairs; ++i) {
    const auto before = mallinfo2();
    Stencil stencil;
    size = stencil.timeline.size();
    simulated.push_back(seconds_of([&] { stencil.timeline.run(); }));
    const auto after = mallinfo2();
    bytes = static_cast<double>(after.uordblks + after.hblkhd - before.uordblks - before.hblkhd);
    sorted.push_back(seconds_of([&] { sum += sorted_events(); }));
  }
  const MedianInterval ratio = paired_ratio(simulated, sorted);
  fmt::print(
      "{} activities: {:.3g} per second, {:.0f} bytes each; {:.2f} [{:.2f}, {:.2f}] of an event "
      "queue "
      "alone ({} pairs, sum {:.0f})\n",
      size, static_cast<double>(size) / median(simulated), bytes / static_cast<double>(size),
      ratio.median, ratio.low, ratio.high, kPairs, sum);
}

int measure_predictions(const std::string& workload, const std::string& machine,
                        const std::string& mapping) {
  std::ifstream file(workload, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (is_gzip(text)) text = gunzip(text, uint64_t{1} << 30).value();
  const workload::Recording recording = workload::recording_from_json(text).value();
  const Simulator simulator =
      Simulator::make(recording, machine::read_machine(machine).value()).value();
  const policy::LoadedPolicy loaded = policy::load_policy(mapping, simulator.shape());
  if (loaded.policy == nullptr) {
    fmt::print(stderr, "{}", loaded.messages);
    return 1;
  }
  const Effort effort{.most_passes = 8, .explains = false};
  const auto first = simulator.predict(*loaded.policy, effort).value();
  const auto count = static_cast<int>(
      std::clamp(20'000 / (1.0 + static_cast<double>(first.activities) / 50), 4.0, 400.0));
  const auto run = [&](int threads) {
    return seconds_of([&] {
      run_in_lanes(threads, [&](int) {
        for (int i = 0; i < count; ++i) (void)simulator.predict(*loaded.policy, effort);
      });
    });
  };
  std::vector<double> one, two;
  for (int i = 0; i < kPairs; ++i) {
    one.push_back(run(1));
    two.push_back(run(2) / 2);
  }
  const MedianInterval ratio = paired_ratio(one, two);
  fmt::print(
      "{} activities: {:.0f} predictions a second and core, {:.3g} activities; two threads {:.2f} "
      "[{:.2f}, "
      "{:.2f}] times as fast ({} pairs)\n",
      first.activities, count / median(one),
      static_cast<double>(first.activities) * count / median(one), ratio.median, ratio.low,
      ratio.high, kPairs);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4) return measure_predictions(argv[1], argv[2], argv[3]);
  measure_timeline();
  return 0;
}
