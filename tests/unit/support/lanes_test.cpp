// SPDX-License-Identifier: Apache-2.0
#include "support/lanes.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace placewright {
namespace {

TEST(RunInLanes, CallsOthersOnOtherThreads) {
  std::vector<std::thread::id> threads(3);
  run_in_lanes(3,
               [&](int lane) { threads[static_cast<size_t>(lane)] = std::this_thread::get_id(); });
  EXPECT_EQ(threads[0], std::this_thread::get_id());
  // The id of a thread that has ended may be used again, but not this one's.
  EXPECT_NE(threads[1], threads[0]);
  EXPECT_NE(threads[2], threads[0]);
}

TEST(RunInLanes, RunsTheFirstInAnyCase) {
  int calls = 0;
  run_in_lanes(0, [&](int) { ++calls; });
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace placewright
