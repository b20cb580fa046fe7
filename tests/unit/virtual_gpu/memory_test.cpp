// SPDX-License-Identifier: Apache-2.0
// Devices, their capacities, and copies that move the right bytes.
#include <unistd.h>

#include <cstring>
#include <numeric>

#include "driver_fixture.h"

namespace placewright::vgpu {
namespace {

constexpr std::size_t kMiB = 1 << 20;

TEST_F(DriverTest, WithoutATableThereIsNoDevice) {
  unsetenv("PLACEWRIGHT_MACHINE_TABLE");
  testing::internal::CaptureStderr();
  EXPECT_EQ(load(), kNoDevice);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "virtual GPU: no devices, because PLACEWRIGHT_MACHINE_TABLE names no machine table\n");
}

TEST_F(DriverTest, ABadTableIsToldInOneLine) {
  use_model({{"gpu.fp32_flops", "many"}});
  testing::internal::CaptureStderr();
  EXPECT_EQ(load(), kNoDevice);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::MatchesRegex("virtual GPU: .*vgpu_.*: `gpu.fp32_flops` is `many`; "
                                    "expected a number above zero\n"));
}

TEST_F(DriverTest, DevicesAreThoseOfTheTable) {
  start();
  int count = 0, clock = 0, width = 0;
  std::size_t bytes = 0;
  EXPECT_EQ(call<decltype(device_get_count)>("cuDeviceGetCount")(&count), 0);
  EXPECT_EQ(count, 4);
  EXPECT_EQ(virtual_gpu_count(), 4);
  EXPECT_EQ(call<decltype(device_total_mem)>("cuDeviceTotalMem_v2")(&bytes, 3), 0);
  EXPECT_EQ(bytes, 1024 * kMiB);
  EXPECT_EQ(call<decltype(device_total_mem)>("cuDeviceTotalMem")(&bytes, 4), kInvalidDevice);
  const auto attribute = call<decltype(device_get_attribute)>("cuDeviceGetAttribute");
  attribute(&clock, kMemoryClockRate, 0);
  attribute(&width, kMemoryBusWidth, 0);
  // 2 transfers per clock: 100 GB/s of the table.
  EXPECT_NEAR(2.0 * clock * 1e3 * width / 8, 100e9, 1e9);
}

TEST_F(DriverTest, AllocationsEndAtTheCapacity) {
  start();
  const auto alloc = call<decltype(mem_alloc)>("cuMemAlloc");
  DevicePointer first = 0, second = 0;
  EXPECT_EQ(alloc(&first, 600 * kMiB), kSuccess);
  EXPECT_EQ(alloc(&second, 600 * kMiB), kOutOfMemory);
  std::size_t free = 0, total = 0;
  call<decltype(mem_get_info)>("cuMemGetInfo")(&free, &total);
  EXPECT_EQ(free, 424 * kMiB);
  EXPECT_EQ(call<decltype(mem_free)>("cuMemFree")(first), kSuccess);
  EXPECT_EQ(alloc(&second, 1024 * kMiB), kSuccess);
  enter(1);
  EXPECT_EQ(alloc(&first, 1024 * kMiB), kSuccess) << "another GPU has its own memory";
}

TEST_F(DriverTest, ZeroCopyMemoryHasTheTablesLimit) {
  start({{"zero_copy.bytes", "1048576"}});
  void* pointer = nullptr;
  const auto alloc = call<decltype(mem_host_alloc)>("cuMemHostAlloc");
  EXPECT_EQ(alloc(&pointer, kMiB + 1, 0), kOutOfMemory);
  EXPECT_EQ(alloc(&pointer, kMiB, 0), kSuccess);
}

TEST_F(DriverTest, OnlyKnownHostMemoryHasADevicePointer) {
  start();
  const auto device_pointer =
      call<decltype(mem_host_get_device_pointer)>("cuMemHostGetDevicePointer");
  const auto registering = call<decltype(mem_host_register)>("cuMemHostRegister");
  std::vector<char> mine(100);
  DevicePointer device = 0;
  EXPECT_EQ(device_pointer(&device, mine.data(), 0), kInvalidValue);
  EXPECT_EQ(registering(mine.data(), mine.size(), 0), kSuccess);
  EXPECT_EQ(registering(mine.data() + 50, 10, 0), kHostMemoryAlreadyRegistered);
  EXPECT_EQ(device_pointer(&device, mine.data() + 99, 0), kSuccess);
  EXPECT_EQ(device, reinterpret_cast<DevicePointer>(mine.data() + 99));
  EXPECT_EQ(call<decltype(mem_host_unregister)>("cuMemHostUnregister")(mine.data()), kSuccess);
  EXPECT_EQ(device_pointer(&device, mine.data(), 0), kInvalidValue);
}

