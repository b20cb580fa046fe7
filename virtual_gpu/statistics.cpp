// SPDX-License-Identifier: Apache-2.0
#include "statistics.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "driver.h"

namespace placewright::vgpu {
namespace {

std::ostream& operator<<(std::ostream& out, const Traffic& traffic) {
  return out << "{\"count\": " << traffic.operations << ", \"bytes\": " << traffic.bytes
             << ", \"modelled_s\": " << traffic.modelled_s << "}";
}

/// The statistics of the modelled network as JSON; `null` if there is none.
std::string network_statistics() {
  const auto get =
      reinterpret_cast<const char* (*)()>(dlsym(RTLD_DEFAULT, "placewright_network_statistics"));
  return get == nullptr ? "null" : get();
}

void write_statistics() {
  Driver* const running = driver();
  const char* pattern = std::getenv("PLACEWRIGHT_VGPU_STATS");
  if (running == nullptr || pattern == nullptr || *pattern == '\0') return;
  std::string path;
  for (const char* c = pattern; *c != '\0'; ++c) {
    path += *c == '%' ? std::to_string(getpid()) : std::string(1, *c);
  }
  std::ofstream file(path);
  file << running->statistics.to_json({running->table.time_scale, running->table.move_bytes,
                                       running->timeline.lateness(), network_statistics()});
  file.close();
  if (!file)
    std::fprintf(stderr, "virtual GPU: cannot write the statistics to `%s`\n", path.c_str());
}

}  // namespace

void Statistics::add_kernel(int gpu, double modelled_s) {
  std::lock_guard lock(mutex_);
  gpus_[static_cast<std::size_t>(gpu)].kernels.add(0, modelled_s);
}

void Statistics::add_copy(int source, int destination, std::uint64_t bytes, double modelled_s) {
  std::lock_guard lock(mutex_);
  const auto gpu = [&](int number) -> Gpu& { return gpus_[static_cast<std::size_t>(number)]; };
  if (source < 0 && destination < 0) {
    host_.add(bytes, modelled_s);
  } else if (source < 0) {
    gpu(destination).from_host.add(bytes, modelled_s);
  } else if (destination < 0) {
    gpu(source).to_host.add(bytes, modelled_s);
  } else if (source == destination) {
    gpu(source).local.add(bytes, modelled_s);
  } else {
    peers_[{source, destination}].add(bytes, modelled_s);
  }
}

void Statistics::note_frame_buffer(int gpu, std::uint64_t allocated_bytes) {
  std::lock_guard lock(mutex_);
  std::uint64_t& peak = gpus_[static_cast<std::size_t>(gpu)].peak_frame_buffer_bytes;
  peak = std::max(peak, allocated_bytes);
}

void Statistics::add_zero_copy(std::int64_t bytes) {
  std::lock_guard lock(mutex_);
  zero_copy_bytes_ += bytes;
  peak_zero_copy_bytes_ = std::max(peak_zero_copy_bytes_, zero_copy_bytes_);
}

/// One GPU: what passed through its engines, and how long each was occupied.
void Statistics::write_gpu(std::ostream& out, int number) const {
  const Gpu& gpu = gpus_[static_cast<std::size_t>(number)];
  Traffic peer_out, peer_in;
  for (const auto& [pair, traffic] : peers_) {
    if (pair.first == number) peer_out.add(traffic);
    if (pair.second == number) peer_in.add(traffic);
  }
  out << "    {\"gpu\": " << number << ", \"kernels\": {\"count\": " << gpu.kernels.operations
      << ", \"modelled_s\": " << gpu.kernels.modelled_s
      << "}, \"host_to_device\": " << gpu.from_host << ", \"device_to_host\": " << gpu.to_host
      << ", \"local\": " << gpu.local
      << ", \"busy_s\": {\"compute\": " << gpu.kernels.modelled_s + gpu.local.modelled_s
      << ", \"from_host\": " << gpu.from_host.modelled_s
      << ", \"to_host\": " << gpu.to_host.modelled_s << ", \"peer_out\": " << peer_out.modelled_s
      << ", \"peer_in\": " << peer_in.modelled_s
      << "}, \"peak_frame_buffer_bytes\": " << gpu.peak_frame_buffer_bytes << "}";
}

void Statistics::write_buses(std::ostream& out) const {
  std::map<int, std::vector<std::size_t>> buses;
  for (std::size_t gpu = 0; gpu < bus_groups_.size(); ++gpu) buses[bus_groups_[gpu]].push_back(gpu);
  const char* separator = "\n";
  for (const auto& [group, members] : buses) {
    Traffic to_device, to_host;
    out << separator << "    {\"gpus\": [";
    for (const std::size_t gpu : members) {
      out << (gpu == members.front() ? "" : ", ") << gpu;
      to_device.add(gpus_[gpu].from_host);
      to_host.add(gpus_[gpu].to_host);
    }
    out << "], \"to_device\": " << to_device << ", \"to_host\": " << to_host << "}";
    separator = ",\n";
  }
}

std::string Statistics::to_json(const RunFacts& facts) const {
  std::lock_guard lock(mutex_);
  std::ostringstream out;
  out.precision(9);
  out << "{\n  \"label\": \"virtual GPU\",\n  \"time_scale\": " << facts.time_scale
      << ",\n  \"move_bytes\": " << (facts.move_bytes ? "true" : "false") << ",\n  \"gpus\": [";
  for (std::size_t i = 0; i < gpus_.size(); ++i) {
    out << (i == 0 ? "\n" : ",\n");
    write_gpu(out, static_cast<int>(i));
  }
  out << "\n  ],\n  \"buses\": [";
  write_buses(out);
  out << "\n  ],\n  \"peers\": [";
  const char* separator = "\n";
  for (const auto& [pair, traffic] : peers_) {
    out << separator << "    {\"from\": " << pair.first << ", \"to\": " << pair.second
        << ", \"traffic\": " << traffic << "}";
    separator = ",\n";
  }
  const Lateness& lateness = facts.lateness;
  out << "\n  ],\n  \"host\": " << host_ << ",\n  \"network\": " << facts.network
      << ",\n  \"peak_zero_copy_bytes\": " << peak_zero_copy_bytes_
      << ",\n  \"lateness\": {\"count\": " << lateness.count << ", \"mean_s\": "
      << (lateness.count == 0 ? 0 : lateness.sum_s / static_cast<double>(lateness.count))
      << ", \"worst_s\": " << lateness.worst_s << "}\n}\n";
  return out.str();
}

void write_statistics_at_exit() { std::atexit(write_statistics); }

}  // namespace placewright::vgpu
