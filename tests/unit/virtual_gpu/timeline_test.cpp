// SPDX-License-Identifier: Apache-2.0
// Who gets an engine when the driver's threads are late: a timeline without threads only catches up
// when something is queued.
#include "virtual_gpu/timeline.h"

#include <gtest/gtest.h>

#include <thread>

namespace placewright::vgpu {
namespace {

using std::chrono::milliseconds;

class LateTimeline : public testing::Test {
 protected:
  void kernel(Stream& stream, Engine& engine, milliseconds duration) {
    timeline_.enqueue(stream, {.duration = duration, .engines = {&engine}});
  }
  MarkerPtr end_of(Stream& stream) { return timeline_.record({&stream}); }
  /// Lets everything that was queued become due, then looks how much later the second stream ends
  /// than the first.
  std::chrono::nanoseconds look_late() {
    const MarkerPtr first = end_of(first_);
    const MarkerPtr second = end_of(second_);
    std::this_thread::sleep_for(milliseconds(90));
    static_cast<void>(end_of(other_));
    EXPECT_TRUE(first->done() && second->done());
    return second->end() - first->end();
  }

  Timeline timeline_{0};
  Stream first_{0}, second_{1}, other_{2};
  Engine gpu_, gpu_of_second_, bus_;
};

TEST_F(LateTimeline, EndsOfTwoGpusTakeTheBusInTheirOrder) {
  kernel(first_, gpu_, milliseconds(2));
  kernel(second_, gpu_of_second_, milliseconds(4));
  kernel(first_, bus_, milliseconds(6));
  kernel(second_, bus_, milliseconds(6));
  EXPECT_GE(look_late(), milliseconds(6));
}

TEST_F(LateTimeline, WhatEndedInThePastWaitsForItsTurn) {
  kernel(first_, gpu_, milliseconds(2));
  kernel(second_, gpu_of_second_, milliseconds(4));
  kernel(first_, gpu_, milliseconds(60));
  kernel(first_, bus_, milliseconds(6));
  kernel(second_, bus_, milliseconds(6));
  // The second takes the bus at 4 ms although the first was looked at before it.
  EXPECT_LT(look_late(), -milliseconds(6));
}

TEST_F(LateTimeline, TwoStreamsThatWaitForOneEventStartInTheOrderOfTheProgram) {
  kernel(other_, bus_, milliseconds(2));
  const MarkerPtr event = end_of(other_);
  for (Stream* stream : {&first_, &second_}) timeline_.enqueue(*stream, {.wait_for = event});
  kernel(first_, gpu_, milliseconds(5));
  kernel(second_, gpu_, milliseconds(5));
  EXPECT_GE(look_late(), milliseconds(5));
}

TEST_F(LateTimeline, WindowAfterALateEndIsNotShorterThanItsOperations) {
  kernel(first_, gpu_, milliseconds(2));
  std::this_thread::sleep_for(milliseconds(30));
  // The end of 2 ms is noticed now, and what follows counts as queued 28 ms earlier.
  EXPECT_TRUE(timeline_.wait(end_of(first_)));
  const Time begin = timeline_.read_clock();
  kernel(first_, gpu_, milliseconds(20));
  const MarkerPtr end = end_of(first_);
  while (!end->done()) static_cast<void>(timeline_.read_clock());
  EXPECT_GE(timeline_.read_clock() - begin, milliseconds(20));
}

TEST_F(LateTimeline, NothingIsQueuedBeforeATimeThatTheProgramHasRead) {
  kernel(first_, gpu_, milliseconds(2));
  std::this_thread::sleep_for(milliseconds(30));
  // The end is noticed only after the program has read the clock elsewhere.
  const Time begin = timeline_.read_clock();
  kernel(second_, gpu_of_second_, milliseconds(20));
  const MarkerPtr end = end_of(second_);
  while (!end->done()) static_cast<void>(timeline_.read_clock());
  EXPECT_GE(end->end() - begin, milliseconds(20));
}

TEST_F(LateTimeline, WhatTheProgramWaitedForItselfIsNotUndoneByALateEnd) {
  const Time begin = timeline_.read_clock();
  kernel(first_, gpu_, milliseconds(2));
  std::this_thread::sleep_for(milliseconds(30));
  // A CPU task of 30 ms ends, and then the end of 2 ms is noticed.
  timeline_.reached(begin + milliseconds(30));
  static_cast<void>(end_of(first_));
  kernel(second_, gpu_of_second_, milliseconds(5));
  const MarkerPtr end = end_of(second_);
  while (!end->done()) static_cast<void>(timeline_.read_clock());
  EXPECT_GE(end->end() - begin, milliseconds(35));
}

}  // namespace
}  // namespace placewright::vgpu
