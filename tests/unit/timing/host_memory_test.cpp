// SPDX-License-Identifier: Apache-2.0
#include "timing/host_memory.h"

#include <gtest/gtest.h>

namespace placewright {
namespace {

/// Four GPUs, two on each of two sockets of 10 GB/s, with 4 GB/s between them.
MachineTable two_sockets() {
  MachineTable table;
  table.gpu.count = 4;
  table.host_memory_bandwidth = 20e9;
  table.sockets = {.count = 2, .link_bandwidth = 4e9, .of_gpu = {0, 0, 1, 1}};
  return table;
}

/// The rate of a flow with a ceiling of 100 GB/s that is alone.
double rate_alone(const std::vector<Passage>& passages) {
  Flows flows;
  return flows.rate(flows.begin(0, {1, 100e9, passages}));
}

/// What flows through these passages have together.
double sum_of_rates(const std::vector<std::vector<Passage>>& each) {
  Flows flows;
  std::vector<Flows::Id> ids;
  for (const std::vector<Passage>& passages : each)
    ids.push_back(flows.begin(0, {1, 100e9, passages}));
  double sum = 0;
  for (const Flows::Id id : ids) sum += flows.rate(id);
  return sum;
}

TEST(HostMemory, OfOneSocketIsOneMemoryWhateverAndWhoever) {
  MachineTable table;
  table.host_memory_bandwidth = 20e9;
  table.time_scale = 4;
  HostMemory memory(table);
  CpuTime work;
  work.processor = 5;
  work.system.read = 1e9 / 3;
  work.zero_copy.written = 1e9 / 7;
  const Link* const only = memory.read_by_gpu(0, HostPlace::System).front().link;
  for (const std::vector<Passage>& passages :
       {memory.read_by_gpu(3, HostPlace::ZeroCopy), memory.written_by_gpu(1, HostPlace::System),
        memory.of_task(work), memory.of_copy(HostPlace::System, HostPlace::ZeroCopy, 3)}) {
    ASSERT_EQ(passages.size(), 1U);
    EXPECT_EQ(passages.front().link, only);
    EXPECT_EQ(passages.front().part, 1);
  }
  EXPECT_EQ(only->per_second, 5e9);  // In wall-clock seconds.
}

TEST(HostMemory, ZeroCopyMemoryIsOnTheFirstSocket) {
  HostMemory memory(two_sockets());
  EXPECT_EQ(rate_alone(memory.read_by_gpu(0, HostPlace::ZeroCopy)), 10e9);
  EXPECT_EQ(rate_alone(memory.read_by_gpu(2, HostPlace::ZeroCopy)), 4e9);
  EXPECT_EQ(rate_alone(memory.written_by_gpu(3, HostPlace::ZeroCopy)), 4e9);
}

TEST(HostMemory, DirectionsOfTheLinkDoNotDisturbEachOther) {
  HostMemory memory(two_sockets());
  const auto read = memory.read_by_gpu(2, HostPlace::ZeroCopy);
  const auto written = memory.written_by_gpu(2, HostPlace::ZeroCopy);
  EXPECT_EQ(sum_of_rates({read, written}), 8e9);
  EXPECT_EQ(sum_of_rates({read, read}), 4e9);
  // Two GPUs near the memory, two far from it: 2 + 2 over the link, the other 6 for the near ones.
  EXPECT_EQ(
      sum_of_rates(
          {memory.read_by_gpu(0, HostPlace::ZeroCopy), memory.read_by_gpu(1, HostPlace::ZeroCopy),
           memory.read_by_gpu(2, HostPlace::ZeroCopy), memory.read_by_gpu(3, HostPlace::ZeroCopy)}),
      10e9);
}

TEST(HostMemory, SystemMemoryIsSpreadOverTheSockets) {
  HostMemory memory(two_sockets());
  // Half of a GPU's bytes are on the other socket: 4 GB/s of the link let 8 through.
  const auto near = memory.read_by_gpu(0, HostPlace::System);
  const auto far = memory.read_by_gpu(2, HostPlace::System);
  EXPECT_EQ(rate_alone(near), 8e9);
  EXPECT_EQ(rate_alone(far), 8e9);
  // Each has a direction of the link for itself, and half of each memory suffices.
  EXPECT_EQ(sum_of_rates({near, far}), 16e9);
}

TEST(HostMemory, CpuProcessorsTakeTurnsOnTheSockets) {
  HostMemory memory(two_sockets());
  CpuTime work;
  work.zero_copy.read = 3e9;
  work.zero_copy.written = 1e9;
  EXPECT_EQ(rate_alone(memory.of_task(work)), 10e9);
  work.processor = 2;
  EXPECT_EQ(rate_alone(memory.of_task(work)), 10e9);
  // Three quarters of the bytes come over the link and one quarter leaves over it: 4 / 0.75.
  work.processor = 3;
  EXPECT_DOUBLE_EQ(rate_alone(memory.of_task(work)), 4e9 / 0.75);
  // On both memories: of 8 bytes 4 are read here and there, so 2 + 3 of 8 come over the link.
  work.system.read = 4e9;
  EXPECT_DOUBLE_EQ(rate_alone(memory.of_task(work)), 4e9 / (5.0 / 8));
}

TEST(HostMemory, CopiesWithinTheHostPassBothMemories) {
  HostMemory memory(two_sockets());
  // Within zero-copy memory the first socket has all of it.
  EXPECT_EQ(rate_alone(memory.of_copy(HostPlace::ZeroCopy, HostPlace::ZeroCopy, 2)), 10e9);
  // From system memory: per byte 1/4 + 1/2 of the first memory, 1/4 over the link.
  EXPECT_DOUBLE_EQ(rate_alone(memory.of_copy(HostPlace::System, HostPlace::ZeroCopy, 2)),
                   10e9 / 0.75);
  // Into system memory by a reduction: per byte 1/3 + 1/3 of the first memory.
  EXPECT_DOUBLE_EQ(rate_alone(memory.of_copy(HostPlace::ZeroCopy, HostPlace::System, 3)),
                   10e9 / (2.0 / 3));
}

}  // namespace
}  // namespace placewright
