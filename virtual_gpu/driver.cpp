// SPDX-License-Identifier: Apache-2.0
#include "driver.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "cuda_abi.h"
#include "reductions.h"

namespace placewright::vgpu {
namespace {

std::mutex initialization_mutex;
std::atomic<Driver*> the_driver{nullptr};

thread_local std::vector<Device*> context_stack;

/// One thread watches the deadlines; the others run callbacks and host functions.
int thread_count(const MachineTable& table) { return 2 + std::min(table.gpu.count, 4); }

}  // namespace

Driver::Driver(MachineTable numbers)
    : table(std::move(numbers)),
      host_memory(table),
      statistics(table.bus.group),
      timeline(thread_count(table)) {
  // Links count wall-clock seconds.
  for (int i = 0; i < table.gpu.count; ++i) {
    devices_.push_back(std::make_unique<Device>(i));
    devices_.back()->memory.per_second = 1 / table.time_scale;
    Bus& bus = buses_[table.bus.group[static_cast<std::size_t>(i)]];
    bus.to_device_bytes.per_second = table.bus.bandwidth_to_device / table.time_scale;
    bus.to_host_bytes.per_second = table.bus.bandwidth_to_host / table.time_scale;
  }
}

Device* Driver::device(int ordinal) {
  if (ordinal < 0 || ordinal >= table.gpu.count) return nullptr;
  return devices_[static_cast<std::size_t>(ordinal)].get();
}

Device* Driver::context_device(const void* context) {
  for (const auto& device : devices_) {
    if (device.get() == context) return device.get();
  }
  return nullptr;
}

Duration Driver::wall(double modelled_seconds) const {
  // Ten years replace anything longer, which would overflow a Duration.
  constexpr double kLongest = 3e8;
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(std::min(modelled_seconds * table.time_scale, kLongest)));
}

Demand Driver::demand(double amount, double per_modelled_second, std::vector<Passage> links) const {
  return {amount, per_modelled_second / table.time_scale, std::move(links)};
}

Bus& Driver::bus_of(int device) {
  return buses_.at(table.bus.group[static_cast<std::size_t>(device)]);
}

Driver* driver() { return the_driver.load(std::memory_order_acquire); }

int initialize_driver() {
  std::lock_guard lock(initialization_mutex);
  if (driver() != nullptr) return kSuccess;
  MachineTableResult read = machine_table_from_environment();
  if (!read.error.empty()) {
    std::fprintf(stderr, "virtual GPU: %s\n", read.error.c_str());
    return kNoDevice;
  }
  if (!read.table) {
    std::fprintf(stderr, "virtual GPU: no devices, because %s names no machine table\n",
                 kMachineTableVariable);
    return kNoDevice;
  }
  if (read.table->gpu.count == 0) return kNoDevice;
  the_driver.store(new Driver(*read.table), std::memory_order_release);
  adopt_reduction_operators();
  write_statistics_at_exit();
  return kSuccess;
}

Device* current_device() { return context_stack.empty() ? nullptr : context_stack.back(); }

void push_context(Device* device) { context_stack.push_back(device); }

Device* pop_context() {
  Device* const device = current_device();
  if (device != nullptr) context_stack.pop_back();
  return device;
}

Stream* resolve_stream(void* handle) {
  const auto value = reinterpret_cast<std::uintptr_t>(handle);
  if (value > 2) return static_cast<Stream*>(handle);
  Device* const device = current_device();
  return device == nullptr ? nullptr : device->default_stream;
}

void stop_run(const char* what, const char* name) {
  std::fprintf(stderr,
               "virtual GPU: the program needs the %s `%s`, which virtual GPUs do not have\n", what,
               name);
  std::abort();
}

}  // namespace placewright::vgpu
