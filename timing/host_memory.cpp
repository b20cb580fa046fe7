// SPDX-License-Identifier: Apache-2.0
#include "timing/host_memory.h"

namespace placewright {

/// The parts that one byte takes of all memories and links.
class HostMemory::Sum {
 public:
  explicit Sum(HostMemory& of)
      : host_(of), memories_(of.sockets()), links_(of.sockets() * of.sockets()) {}

  /// `bytes` from one socket's memory to a processor of another, or the same.
  void add_read(std::size_t memory, std::size_t reader, double bytes) {
    memories_[memory] += bytes;
    add_move(memory, reader, bytes);
  }
  void add_write(std::size_t memory, std::size_t writer, double bytes) {
    memories_[memory] += bytes;
    add_move(writer, memory, bytes);
  }
  /// The same with data in a place that may be on several sockets.
  void add_read(HostPlace place, std::size_t reader, double bytes) {
    for (std::size_t socket = 0; socket < host_.sockets(); ++socket)
      add_read(socket, reader, bytes * host_.part(place, socket));
  }
  void add_write(HostPlace place, std::size_t writer, double bytes) {
    for (std::size_t socket = 0; socket < host_.sockets(); ++socket)
      add_write(socket, writer, bytes * host_.part(place, socket));
  }

  [[nodiscard]] std::vector<Passage> passages() const {
    // Whole, whatever the rounding of the sum.
    if (host_.sockets() == 1) return {&host_.memories_.front()};
    std::vector<Passage> result;
    for (std::size_t i = 0; i < memories_.size(); ++i)
      if (memories_[i] > 0) result.emplace_back(&host_.memories_[i], memories_[i]);
    for (std::size_t i = 0; i < links_.size(); ++i)
      if (links_[i] > 0) result.emplace_back(&host_.links_[i], links_[i]);
    return result;
  }

 private:
  void add_move(std::size_t from, std::size_t to, double bytes) {
    if (from != to) links_[from * host_.sockets() + to] += bytes;
  }

  HostMemory& host_;
  std::vector<double> memories_, links_;
};

HostMemory::HostMemory(const MachineTable& table) : gpus_(table.sockets.of_gpu) {
  const auto count = static_cast<std::size_t>(table.sockets.count);
  // Links count wall-clock seconds.
  memories_.assign(count, {table.host_memory_bandwidth / table.sockets.count / table.time_scale});
  links_.assign(count * count, {table.sockets.link_bandwidth / table.time_scale});
}

double HostMemory::part(HostPlace place, std::size_t socket) const {
  if (place == HostPlace::System) return 1 / static_cast<double>(sockets());
  return socket == 0 ? 1 : 0;
}

std::size_t HostMemory::socket_of_gpu(int gpu) const {
  return gpus_.empty() ? 0 : static_cast<std::size_t>(gpus_[static_cast<std::size_t>(gpu)]);
}

std::vector<Passage> HostMemory::read_by_gpu(int gpu, HostPlace from) {
  Sum sum(*this);
  sum.add_read(from, socket_of_gpu(gpu), 1);
  return sum.passages();
}

std::vector<Passage> HostMemory::written_by_gpu(int gpu, HostPlace to) {
  Sum sum(*this);
  sum.add_write(to, socket_of_gpu(gpu), 1);
  return sum.passages();
}

std::vector<Passage> HostMemory::of_task(const CpuTime& work) {
  const std::size_t socket = static_cast<std::size_t>(work.processor) % sockets();
  const double all = work.memory_bytes();
  Sum sum(*this);
  sum.add_read(HostPlace::System, socket, work.system.read / all);
  sum.add_write(HostPlace::System, socket, work.system.written / all);
  sum.add_read(HostPlace::ZeroCopy, socket, work.zero_copy.read / all);
  sum.add_write(HostPlace::ZeroCopy, socket, work.zero_copy.written / all);
  return sum.passages();
}

std::vector<Passage> HostMemory::of_copy(HostPlace from, HostPlace to, int passes) {
  Sum sum(*this);
  for (std::size_t target = 0; target < sockets(); ++target) {
    // Whoever copies is on the target's socket.
    const double bytes = part(to, target) / passes;
    if (bytes == 0) continue;
    sum.add_read(from, target, bytes);
    sum.add_write(target, target, bytes * (passes - 1));
  }
  return sum.passages();
}

}  // namespace placewright
