// SPDX-License-Identifier: Apache-2.0
// The host's memory: one for each socket, and links between every two sockets. Says which of them a
// byte takes, depending on where it lies and who reads or writes it.
//
// Where data lies is assumed (docs/virtual-gpu.md says from what): zero-copy memory on the first
// socket, everything else in equal parts on all. CPU processors take turns on the sockets. Knows
// neither time nor operations.
#pragma once

#include <placewright/cpu_time.h>
#include <placewright/machine_table.h>

#include <cstddef>
#include <vector>

#include "timing/flows.h"

namespace placewright {

enum class HostPlace {
  ZeroCopy,  ///< Page-locked by one thread when the runtime starts.
  System,    ///< Page by page where it was first written.
};

class HostMemory {
 public:
  explicit HostMemory(const MachineTable& table);
  HostMemory(const HostMemory&) = delete;
  HostMemory& operator=(const HostMemory&) = delete;

  /// What each byte takes that a GPU reads from the host or writes to it, beside the bus.
  [[nodiscard]] std::vector<Passage> read_by_gpu(int gpu, HostPlace from);
  [[nodiscard]] std::vector<Passage> written_by_gpu(int gpu, HostPlace to);
  /// What each byte of a task's traffic takes; the task has some.
  [[nodiscard]] std::vector<Passage> of_task(const CpuTime& work);
  /// What each byte takes of a copy within the host that passes its bytes so often through memories:
  /// once through the first, else through the second.
  [[nodiscard]] std::vector<Passage> of_copy(HostPlace from, HostPlace to, int passes);

 private:
  class Sum;
  [[nodiscard]] std::size_t sockets() const { return memories_.size(); }
  [[nodiscard]] double part(HostPlace place, std::size_t socket) const;
  [[nodiscard]] std::size_t socket_of_gpu(int gpu) const;

  std::vector<Link> memories_;
  std::vector<Link> links_;  ///< From the row's socket to the column's.
  std::vector<int> gpus_;    ///< Their sockets; empty if there is one socket.
};

}  // namespace placewright
