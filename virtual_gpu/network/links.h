// SPDX-License-Identifier: Apache-2.0
// The links of a modelled network: one way out and one way in per process, shared by everything
// that this process sends or receives, and a switch between them that is never the bottleneck.
// All processes of a run see the same links, in memory that they share. What is sent is not known
// here.
//
// A message waits until the sender's way out is free and takes it for bytes / bandwidth. It reaches
// the receiver's way in `latency` after its first byte left, or when that way is free, and takes it
// as long. A message that waits for the way in does not hold up the sender's next one to somebody
// else: the switch stores it. A message of one packet waits for other single packets only: it
// overtakes longer messages, which it delays by its own time, because network cards send packets of
// different queues in turn.
// Source: LogGP (Alexandrov et al. 1995) without overheads, and with the gap at both ends; the
// packet is the largest of InfiniBand.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace placewright::network {

/// Nanoseconds of the machine's steady clock, the same for all its processes.
using Time = std::int64_t;

[[nodiscard]] Time now();

/// Which process an address of UCX belongs to: every process enters its own.
struct AddressEntry {
  static constexpr std::size_t kMaxBytes = 1008;
  std::atomic<std::uint32_t> length;  ///< 0 until the entry is complete.
  std::int32_t process;
  unsigned char bytes[kMaxBytes];
};

/// What the processes of a run share; zero to begin with.
struct SharedLinks {
  static constexpr int kMaxProcesses = 1024;
  static constexpr std::uint32_t kMaxAddresses = 16384;
  /// The way out and the way in of a process, for messages and for those of one packet.
  struct Link {
    std::atomic<Time> free_at;
    std::atomic<Time> free_for_packets_at;
  };
  Link out[kMaxProcesses];
  Link in[kMaxProcesses];
  std::atomic<std::uint32_t> address_count;
  AddressEntry addresses[kMaxAddresses];
};

/// The shared memory of this file, which is made if it is not there; null, and why, if that fails.
/// It stays mapped.
[[nodiscard]] SharedLinks* map_links(const std::string& path, std::string& error);

/// Enters an address of `process`; an address that no longer fits stays unknown.
void enter_address(SharedLinks& links, int process, const void* address, std::size_t length);
/// The process that entered this address, or -1.
[[nodiscard]] int process_at(const SharedLinks& links, const void* address);

inline constexpr std::uint64_t kPacketBytes = 4096;

/// Takes the links for one message that is sent at `time`, and says when it has arrived.
/// `bytes_per_s` and `latency_s` are in wall-clock seconds.
[[nodiscard]] Time send(SharedLinks& links, int from, int to, std::uint64_t bytes,
                        double bytes_per_s, double latency_s, Time time);

}  // namespace placewright::network
