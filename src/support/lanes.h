// SPDX-License-Identifier: Apache-2.0
// The same work on several threads.
#pragma once

#include <future>
#include <vector>

namespace placewright {

/// Calls `run` with the numbers from 0 to `count` - 1, each on a thread of its own, 0 on this one, and
/// returns once all calls have. 0 is run in any case.
template <class Run>
void run_in_lanes(int count, Run&& run) {
  std::vector<std::future<void>> others;
  for (int lane = 1; lane < count; ++lane)
    others.push_back(std::async(std::launch::async, [&run, lane] { run(lane); }));
  run(0);
  for (std::future<void>& other : others) other.get();
}

}  // namespace placewright
