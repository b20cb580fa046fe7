// SPDX-License-Identifier: Apache-2.0
// Who gets an engine when the driver's threads are late: a timeline without threads only catches up
// when something is queued.
#include "virtual_gpu/timeline.h"

#include <gtest/gtest.h>

#include <array>
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

class SharedResources : public LateTimeline {
 protected:
  /// A millisecond of a bus that moves 1 unit per millisecond is 1 unit.
  void flow(Stream& stream, double amount, Engine& engine, double share = 1,
            milliseconds launch = milliseconds(0)) {
    Operation operation;
    operation.duration = launch;
    operation.flows = {{amount, 1e3, {&bus_link_}}};
    operation.engines = {{&engine, share}};
    timeline_.enqueue(stream, std::move(operation));
  }
  /// A kernel that fills a share of the GPU.
  void part(Stream& stream, double share, milliseconds duration) {
    Operation operation;
    operation.duration = duration;
    operation.engines = {{&gpu_, share}};
    timeline_.enqueue(stream, std::move(operation));
  }
  /// All streams wait for one event, which comes after everything is queued.
  void SetUp() override {
    kernel(gate_, gate_engine_, milliseconds(40));
    gate_end_ = end_of(gate_);
    for (Stream* stream : {&first_, &second_, &other_})
      timeline_.enqueue(*stream, {.wait_for = gate_end_});
  }
  /// Milliseconds from the event to the ends of what is in the first, second and other stream.
  std::array<double, 3> ends() {
    const MarkerPtr markers[] = {end_of(first_), end_of(second_), end_of(other_)};
    std::array<double, 3> result{};
    for (std::size_t i = 0; i < result.size(); ++i) {
      while (!markers[i]->done()) static_cast<void>(timeline_.read_clock());
      const Duration passed = markers[i]->end() - gate_end_->end();
      result[i] = std::chrono::duration<double, std::milli>(passed).count();
    }
    return result;
  }
  Link bus_link_{1e3};
  Stream gate_{3};
  Engine gate_engine_;
  MarkerPtr gate_end_;
};

constexpr double kMilliseconds = 0.001;  // Ends are rounded up to nanoseconds.

TEST_F(SharedResources, FlowOfAKernelTakesTheBusTogetherWithACopy) {
  flow(first_, 10, gpu_);
  flow(second_, 30, bus_);
  // Both at half the rate for 20 ms, then the copy alone with its other 20.
  const auto [first, second, other] = ends();
  EXPECT_NEAR(first, 20, kMilliseconds);
  EXPECT_NEAR(second, 40, kMilliseconds);
}

TEST_F(SharedResources, LaunchPassesBeforeAnythingFlows) {
  flow(first_, 10, gpu_, 1, milliseconds(15));
  flow(second_, 10, bus_);
  const auto [first, second, other] = ends();
  EXPECT_NEAR(second, 10, kMilliseconds);
  EXPECT_NEAR(first, 25, kMilliseconds);
}

TEST_F(SharedResources, LeastTimeHoldsWhateverFlows) {
  Operation operation;
  operation.least = milliseconds(25);
  operation.flows = {{5, 1e3, {&bus_link_}}};
  operation.engines = {&gpu_};
  timeline_.enqueue(first_, std::move(operation));
  const auto [first, second, other] = ends();
  EXPECT_NEAR(first, 25, kMilliseconds);
}

TEST_F(SharedResources, SmallKernelsOverlapAndLargeOnesWait) {
  part(first_, 0.4, milliseconds(20));
  part(second_, 0.6, milliseconds(20));
  part(other_, 0.1, milliseconds(20));
  const auto [first, second, other] = ends();
  EXPECT_NEAR(first, 20, kMilliseconds);
  EXPECT_NEAR(second, 20, kMilliseconds);
  // There is no room for it before one of them ends.
  EXPECT_NEAR(other, 40, kMilliseconds);
}

TEST_F(SharedResources, LineForAnEngineIsServedInOrder) {
  part(first_, 0.5, milliseconds(10));
  part(second_, 1, milliseconds(10));
  part(other_, 0.5,
       milliseconds(10));  // There would be room beside the first, but the second came before it.
  const auto [first, second, other] = ends();
  EXPECT_NEAR(second, 20, kMilliseconds);
  EXPECT_NEAR(other, 30, kMilliseconds);
}

}  // namespace
}  // namespace placewright::vgpu
