// SPDX-License-Identifier: Apache-2.0
#include "machine/shape.h"

#include <gtest/gtest.h>

namespace placewright::machine {
namespace {

TEST(Kinds, AreReadAsTheyArePrinted) {
  for (ProcessorKind kind : kProcessorKinds) {
    EXPECT_EQ(parse_processor_kind(to_string(kind)), kind);
  }
  for (MemoryKind kind : kMemoryKinds) EXPECT_EQ(parse_memory_kind(to_string(kind)), kind);
  EXPECT_EQ(parse_processor_kind("gpu"), std::nullopt);
  EXPECT_EQ(parse_memory_kind("DISK"), std::nullopt);
}

TEST(Kinds, AGpuAddressesFrameBufferAndZeroCopyOnly) {
  EXPECT_TRUE(can_address(ProcessorKind::Gpu, MemoryKind::FbMem));
  EXPECT_TRUE(can_address(ProcessorKind::Gpu, MemoryKind::ZcMem));
  EXPECT_FALSE(can_address(ProcessorKind::Gpu, MemoryKind::SysMem));
  EXPECT_TRUE(can_address(ProcessorKind::Omp, MemoryKind::SockMem));
  EXPECT_TRUE(can_address(ProcessorKind::Cpu, MemoryKind::ZcMem));
  EXPECT_FALSE(can_address(ProcessorKind::Cpu, MemoryKind::FbMem));
}

TEST(MachineShape, ReadsCountsAndMemories) {
  const auto shape = MachineShape::parse("nodes=2, GPU=4, CPU=1, FBMEM=16GiB, ZCMEM=512MB");
  ASSERT_TRUE(shape);
  EXPECT_EQ(shape->node_count(), 2);
  EXPECT_EQ(shape->processors_per_node(ProcessorKind::Gpu), 4);
  EXPECT_EQ(shape->processors_per_node(ProcessorKind::Omp), 0);
  EXPECT_EQ(shape->node(1).memory_bytes[static_cast<size_t>(MemoryKind::FbMem)],
            uint64_t{16} << 30);
  EXPECT_EQ(shape->node(0).memory_bytes[static_cast<size_t>(MemoryKind::ZcMem)], 512'000'000U);
  EXPECT_EQ(shape->to_string(), "nodes=2,CPU=1,GPU=4,FBMEM=16GiB,ZCMEM=500000KiB");
}

TEST(MachineShape, HasSystemMemoryAndGpuMemoriesUnlessToldOtherwise) {
  const MachineShape with_gpus = MachineShape::parse("GPU=1,CPU=1").value();
  EXPECT_TRUE(with_gpus.has_memory(ProcessorKind::Gpu, MemoryKind::FbMem, 0));
  EXPECT_TRUE(with_gpus.has_memory(ProcessorKind::Cpu, MemoryKind::ZcMem, 0));
  EXPECT_TRUE(with_gpus.has_memory(ProcessorKind::Cpu, MemoryKind::Virtual, 0));
  EXPECT_FALSE(with_gpus.has_memory(ProcessorKind::Gpu, MemoryKind::SysMem, 0));
  EXPECT_FALSE(with_gpus.has_memory(ProcessorKind::Omp, MemoryKind::SysMem, 0));
  EXPECT_FALSE(with_gpus.has_memory(ProcessorKind::Cpu, MemoryKind::SockMem, 0));
  const MachineShape without = MachineShape::parse("CPU=1").value();
  EXPECT_FALSE(without.has_memory(ProcessorKind::Cpu, MemoryKind::ZcMem, 0));
  const MachineShape denied = MachineShape::parse("GPU=1,ZCMEM=0").value();
  EXPECT_FALSE(denied.has_memory(ProcessorKind::Gpu, MemoryKind::ZcMem, 0));
}

TEST(MachineShape, CountsTheSmallestNodeWhereNodesDiffer) {
  const MachineShape shape = MachineShape::parse("nodes=3,CPU=1,GPU=4|0|2").value();
  EXPECT_EQ(shape.processors_per_node(ProcessorKind::Gpu), 2);
  EXPECT_EQ(shape.most_processors_per_node(ProcessorKind::Gpu), 4);
  EXPECT_EQ(shape.processors(ProcessorKind::Gpu, 0), 4);
  EXPECT_EQ(shape.processors(ProcessorKind::Gpu), 6);
  EXPECT_EQ(shape.nodes_with(ProcessorKind::Gpu), (std::vector<int>{0, 2}));
  EXPECT_EQ(shape.processors_per_node(ProcessorKind::Omp), 0);
}

TEST(MachineShape, ListHasOneValueForEachNode) {
  const auto wrong = MachineShape::parse("nodes=3,GPU=4|2");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "machine shape: `GPU` lists 2 values for 3 nodes");
  EXPECT_EQ(MachineShape::parse("GPU=4|2")->node_count(), 2);
  EXPECT_FALSE(MachineShape::parse("GPU=4|"));
  EXPECT_FALSE(MachineShape::parse("CPU=1|2,GPU=1|2|3"));
  const MachineShape memories = MachineShape::parse("GPU=1,FBMEM=1GiB|2GiB").value();
  EXPECT_EQ(memories.node(1).memory_bytes[static_cast<size_t>(MemoryKind::FbMem)],
            uint64_t{2} << 30);
}

TEST(MachineShape, RefusesMoreProcessorsThanTablesCanHold) {
  EXPECT_TRUE(MachineShape::parse("nodes=65536,GPU=64"));
  EXPECT_EQ(MachineShape::parse("nodes=65536,GPU=65").error().message,
            "the machine has 4259840 GPU processors, more than 4194304");
}

TEST(MachineShape, PrintsWhatItReads) {
  for (const char* text : {"nodes=1,CPU=4", "nodes=6,CPU=1,GPU=4,IO=1,PY=1,PROC=1,OMP=2",
                           "nodes=2,GPU=4,SYSMEM=64GiB,FBMEM=17179869183,RDMEM=1KiB,ZCMEM=0",
                           "nodes=1,CPU=1,SOCKMEM=unlimited,REGSOCKMEM=3MiB",
                           "nodes=2,CPU=1,GPU=4|0,FBMEM=16GiB|0,ZCMEM=unlimited|1GiB"}) {
    const auto shape = MachineShape::parse(text);
    ASSERT_TRUE(shape) << text;
    EXPECT_EQ(shape->to_string(), text);
  }
}

TEST(MachineShape, HasAMemoryOnlyIfAllProcessorsOfTheKindDo) {
  NodeShape both;
  both.processors[static_cast<size_t>(ProcessorKind::Cpu)] = 1;
  both.processors[static_cast<size_t>(ProcessorKind::Gpu)] = 1;
  both.memory_bytes[static_cast<size_t>(MemoryKind::SysMem)] = 1;
  both.memory_bytes[static_cast<size_t>(MemoryKind::FbMem)] = 1;
  NodeShape cpu = both;
  cpu.processors[static_cast<size_t>(ProcessorKind::Gpu)] = 0;
  const MachineShape uneven({both, cpu});
  EXPECT_TRUE(uneven.has(ProcessorKind::Gpu));
  EXPECT_FALSE(uneven.has(ProcessorKind::Omp));
  EXPECT_TRUE(uneven.has(ProcessorKind::Gpu, MemoryKind::FbMem));
  EXPECT_FALSE(uneven.has(ProcessorKind::Gpu, MemoryKind::ZcMem));
  EXPECT_FALSE(uneven.has(ProcessorKind::Omp, MemoryKind::SysMem));
  NodeShape bare = both;
  bare.memory_bytes[static_cast<size_t>(MemoryKind::FbMem)] = 0;
  EXPECT_FALSE(MachineShape({both, bare}).has(ProcessorKind::Gpu, MemoryKind::FbMem));
}

TEST(MachineShape, RefusesMistakesWithTheNearestKey) {
  const auto unknown = MachineShape::parse("nodes=2,GPUS=4");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().help, "did you mean `GPU`?");
  EXPECT_TRUE(unknown.error().message.starts_with("machine shape: unknown key `GPUS`, expected"));
  for (const char* text :
       {"", "nodes=2", "GPU", "GPU=", "GPU=-1", "GPU=4x", "nodes=0,CPU=1", "CPU=1,CPU=2",
        "CPU=99999999", "nodes=99999999,CPU=1", "CPU=1,FBMEM=16G", "CPU=1,FBMEM=-1",
        "CPU=1,FBMEM=99999999999TiB", "CPU=1,VIRTUAL=1", "CPU=0,GPU=0", "CPU=1,,GPU=1"}) {
    EXPECT_FALSE(MachineShape::parse(text)) << text;
  }
}

}  // namespace
}  // namespace placewright::machine
