// SPDX-License-Identifier: Apache-2.0
// The links of a modelled network: one outgoing and one incoming link per process, shared by
// everything that this process sends or receives, and a switch between them that is never the
// bottleneck. All processes of a run see the same links, in shared memory. The contents of messages
// are not known here.
//
// A message waits until the sender's outgoing link is free and occupies it for bytes / bandwidth.
// It reaches the receiver's incoming link `latency` after its first byte was sent, or when that
// link is free, and occupies it for the same time. A message waiting for an incoming link does not
// delay the sender's next message to another receiver: the switch buffers it. A message of one
// packet waits only for other single packets: it overtakes longer messages and delays them by its
// own time, because network cards send packets of different queues in turn.
// Source: LogGP (Alexandrov et al. 1995) without overheads, and with the gap at both ends; the
// packet is the largest of InfiniBand.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace placewright::network {

/// Nanoseconds of the machine's steady clock, shared by all its processes.
using Time = std::int64_t;

[[nodiscard]] Time now();

/// Maps a UCX address to its process; every process enters its own.
struct AddressEntry {
  static constexpr std::size_t kMaxBytes = 1008;
  std::atomic<std::uint32_t> length;  ///< 0 until the entry is complete.
  std::int32_t process;
  unsigned char bytes[kMaxBytes];
};

/// Shared by the processes of a run; initially zero.
struct SharedLinks {
  static constexpr int kMaxProcesses = 1024;
  static constexpr std::uint32_t kMaxAddresses = 16384;
  /// One direction of a process, with separate queues for messages and for single packets.
  struct Link {
    std::atomic<Time> free_at;
    std::atomic<Time> free_for_packets_at;
  };
  Link out[kMaxProcesses];
  Link in[kMaxProcesses];
  std::atomic<std::uint32_t> address_count;
  AddressEntry addresses[kMaxAddresses];
};

/// Maps the shared memory in this file, creating the file if needed; null, with `error` set, on
/// failure. It stays mapped.
[[nodiscard]] SharedLinks* map_links(const std::string& path, std::string& error);

/// Enters an address of `process`; if the table is full, the address stays unknown.
void enter_address(SharedLinks& links, int process, const void* address, std::size_t length);
/// The process that entered this address, or -1.
[[nodiscard]] int process_at(const SharedLinks& links, const void* address);

inline constexpr std::uint64_t kPacketBytes = 4096;

/// Reserves the links for one message sent at `time`; returns its arrival time. `bytes_per_s` and
/// `latency_s` are in wall-clock seconds.
[[nodiscard]] Time send(SharedLinks& links, int from, int to, std::uint64_t bytes,
                        double bytes_per_s, double latency_s, Time time);

}  // namespace placewright::network
