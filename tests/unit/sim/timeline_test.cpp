// SPDX-License-Identifier: Apache-2.0
#include "sim/timeline.h"

#include <gmock/gmock.h>

namespace placewright::sim {
namespace {

Work lasting(double seconds, std::vector<EngineUse> engines = {}) {
  Work work;
  work.duration_s = seconds;
  work.engines = std::move(engines);
  return work;
}

TEST(SimTimeline, ActivitiesComeAfterThoseTheyWaitFor) {
  Timeline timeline;
  const ActivityId a = timeline.add(lasting(2), {});
  const ActivityId b = timeline.add(lasting(3), {});
  const ActivityId c = timeline.add(lasting(1), {a, b, a, kNoActivity});
  timeline.run();
  EXPECT_EQ(timeline.end(a), 2);
  EXPECT_EQ(timeline.start(c), 3);
  EXPECT_EQ(timeline.end(c), 4);
}

TEST(SimTimeline, AnEngineTakesOneAfterTheOtherInOrderOfArrival) {
  Timeline timeline;
  const EngineId engine = timeline.add_engine();
  const ActivityId late = timeline.add(lasting(5), {});
  const ActivityId third = timeline.add(lasting(1, {{engine}}), {late});
  const ActivityId first = timeline.add(lasting(2, {{engine}}), {});
  const ActivityId second = timeline.add(lasting(4, {{engine}}), {});
  timeline.run();
  EXPECT_EQ(timeline.start(first), 0);
  EXPECT_EQ(timeline.start(second), 2);
  EXPECT_EQ(timeline.start(third), 6);
}

TEST(SimTimeline, SharesThatFitRunBesideEachOther) {
  Timeline timeline;
  const EngineId engine = timeline.add_engine();
  const ActivityId half = timeline.add(lasting(2, {{engine, 0.5}}), {});
  const ActivityId other_half = timeline.add(lasting(4, {{engine, 0.5}}), {});
  const ActivityId whole = timeline.add(lasting(1, {{engine, 1}}), {});
  // It would fit beside the second, but it is in line after the third.
  const ActivityId small = timeline.add(lasting(1, {{engine, 0.1}}), {});
  timeline.run();
  EXPECT_EQ(timeline.end(half), 2);
  EXPECT_EQ(timeline.end(other_half), 4);
  EXPECT_EQ(timeline.start(whole), 4);
  EXPECT_EQ(timeline.start(small), 5);
}

TEST(SimTimeline, AnActivityHoldsAllItsEngines) {
  Timeline timeline;
  const EngineId out = timeline.add_engine();
  const EngineId in = timeline.add_engine();
  (void)timeline.add(lasting(3, {{in}}), {});
  const ActivityId both = timeline.add(lasting(1, {{out}, {in}}), {});
  const ActivityId after = timeline.add(lasting(1, {{out}}), {});
  timeline.run();
  EXPECT_EQ(timeline.start(both), 3);
  EXPECT_EQ(timeline.start(after), 4);
}

TEST(SimTimeline, ALargerPriorityIsServedFirst) {
  Timeline timeline;
  const EngineId engine = timeline.add_engine();
  const ActivityId running = timeline.add(lasting(1, {{engine}}), {});
  const ActivityId waiting = timeline.add(lasting(1, {{engine}}), {});
  Work urgent = lasting(1, {{engine}});
  urgent.priority = 2;
  const ActivityId first = timeline.add(urgent, {});
  urgent.priority = 1;
  const ActivityId second = timeline.add(urgent, {});
  timeline.run();
  EXPECT_EQ(timeline.end(running), 1);
  EXPECT_EQ(timeline.end(first), 2);
  EXPECT_EQ(timeline.end(second), 3);
  EXPECT_EQ(timeline.end(waiting), 4);
}

TEST(SimTimeline, AStreamGetsInLineOneByOne) {
  Timeline timeline;
  const EngineId engine = timeline.add_engine();
  const StreamId stream = timeline.add_stream();
  Work in_stream = lasting(2, {{engine}});
  in_stream.stream = stream;
  const ActivityId first = timeline.add(in_stream, {});
  const ActivityId second = timeline.add(in_stream, {});
  const ActivityId other = timeline.add(lasting(1, {{engine}}), {});
  timeline.run();
  EXPECT_EQ(timeline.end(first), 2);
  EXPECT_EQ(timeline.start(other), 2);
  EXPECT_EQ(timeline.start(second), 3);
}

TEST(SimTimeline, WhatFlowsSharesItsLinks) {
  Timeline timeline;
  Link link{10};
  Work one = lasting(1);
  one.flows.push_back({20, 100, {&link}});
  Work other = one;
  other.least_s = 7;
  const ActivityId a = timeline.add(one, {});
  const ActivityId b = timeline.add(other, {});
  timeline.run();
  // 1 s, then 40 units at 10 a second; the second one has a least time beyond that.
  EXPECT_DOUBLE_EQ(timeline.end(a), 5);
  EXPECT_DOUBLE_EQ(timeline.end(b), 8);
}

TEST(SimTimeline, OneOfSeveralEnginesIsTheFirstThatIsFree) {
  Timeline timeline;
  const EngineId one = timeline.add_engine();
  const EngineId two = timeline.add_engine();
  Work anywhere = lasting(2);
  anywhere.any_of = {one, two};
  Work only_one = lasting(3);
  only_one.any_of = {one};
  const ActivityId first = timeline.add(only_one, {});
  const ActivityId a = timeline.add(anywhere, {});
  const ActivityId b = timeline.add(anywhere, {});
  const ActivityId c = timeline.add(anywhere, {});
  timeline.run();
  EXPECT_EQ(timeline.end(first), 3);
  EXPECT_EQ(timeline.start(a), 0);
  EXPECT_EQ(timeline.start(b), 2);
  EXPECT_EQ(timeline.start(c), 3);
}

TEST(SimTimeline, ALongLineOfNothingIsNoProblem) {
  Timeline timeline;
  const EngineId engine = timeline.add_engine();
  ActivityId last = kNoActivity;
  for (int i = 0; i < 100'000; ++i) last = timeline.add(lasting(0, {{engine}}), {last});
  for (int i = 0; i < 100'000; ++i) (void)timeline.add(lasting(0, {{engine}}), {});
  timeline.run();
  EXPECT_EQ(timeline.end(last), 0);
}

}  // namespace
}  // namespace placewright::sim
