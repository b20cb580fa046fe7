// SPDX-License-Identifier: Apache-2.0
#include "links.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>

namespace placewright::network {
namespace {

constexpr double kNanoseconds = 1e9;

/// Reserves a link for `duration`, not before `earliest`; returns the start.
Time take(std::atomic<Time>& free_at, Time earliest, Time duration) {
  Time free = free_at.load(std::memory_order_relaxed);
  for (;;) {
    const Time start = std::max(free, earliest);
    if (free_at.compare_exchange_weak(free, start + duration)) return start;
  }
}

/// Reserves a link for a message, which may be one packet; returns the start.
Time take(SharedLinks::Link& link, bool is_packet, Time earliest, Time duration) {
  const Time start = take(link.free_at, earliest, duration);
  return is_packet ? take(link.free_for_packets_at, earliest, duration) : start;
}

}  // namespace

Time now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

SharedLinks* map_links(const std::string& path, std::string& error) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  void* memory = MAP_FAILED;
  if (file >= 0 && ftruncate(file, sizeof(SharedLinks)) == 0) {
    memory = mmap(nullptr, sizeof(SharedLinks), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  if (memory == MAP_FAILED) error = std::strerror(errno);
  if (file >= 0) close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<SharedLinks*>(memory);
}

void enter_address(SharedLinks& links, int process, const void* address, std::size_t length) {
  const std::uint32_t index = links.address_count.fetch_add(1);
  if (index >= SharedLinks::kMaxAddresses) return;
  AddressEntry& entry = links.addresses[index];
  entry.process = process;
  // An address begins with its worker's unique number, so a prefix is enough.
  const std::size_t kept = std::min(length, AddressEntry::kMaxBytes);
  std::memcpy(entry.bytes, address, kept);
  entry.length.store(static_cast<std::uint32_t>(kept), std::memory_order_release);
}

int process_at(const SharedLinks& links, const void* address) {
  const std::uint32_t count = std::min(links.address_count.load(), SharedLinks::kMaxAddresses);
  const auto* bytes = static_cast<const unsigned char*>(address);
  for (std::uint32_t i = 0; i < count; ++i) {
    const AddressEntry& entry = links.addresses[i];
    const std::uint32_t length = entry.length.load(std::memory_order_acquire);
    // Byte by byte: the length of `address` is unknown, and a mismatch shows early or not at all.
    if (length > 0 && std::equal(entry.bytes, entry.bytes + length, bytes)) return entry.process;
  }
  return -1;
}

Time send(SharedLinks& links, int from, int to, std::uint64_t bytes, double bytes_per_s,
          double latency_s, Time time) {
  const auto duration =
      static_cast<Time>(std::llround(static_cast<double>(bytes) / bytes_per_s * kNanoseconds));
  const auto latency = static_cast<Time>(std::llround(latency_s * kNanoseconds));
  const bool is_packet = bytes <= kPacketBytes;
  const Time sent = take(links.out[from], is_packet, time, duration);
  return take(links.in[to], is_packet, sent + latency, duration) + duration;
}

}  // namespace placewright::network
