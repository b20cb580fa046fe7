// SPDX-License-Identifier: Apache-2.0
// Hosts with several sockets as a program sees them. Each socket's memory has 10 of the 20 GB/s, and
// every bus has 10 GB/s, so what is slower takes the link between the sockets.
#include "driver_fixture.h"

namespace placewright::vgpu {
namespace {

const Changes kTwoSockets = {{"move_bytes", "0"},    {"sockets.count", "2"},
                             {"sockets.gpu.0", "0"}, {"sockets.gpu.1", "0"},
                             {"sockets.gpu.2", "1"}, {"sockets.gpu.3", "1"}};

Changes with_link(const std::string& bandwidth) {
  Changes changes = kTwoSockets;
  changes.emplace_back("sockets.link_bandwidth", bandwidth);
  return changes;
}

TEST_F(DriverTest, CopyFromTheOtherSocketTakesTheLink) {
  start(with_link("5e9"));
  void* const host = allocate_host(400 * kMB);
  auto* near = allocate_array<char>(400 * kMB);
  void* const stream = make_stream();
  void* const begin = record(stream);
  copy(near, host, 400 * kMB, stream);
  EXPECT_GE(milliseconds_between(begin, record(stream)), 40);
  EXPECT_LT(milliseconds_between(begin, record(stream)), 75);
  enter(2);
  auto* far = allocate_array<char>(400 * kMB);
  void* const far_stream = make_stream();
  void* const far_begin = record(far_stream);
  copy(host, far, 400 * kMB, far_stream);
  EXPECT_GE(milliseconds_between(far_begin, record(far_stream)), 80);
}

TEST_F(DriverTest, KernelOnZeroCopyMemoryOfTheOtherSocketTakesTheLink) {
  start(with_link("4e9"), 3);
  void* const stream = make_stream();
  GpuTime work;
  work.to_device_bytes = 200e6;
  work.to_device_s = 20e-3;
  void* const begin = record(stream);
  ASSERT_EQ(virtual_gpu_launch_work()(stream, &work, nullptr, nullptr), 0);
  EXPECT_GE(milliseconds_between(begin, record(stream)), 50);
}

TEST_F(DriverTest, HalfOfMemoryThatIsNotPageLockedIsOnTheOtherSocket) {
  start(with_link("2e9"));
  std::vector<char> host(200 * kMB);
  auto* device = allocate_array<char>(200 * kMB);
  void* const stream = make_stream();
  void* const begin = record(stream);
  copy(device, host.data(), 200 * kMB, stream);
  // 100 MB over the link, the other 100 meanwhile.
  EXPECT_GE(milliseconds_between(begin, record(stream)), 50);
}

TEST_F(DriverTest, CpuTaskOnTheSecondSocketReadsZeroCopyMemoryOverTheLink) {
  start(with_link("4e9"));
  const VirtualGpuClock clock = virtual_gpu_clock();
  CpuTime work;
  work.zero_copy.read = 200e6;
  work.memory_s = 10e-3;
  work.processor = 1;
  const double begin = clock();
  EXPECT_EQ(virtual_gpu_run_cpu_task()(&work), 0);
  EXPECT_GE(clock() - begin, 50e-3 - 1e-9);
  work.processor = -1;
  EXPECT_EQ(virtual_gpu_run_cpu_task()(&work), kInvalidValue);
}

}  // namespace
}  // namespace placewright::vgpu
