// SPDX-License-Identifier: Apache-2.0
#include "decide/machine.h"

#include <gmock/gmock.h>

#include "decide/launch.h"
#include "samples.h"

namespace placewright::decide {
namespace {

Machine one_node(std::vector<VisibleMemory> memories) {
  Machine machine(machine::MachineShape::parse("nodes=2,CPU=2").value());
  machine.describe(kCpu0, std::move(memories));
  return machine;
}

TEST(Machine, ProcessorsAreNamedByKindNumberAndNode) {
  EXPECT_EQ(to_string(ProcessorPlace{ProcessorKind::Gpu, 3, 1}), "GPU 1 of node 3");
  EXPECT_EQ(to_string(ProcessorPlace()), "CPU 0 of node 0");
}

TEST(Machine, FastestMemoryOfAKindIsTheProcessorsOwn) {
  const Machine machine = one_node({{make_memory(1, MemoryKind::SysMem), 3, 0},
                                    {make_memory(2, MemoryKind::SysMem), 5, 0},
                                    {make_memory(3, MemoryKind::SysMem), 5, 0},
                                    {make_memory(4, MemoryKind::ZcMem), 9, 0}});
  EXPECT_EQ(machine.memory(kCpu0, MemoryKind::SysMem).id, 2U);
  EXPECT_EQ(machine.memory(kCpu0, MemoryKind::ZcMem).id, 4U);
  EXPECT_FALSE(machine.memory(kCpu0, MemoryKind::FbMem).exists());
}

TEST(Machine, EmptyMemoriesAndThoseOfOtherNodesDoNotCount) {
  const Machine machine = one_node({{make_memory(1, MemoryKind::SysMem, 0), 9, 0},
                                    {make_memory(2, MemoryKind::SysMem), 8, 1},
                                    {make_memory(3, MemoryKind::SysMem), 1, 0}});
  EXPECT_EQ(machine.memory(kCpu0, MemoryKind::SysMem).id, 3U);
  EXPECT_FALSE(one_node({{make_memory(1, MemoryKind::ZcMem, 0), 9, 0}})
                   .memory(kCpu0, MemoryKind::ZcMem)
                   .exists());
}

TEST(Machine, RegisteredSocketMemoryIsSocketMemory) {
  const Machine machine = one_node({{make_memory(6, MemoryKind::SockMem), 3, 0}});
  EXPECT_EQ(machine.memory(kCpu0, MemoryKind::SockMem).id, 6U);
  EXPECT_EQ(machine.memory(kCpu0, MemoryKind::RegSockMem).id, 6U);
}

TEST(Machine, KindsThatNoMappingNamesAreVisibleOnly) {
  const Memory disk{9, std::nullopt, 77, kCapacity};
  const Machine machine = one_node({{disk, 1, 0}});
  ASSERT_EQ(machine.visible(kCpu0).size(), 1U);
  EXPECT_EQ(machine.visible(kCpu0)[0].memory.raw_kind, 77U);
  for (const MemoryKind kind : machine::kMemoryKinds)
    EXPECT_FALSE(machine.memory(kCpu0, kind).exists());
}

TEST(Machine, ProcessorsThatAreNotThereSeeNothing) {
  const Machine machine = make_machine();
  const ProcessorPlace outside{ProcessorKind::Cpu, 0, 2};
  EXPECT_TRUE(machine.visible(outside).empty());
  EXPECT_FALSE(machine.memory(outside, MemoryKind::SysMem).exists());
  EXPECT_EQ(machine.visible(kCpu0).size(), 3U);
  EXPECT_EQ(machine.node_count(), 2);
  EXPECT_EQ(machine.shape().processors(ProcessorKind::Gpu, 1), 2);
}

TEST(Machine, NodeHasNumaDomainsIfItsProcessorsSeeSeveralSockets) {
  const VisibleMemory first{make_memory(1, MemoryKind::SockMem), 1, 0};
  const VisibleMemory second{make_memory(2, MemoryKind::SockMem), 1, 0};
  const VisibleMemory remote{make_memory(3, MemoryKind::SockMem), 1, 1};
  const VisibleMemory system{make_memory(4, MemoryKind::SysMem), 1, 0};
  EXPECT_FALSE(one_node({}).has_numa_domains(0));
  EXPECT_FALSE(one_node({first, remote, system}).has_numa_domains(0));
  EXPECT_TRUE(one_node({first, second}).has_numa_domains(0));
  EXPECT_FALSE(one_node({first, second}).has_numa_domains(1));
  Machine machine = one_node({first});
  machine.describe({ProcessorKind::Cpu, 0, 1}, {first});
  EXPECT_FALSE(machine.has_numa_domains(0));
  machine.describe({ProcessorKind::Cpu, 0, 1}, {second});
  EXPECT_TRUE(machine.has_numa_domains(0));
}

TEST(TaskFacts, VariantsSayWhereATaskRunsAndWhatItDoes) {
  TaskFacts task = make_task("t");
  EXPECT_TRUE(task.has_variant(ProcessorKind::Gpu));
  EXPECT_FALSE(task.has_variant(ProcessorKind::Omp));
  EXPECT_FALSE(task.any_inner());
  EXPECT_TRUE(task.all_leaves());
  task.variants[1].leaf = false;
  EXPECT_FALSE(task.all_leaves());
  task.variants[1].inner = true;
  EXPECT_TRUE(task.any_inner());
}

TEST(LaunchInfo, LaunchWithADomainIsAnIndexLaunch) {
  EXPECT_TRUE(index_launch("0..3").is_index());
  EXPECT_FALSE(LaunchInfo().is_index());
}

}  // namespace
}  // namespace placewright::decide
