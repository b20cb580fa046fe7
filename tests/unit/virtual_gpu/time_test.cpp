// SPDX-License-Identifier: Apache-2.0
// Order and time: streams, events, engines, buses, and the numbers of the model. Only what is
// certain on a busy machine too; what is late there is in punctuality_test.cpp.
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "driver_fixture.h"

namespace placewright::vgpu {
namespace {

TEST_F(DriverTest, AKernelTakesAtLeastItsModelledTime) {
  start({{"time_scale", "2"}});
  void* const stream = make_stream();
  const auto begin = std::chrono::steady_clock::now();
  launch_kernel_of(stream, 20e-3);
  synchronize(stream);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(wall.count(), 40e-3);
}

TEST_F(DriverTest, NoWindowIsShorterThanItsKernelOnABusyMachine) {
  start();
  void* const stream = make_stream();
  std::atomic<bool> over{false};
  std::vector<std::thread> load;
  for (unsigned i = 0; i < 4 * std::thread::hardware_concurrency(); ++i)
    load.emplace_back([&] {
      while (!over) continue;
    });
  const VirtualGpuClock clock = virtual_gpu_clock();
  for (int i = 0; i < 100; ++i) {
    const double begin = clock();
    launch_kernel_of(stream, 1e-3);
    synchronize(stream);
    EXPECT_GE(clock() - begin, 1e-3 - 1e-9);  // Seconds since start-up have about that precision.
  }
  over = true;
  for (std::thread& each : load) each.join();
}

TEST_F(DriverTest, LaunchRefusesTimesThatMakeNoSense) {
  start();
  void* const stream = make_stream();
  EXPECT_EQ(virtual_gpu_launch()(stream, -1, nullptr, nullptr), kInvalidValue);
  EXPECT_EQ(virtual_gpu_launch()(stream, 1.0 / 0.0, nullptr, nullptr), kInvalidValue);
}

TEST_F(DriverTest, StreamsKeepTheirOrder) {
  start();
  void* const stream = make_stream();
  static std::vector<int> order;
  const auto step = [](void* argument) {
    order.push_back(static_cast<int>(reinterpret_cast<std::intptr_t>(argument)));
  };
  const auto number = [](std::intptr_t i) { return reinterpret_cast<void*>(i); };
  const auto callback = call<decltype(stream_add_callback)>("cuStreamAddCallback");
  const auto host_function = call<decltype(launch_host_func)>("cuLaunchHostFunc");
  launch_kernel_of(stream, 5e-3, step, number(0));
  callback(
      stream, [](void*, int, void*) { order.push_back(1); }, nullptr, 0);
  launch_kernel_of(stream, 0, step, number(2));
  host_function(stream, step, number(3));
  launch_kernel_of(stream, 1e-3, step, number(4));
  synchronize(stream);
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST_F(DriverTest, AnEventHappensAfterWhatWasBeforeIt) {
  start();
  void* const stream = make_stream();
  const auto query = call<decltype(event_query)>("cuEventQuery");
  static std::atomic<bool> may_end{false};
  launch_kernel_of(stream, 0, [](void*) { may_end.wait(false); });
  void* const event = record(stream);
  EXPECT_EQ(query(event), kNotReady);
  may_end = true;
  may_end.notify_one();
  synchronize(stream);
  EXPECT_EQ(query(event), kSuccess);
}

TEST_F(DriverTest, AStreamWaitsForAnEventOfAnother) {
  start();
  void* const first = make_stream();
  void* const second = make_stream();
  static std::atomic<bool> done{false}, was_done{false};
  launch_kernel_of(first, 50e-3, [](void*) {
    std::this_thread::sleep_for(std::chrono::milliseconds(80));
    done = true;
  });
  void* const event = record(first);
  EXPECT_EQ(call<decltype(stream_wait_event)>("cuStreamWaitEvent")(second, event, 0), 0);
  launch_kernel_of(second, 0, [](void*) { was_done = done.load(); });
  synchronize(second);
  EXPECT_TRUE(was_done);
}

TEST_F(DriverTest, ContextSynchronizeWaitsForAllStreams) {
  start();
  static std::atomic<int> finished{0};
  for (int i = 0; i < 3; ++i) {
    launch_kernel_of(make_stream(), 20e-3, [](void*) { ++finished; });
  }
  EXPECT_EQ(call<decltype(ctx_synchronize)>("cuCtxSynchronize")(), 0);
  EXPECT_EQ(finished, 3);
}

TEST_F(DriverTest, ADestroyedStreamFinishesItsWork) {
  start();
  static std::atomic<bool> finished{false};
  void* const stream = make_stream();
  launch_kernel_of(stream, 20e-3, [](void*) { finished = true; });
  void* const event = record(stream);
  EXPECT_EQ(call<decltype(stream_destroy)>("cuStreamDestroy")(stream), 0);
  EXPECT_EQ(call<decltype(event_synchronize)>("cuEventSynchronize")(event), 0);
  EXPECT_TRUE(finished);
}

TEST_F(DriverTest, KernelsOfOneGpuTakeTurns) {
  start();
  void* const first = make_stream();
  void* const second = make_stream();
  EXPECT_GE(milliseconds_of_kernels(2, 60e-3, {first, second}), 120);
}

TEST_F(DriverTest, AChainTakesAtLeastTheSumOfItsKernels) {
  start();
  void* const stream = make_stream();
  EXPECT_GE(milliseconds_of_kernels(100, 1e-3, {stream}), 99.9999);
}

/// 100 MB at 10 GB/s and 10 us of latency: 10.01 ms.
TEST_F(DriverTest, CopiesTakeAtLeastLatencyPlusBytesOverBandwidth) {
  start({{"move_bytes", "0"}});
  auto* device = allocate_array<char>(100 * kMB);
  void* const host = allocate_host(100 * kMB);
  void* const stream = make_stream();
  void* const begin = record(stream);
  copy(device, host, 100 * kMB, stream);
  void* const to_device = record(stream);
  EXPECT_GE(milliseconds_between(begin, to_device), 10.0099);
  copy(host, device, 100 * kMB, stream);
  void* const to_host = record(stream);
  EXPECT_GE(milliseconds_between(to_device, to_host), 10.0099);
  // Within the device: 5 us and 200 MB of traffic at 100 GB/s.
  copy(device, device + 50 * kMB, 50 * kMB, stream);
  EXPECT_GE(milliseconds_between(to_host, record(stream)), 1.0049);
}

TEST_F(DriverTest, CopiesOfOneDirectionTakeTurns) {
  start({{"move_bytes", "0"}});
  auto* device = allocate_array<char>(800 * kMB);
  void* const host = allocate_host(800 * kMB);
  void* const first = make_stream();
  void* const second = make_stream();
  void* const begin = record(first);
  copy(device, host, 800 * kMB, first);  // 80 ms
  copy(device, host, 800 * kMB, second);
  EXPECT_GE(milliseconds_between(begin, record(second)), 160);
}

TEST_F(DriverTest, GpusOnOneBusShareIt) {
  start({{"move_bytes", "0"}, {"bus.group.0", "1"}, {"bus.group.1", "1"}});
  void* const host = allocate_host(800 * kMB);
  auto* device0 = allocate_array<char>(800 * kMB);
  void* const stream0 = make_stream();
  enter(1);
  auto* device1 = allocate_array<char>(800 * kMB);
  void* const stream1 = make_stream();
  void* const begin = record(stream0);
  copy(device0, host, 800 * kMB, stream0);  // 80 ms
  copy(device1, host, 800 * kMB, stream1);
  EXPECT_GE(milliseconds_between(begin, record(stream1)), 160);
}

void launch_work(void* stream, const GpuTime& work) {
  ASSERT_EQ(virtual_gpu_launch_work()(stream, &work, nullptr, nullptr), 0);
}

TEST_F(DriverTest, KernelOnZeroCopyMemoryTakesTheBusTogetherWithACopy) {
  start({{"move_bytes", "0"}});
  void* const host = allocate_host(800 * kMB);
  auto* device = allocate_array<char>(800 * kMB);
  void* const kernels = make_stream();
  void* const copies = make_stream();
  void* const begin = record(kernels);
  GpuTime work;
  work.to_device_bytes = 800e6;
  work.to_device_s = 80e-3;
  launch_work(kernels, work);
  copy(device, host, 800 * kMB, copies);  // 80 ms alone
  // Whichever ends first has had half of the bus; together they are 160 ms of it.
  EXPECT_GE(milliseconds_between(begin, record(copies)), 150);
  EXPECT_GE(milliseconds_between(begin, record(kernels)), 150);
}

TEST_F(DriverTest, GpusThatReadTheHostsMemoryShareIt) {
  // Four buses of 10 GB/s, and a memory of 20 GB/s.
  start({{"move_bytes", "0"}});
  std::vector<void*> streams;
  for (int gpu = 0; gpu < 4; ++gpu) {
    enter(gpu);
    streams.push_back(make_stream());
  }
  void* const begin = record(streams[0]);
  GpuTime work;
  work.to_device_bytes = 400e6;
  work.to_device_s = 40e-3;
  for (void* stream : streams) launch_work(stream, work);
  // 1600 MB at 20 GB/s.
  for (void* stream : streams) EXPECT_GE(milliseconds_between(begin, record(stream)), 75);
}

TEST_F(DriverTest, CpuTasksShareTheHostsMemory) {
  start();
  const VirtualGpuClock clock = virtual_gpu_clock();
  CpuTime work;
  work.system.read = 400e6;
  work.memory_s = 20e-3;  // All of the 20 GB/s.
  const double begin = clock();
  std::thread other([&] { EXPECT_EQ(virtual_gpu_run_cpu_task()(&work), 0); });
  EXPECT_EQ(virtual_gpu_run_cpu_task()(&work), 0);
  other.join();
  EXPECT_GE(clock() - begin, 40e-3 - 1e-9);
}

TEST_F(DriverTest, ACpuTaskTakesItsLaunchThenTheLongestOfItsTimes) {
  start();
  const VirtualGpuClock clock = virtual_gpu_clock();
  CpuTime work;
  work.launch_s = 5e-3;
  work.compute_s = 10e-3;
  work.system.written = 100e6;
  work.memory_s = 20e-3;
  const double begin = clock();
  EXPECT_EQ(virtual_gpu_run_cpu_task()(&work), 0);
  EXPECT_GE(clock() - begin, 25e-3 - 1e-9);
  work.compute_s = -1;
  EXPECT_EQ(virtual_gpu_run_cpu_task()(&work), kInvalidValue);
  work.compute_s = 0;
  work.system.written = 0;
  EXPECT_EQ(virtual_gpu_run_cpu_task()(&work), kInvalidValue);
}

TEST_F(DriverTest, WindowsLastFromOddReadingsOfTheClockToEvenOnes) {
  start();
  void* const stream = make_stream();
  const VirtualGpuClock clock = virtual_gpu_clock();
  const auto measure = [&] {
    const double begin = clock();
    EXPECT_EQ(virtual_gpu_measured().readings % 2, 1U);
    launch_kernel_of(stream, 5e-3);
    synchronize(stream);
    return clock() - begin;
  };
  EXPECT_EQ(virtual_gpu_measured().readings, 0U);
  const double first = measure();
  launch_kernel_of(stream, 5e-3);
  synchronize(stream);
  const double sum = first + measure();
  EXPECT_EQ(virtual_gpu_measured().readings, 4U);
  EXPECT_NEAR(virtual_gpu_measured().windows_s, sum, 1e-6);
}

TEST_F(DriverTest, KernelsThatFitBesideEachOtherOverlap) {
  start();
  void* const first = make_stream();
  void* const second = make_stream();
  GpuTime half;
  half.compute_s = 100e-3;
  half.share = 0.5;
  void* const begin = record(first);
  launch_work(first, half);
  launch_work(second, half);
  void* const end = record(first);
  void* const end_of_second = record(second);
  EXPECT_GE(milliseconds_between(begin, end), 100);
  // Far below 200 on a busy machine too: the second starts when it is queued.
  EXPECT_LT(milliseconds_between(begin, end_of_second), 190);
  GpuTime most = half;
  most.share = 0.6;
  void* const again = record(first);
  launch_work(first, most);
  launch_work(second, most);
  EXPECT_GE(milliseconds_between(again, record(second)), 200);
}

TEST_F(DriverTest, WorkThatMakesNoSenseIsRefused) {
  start();
  void* const stream = make_stream();
  const auto refused = [&](const GpuTime& work) {
    return virtual_gpu_launch_work()(stream, &work, nullptr, nullptr) == kInvalidValue;
  };
  EXPECT_FALSE(refused({}));
  GpuTime wrong;
  wrong.share = 0;
  EXPECT_TRUE(refused(wrong));
  wrong.share = 1.5;
  EXPECT_TRUE(refused(wrong));
  wrong = {};
  wrong.frame_buffer_s = -1;
  EXPECT_TRUE(refused(wrong));
  wrong = {};
  wrong.to_host_s = 1;  // Without bytes.
  EXPECT_TRUE(refused(wrong));
}

TEST_F(DriverTest, PeersCopyNoFasterThanTheirOwnSpeed) {
  start({{"move_bytes", "0"}});
  auto* device0 = allocate_array<char>(800 * kMB);
  enter(1);
  auto* device1 = allocate_array<char>(800 * kMB);
  void* const stream = make_stream();
  void* const begin = record(stream);
  copy(device0, device1, 800 * kMB, stream);  // 40.01 ms at 20 GB/s
  EXPECT_GE(milliseconds_between(begin, record(stream)), 40.0099);
}

TEST_F(DriverTest, StatisticsAreWrittenWhenTheProcessEnds) {
  const std::string pattern = testing::TempDir() + "vgpu_stats_%.json";
  setenv("PLACEWRIGHT_VGPU_STATS", pattern.c_str(), 1);
  use_model({{"bus.group.0", "5"}, {"bus.group.1", "5"}});
  const auto work = [&] {
    if (load() != kSuccess) _exit(9);
    enter(0);
    void* const stream = make_stream();
    auto* device = allocate_array<char>(1 * kMB);
    void* const host = allocate_host(2 * kMB);
    copy(device, host, 1 * kMB, stream);
    launch_kernel_of(stream, 3e-3);
    copy(device, device + kMB / 2, kMB / 2, stream);
    synchronize(stream);
    enter(1);
    auto* peer = allocate_array<char>(1 * kMB);
    void* const second = make_stream();
    copy(peer, host, 1 * kMB, second);
    copy(host, peer, kMB / 2, second);
    copy(peer, device, 1 * kMB, second);
    synchronize(second);
    std::ofstream(testing::TempDir() + "vgpu_stats_pid") << getpid();
    std::exit(0);
  };
  EXPECT_EXIT(work(), testing::ExitedWithCode(0), "");
  std::string pid;
  std::ifstream(testing::TempDir() + "vgpu_stats_pid") >> pid;
  std::ifstream file(testing::TempDir() + "vgpu_stats_" + pid + ".json");
  const auto statistics = nlohmann::json::parse(file);
  EXPECT_EQ(statistics["label"], "virtual GPU");
  const auto& gpu = statistics["gpus"][0];
  EXPECT_EQ(gpu["kernels"]["count"], 1);
  EXPECT_DOUBLE_EQ(gpu["kernels"]["modelled_s"], 3e-3);
  EXPECT_EQ(gpu["host_to_device"]["bytes"], 1 * kMB);
  EXPECT_DOUBLE_EQ(gpu["host_to_device"]["modelled_s"], 110e-6);
  EXPECT_EQ(gpu["peak_frame_buffer_bytes"], 1 * kMB);
  // The kernel, and 5 us + 2 x 0.5 MB at 100 GB/s.
  EXPECT_DOUBLE_EQ(gpu["busy_s"]["compute"], 3.015e-3);
  EXPECT_DOUBLE_EQ(gpu["busy_s"]["peer_out"], 60e-6);  // 10 us + 1 MB at 20 GB/s
  EXPECT_DOUBLE_EQ(gpu["busy_s"]["peer_in"], 0);
  EXPECT_DOUBLE_EQ(statistics["gpus"][1]["busy_s"]["peer_in"], 60e-6);
  // GPUs 0 and 1 share a bus: 10 us + 1 MB at 10 GB/s for each, back 10 us + 0.5 MB at 10 GB/s.
  ASSERT_EQ(statistics["buses"].size(), 3u);
  for (const auto& bus : statistics["buses"]) {
    const bool shared = bus["gpus"].size() == 2;
    EXPECT_EQ(bus["to_device"]["bytes"], shared ? 2 * kMB : 0);
    EXPECT_DOUBLE_EQ(bus["to_device"]["modelled_s"], shared ? 220e-6 : 0);
    EXPECT_DOUBLE_EQ(bus["to_host"]["modelled_s"], shared ? 60e-6 : 0);
  }
  EXPECT_EQ(statistics["peers"][0]["traffic"]["bytes"], 1 * kMB);
  EXPECT_EQ(statistics["peak_zero_copy_bytes"], 2 * kMB);
  EXPECT_TRUE(statistics["network"].is_null());
  EXPECT_GE(statistics["lateness"]["count"], 1);
}

}  // namespace
}  // namespace placewright::vgpu
