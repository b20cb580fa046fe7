// SPDX-License-Identifier: Apache-2.0
// The virtual GPU driver as a program sees it: loaded by dlopen, its calls fetched by name. One
// driver per process, so every test runs in a process of its own.
#pragma once

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <placewright/virtual_gpu.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "virtual_gpu/calls.h"

namespace placewright::vgpu {

inline constexpr std::size_t kMB = 1000 * 1000;

using Changes = std::vector<std::pair<std::string, std::string>>;

/// Writes the small model with some values changed (or keys added) and names it to the driver.
inline void use_model(const Changes& changes = {}) {
  std::ifstream input(PLACEWRIGHT_SMALL_TABLE);
  std::string text{std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()};
  for (const auto& [key, value] : changes) {
    const std::size_t start = text.find("\n" + key + " ");
    if (start != std::string::npos) text.erase(start, text.find('\n', start + 1) - start);
    text += key + " " + value + "\n";
  }
  const std::string path = testing::TempDir() + "vgpu_" + std::to_string(getpid()) + ".model";
  std::ofstream(path) << text;
  setenv("PLACEWRIGHT_MACHINE_TABLE", path.c_str(), 1);
}

inline void launch_kernel_of(void* stream, double seconds, void (*function)(void*) = nullptr,
                             void* argument = nullptr) {
  ASSERT_EQ(virtual_gpu_launch()(stream, seconds, function, argument), 0);
}

class DriverTest : public testing::Test {
 protected:
  /// Loads the driver; a CUDA status of cuInit.
  int load() {
    library_ = dlopen(PLACEWRIGHT_DRIVER, RTLD_NOW | RTLD_GLOBAL);
    if (library_ == nullptr) ADD_FAILURE() << dlerror();
    return call<decltype(init)>("cuInit")(0);
  }

  /// Loads it with this model and makes the context of one GPU current.
  void start(const Changes& changes = {}, int gpu = 0) {
    use_model(changes);
    ASSERT_EQ(load(), kSuccess);
    enter(gpu);
  }

  void enter(int gpu) {
    void* context = nullptr;
    ASSERT_EQ(call<decltype(primary_ctx_retain)>("cuDevicePrimaryCtxRetain")(&context, gpu), 0);
    ASSERT_EQ(call<decltype(ctx_push_current)>("cuCtxPushCurrent")(context), 0);
  }

  template <class Function>
  Function* call(const char* name) {
    using GetAddress = int (*)(const char*, void**, int, std::uint64_t);
    const auto get = reinterpret_cast<GetAddress>(dlsym(library_, "cuGetProcAddress"));
    void* address = nullptr;
    EXPECT_EQ(get(name, &address, 12000, 0), kSuccess) << name;
    return reinterpret_cast<Function*>(address);
  }

  DevicePointer allocate(std::size_t bytes) {
    DevicePointer pointer = 0;
    EXPECT_EQ(call<decltype(mem_alloc)>("cuMemAlloc")(&pointer, bytes), 0);
    return pointer;
  }

  template <class T>
  T* allocate_array(std::size_t count) {
    return reinterpret_cast<T*>(allocate(count * sizeof(T)));
  }

  void* allocate_host(std::size_t bytes) {
    void* pointer = nullptr;
    EXPECT_EQ(call<decltype(mem_host_alloc)>("cuMemHostAlloc")(&pointer, bytes, 0), 0);
    return pointer;
  }

  void* make_stream() {
    void* stream = nullptr;
    EXPECT_EQ(call<decltype(stream_create)>("cuStreamCreate")(&stream, 0), 0);
    return stream;
  }

  void synchronize(void* stream) {
    EXPECT_EQ(call<decltype(stream_synchronize)>("cuStreamSynchronize")(stream), 0);
  }

  void* record(void* stream) {
    void* event = nullptr;
    EXPECT_EQ(call<decltype(event_create)>("cuEventCreate")(&event, 0), 0);
    EXPECT_EQ(call<decltype(event_record)>("cuEventRecord")(event, stream), 0);
    return event;
  }

  /// Time on the driver's own axis: what should have passed, whoever woke up late.
  float milliseconds_between(void* start, void* end) {
    float milliseconds = -1;
    EXPECT_EQ(call<decltype(event_synchronize)>("cuEventSynchronize")(end), 0);
    EXPECT_EQ(call<decltype(event_elapsed_time)>("cuEventElapsedTime")(&milliseconds, start, end),
              0);
    return milliseconds;
  }

  void copy(const void* to, const void* from, std::size_t bytes, void* stream) {
    EXPECT_EQ(call<decltype(memcpy_async)>("cuMemcpyAsync")(reinterpret_cast<DevicePointer>(to),
                                                            reinterpret_cast<DevicePointer>(from),
                                                            bytes, stream),
              0);
  }

  /// Launches one of Realm's kernels, or any other by its name.
  int launch(const char* kernel, void* parameters, void* stream) {
    void* function = nullptr;
    call<decltype(module_get_function)>("cuModuleGetFunction")(&function, nullptr, kernel);
    void* arguments[] = {parameters};
    return call<decltype(launch_kernel)>("cuLaunchKernel")(function, 1, 1, 1, 1, 1, 1, 0, stream,
                                                           arguments, nullptr);
  }

  /// From before the first to after the last kernel; the streams take turns.
  float milliseconds_of_kernels(int count, double seconds, const std::vector<void*>& streams) {
    void* const begin = record(streams.front());
    void* stream = nullptr;
    for (int i = 0; i < count; ++i) {
      stream = streams[static_cast<std::size_t>(i) % streams.size()];
      launch_kernel_of(stream, seconds);
    }
    return milliseconds_between(begin, record(stream));
  }

 private:
  void* library_ = nullptr;
};

}  // namespace placewright::vgpu
