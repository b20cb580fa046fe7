// SPDX-License-Identifier: Apache-2.0
// What is over in time: upper bounds of wall time, which a busy machine may exceed. The lower
// bounds are in time_test.cpp.
#include <chrono>

#include "driver_fixture.h"

namespace placewright::vgpu {
namespace {

/// Enqueueing takes time too.
constexpr float kSlackMs = 100;

TEST_F(DriverTest, AKernelEndsSoonAfterItsModelledTime) {
  start({{"time_scale", "2"}});
  void* const stream = make_stream();
  const auto begin = std::chrono::steady_clock::now();
  launch_kernel_of(stream, 20e-3);
  synchronize(stream);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(wall.count(), 1.0);
}

TEST_F(DriverTest, KernelsOfOneGpuTakeTurnsWithoutGaps) {
  start();
  void* const first = make_stream();
  void* const second = make_stream();
  EXPECT_LT(milliseconds_of_kernels(2, 60e-3, {first, second}), 120 + kSlackMs);
}

TEST_F(DriverTest, KernelsOfTwoGpusOverlap) {
  start();
  void* const first = make_stream();
  enter(1);
  void* const second = make_stream();
  EXPECT_LT(milliseconds_of_kernels(2, 200e-3, {first, second}), 200 + kSlackMs);
}

TEST_F(DriverTest, AChainDoesNotDrift) {
  start();
  void* const stream = make_stream();
  // 100 sleeps, each late by a little: the ends are where they should be all the same, with
  // 5 ms to spare.
  EXPECT_LT(milliseconds_of_kernels(100, 1e-3, {stream}), 105);
}

/// 100 MB at 10 GB/s and 10 us of latency: 10.01 ms, and 5 ms to spare.
TEST_F(DriverTest, ACopyTakesNotMuchMoreThanLatencyPlusBytesOverBandwidth) {
  start({{"move_bytes", "0"}});
  auto* device = allocate_array<char>(100 * kMB);
  void* const host = allocate_host(100 * kMB);
  void* const stream = make_stream();
  void* const begin = record(stream);
  copy(device, host, 100 * kMB, stream);
  EXPECT_LT(milliseconds_between(begin, record(stream)), 15.01);
}

TEST_F(DriverTest, CopiesOfOppositeDirectionsOverlap) {
  start({{"move_bytes", "0"}});
  auto* device = allocate_array<char>(800 * kMB);
  void* const host = allocate_host(800 * kMB);
  void* const first = make_stream();
  void* const second = make_stream();
  void* const begin = record(first);
  copy(device, host, 800 * kMB, first);  // 80 ms
  copy(host, device, 800 * kMB, second);
  EXPECT_LT(milliseconds_between(begin, record(second)), 150);
}

TEST_F(DriverTest, GpusOnTwoBusesDoNotWaitForEachOther) {
  start({{"move_bytes", "0"}, {"bus.group.0", "1"}, {"bus.group.1", "1"}, {"bus.group.2", "2"}});
  void* const host = allocate_host(800 * kMB);
  auto* device0 = allocate_array<char>(800 * kMB);
  void* const stream0 = make_stream();
  enter(1);
  auto* device1 = allocate_array<char>(800 * kMB);
  void* const stream1 = make_stream();
  enter(2);
  auto* device2 = allocate_array<char>(800 * kMB);
  void* const stream2 = make_stream();
  void* const begin = record(stream0);
  copy(device0, host, 800 * kMB, stream0);  // 80 ms
  copy(device1, host, 800 * kMB, stream1);
  copy(device2, host, 800 * kMB, stream2);
  EXPECT_LT(milliseconds_between(begin, record(stream2)), 150);
}

TEST_F(DriverTest, PeersCopyAtTheirOwnSpeed) {
  start({{"move_bytes", "0"}});
  auto* device0 = allocate_array<char>(800 * kMB);
  enter(1);
  auto* device1 = allocate_array<char>(800 * kMB);
  void* const stream = make_stream();
  void* const begin = record(stream);
  copy(device0, device1, 800 * kMB, stream);  // 40.01 ms at 20 GB/s
  EXPECT_LT(milliseconds_between(begin, record(stream)), 40 + kSlackMs);
}

}  // namespace
}  // namespace placewright::vgpu