TEST_F(DriverTest, Copy3dMovesABoxAndNothingElse) {
  start();
  // 5 bytes x 3 rows x 2 planes out of planes of 6 rows of 16 bytes, into rows of 8, planes of 4.
  std::vector<unsigned char> from(16 * 6 * 4);
  std::iota(from.begin(), from.end(), static_cast<unsigned char>(0));
  auto* to = allocate_array<unsigned char>(8 * 4 * 3);
  Copy3d box{};
  box.source = {.x_bytes = 2,
                .y = 1,
                .z = 1,
                .type = kHostMemory,
                .host = from.data(),
                .pitch = 16,
                .height = 6};
  box.destination = {.x_bytes = 3,
                     .y = 1,
                     .z = 1,
                     .type = kDeviceMemory,
                     .device = reinterpret_cast<DevicePointer>(to),
                     .pitch = 8,
                     .height = 4};
  box.width_bytes = 5;
  box.height = 3;
  box.depth = 2;
  void* const stream = make_stream();
  EXPECT_EQ(call<decltype(memcpy_3d_async)>("cuMemcpy3DAsync_v2")(&box, stream), 0);
  synchronize(stream);
  std::vector<unsigned char> expected(8 * 4 * 3);
  for (std::size_t z = 0; z < 2; ++z) {
    for (std::size_t y = 0; y < 3; ++y) {
      for (std::size_t x = 0; x < 5; ++x) {
        expected[3 + x + 8 * (1 + y) + 32 * (1 + z)] = from[2 + x + 16 * (1 + y) + 96 * (1 + z)];
      }
    }
  }
  EXPECT_EQ(std::vector<unsigned char>(to, to + expected.size()), expected);
}

TEST_F(DriverTest, MemsetFillsRowsOfElements) {
  start();
  auto* to = allocate_array<unsigned short>(4 * 3);
  void* const stream = make_stream();
  EXPECT_EQ(call<decltype(memset_2d_d16_async)>("cuMemsetD2D16Async")(
                reinterpret_cast<DevicePointer>(to), 8, 0xabcd, 2, 3, stream),
            0);
  synchronize(stream);
  const unsigned short v = 0xabcd;
  EXPECT_EQ(std::vector<unsigned short>(to, to + 12),
            (std::vector<unsigned short>{v, v, 0, 0, v, v, 0, 0, v, v, 0, 0}));
}

TEST_F(DriverTest, TimingRunsMoveOnlySmallAndWaitedForCopies) {
  start({{"move_bytes", "0"}});
  const std::size_t small = 64 * 1024, large = small + 1;
  const std::vector<char> from(large, 'x');
  auto* first = allocate_array<char>(large);
  auto* second = allocate_array<char>(large);
  auto* third = allocate_array<char>(large);
  void* const stream = make_stream();
  copy(first, from.data(), small, stream);
  copy(second, from.data(), large, stream);
  synchronize(stream);
  EXPECT_EQ(call<decltype(memcpy_h_to_d)>("cuMemcpyHtoD")(reinterpret_cast<DevicePointer>(third),
                                                          from.data(), large),
            0);
  EXPECT_EQ(first[small - 1], 'x');
  EXPECT_EQ(second[0], 0);
  EXPECT_EQ(third[large - 1], 'x');
}

TEST_F(DriverTest, CallsThatItDoesNotHaveStopTheRunByName) {
  start();
  const auto missing = call<int()>("cuSurfObjectCreate");
  EXPECT_DEATH(missing(), "the program needs the driver call `cuSurfObjectCreate`");
  void* address = nullptr;
  using GetAddress = int (*)(const char*, void**, int, std::uint64_t);
  const auto get = reinterpret_cast<GetAddress>(dlsym(RTLD_DEFAULT, "cuGetProcAddress"));
  EXPECT_EQ(get("cuNoSuchCall", &address, 12000, 0), kNotFound);
}

}  // namespace
}  // namespace placewright::vgpu
