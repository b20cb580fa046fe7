// SPDX-License-Identifier: Apache-2.0
#include "decide/defaults.h"

#include <gmock/gmock.h>

#include "samples.h"

namespace placewright::decide {
namespace {

using testing::ElementsAre;

TEST(Defaults, ProcessorSetsComeFirstThenGpus) {
  EXPECT_THAT(default_processor_order(false),
              ElementsAre(ProcessorKind::Proc, ProcessorKind::Gpu, ProcessorKind::Omp,
                          ProcessorKind::Cpu, ProcessorKind::Io, ProcessorKind::Py));
}

TEST(Defaults, GpusComeLastIfTheTagPrefersCpus) {
  EXPECT_THAT(default_processor_order(true),
              ElementsAre(ProcessorKind::Proc, ProcessorKind::Omp, ProcessorKind::Cpu,
                          ProcessorKind::Io, ProcessorKind::Py, ProcessorKind::Gpu));
}

TEST(Defaults, VariantWithTheLargestIdOfItsKindIsTaken) {
  const TaskFacts task{"t",
                       {make_variant(3, ProcessorKind::Cpu), make_variant(9, ProcessorKind::Gpu),
                        make_variant(5, ProcessorKind::Cpu), make_variant(4, ProcessorKind::Cpu)}};
  ASSERT_NE(default_variant(task, ProcessorKind::Cpu), nullptr);
  EXPECT_EQ(default_variant(task, ProcessorKind::Cpu)->id, 5U);
  EXPECT_EQ(default_variant(task, ProcessorKind::Gpu)->id, 9U);
  EXPECT_EQ(default_variant(task, ProcessorKind::Omp), nullptr);
}

TEST(Defaults, TasksHavePriorityZero) { EXPECT_EQ(default_priority(), 0); }

/// A node of one processor of each kind whose CPU and OMP processors have one socket each.
Machine all_kinds(bool two_sockets) {
  Machine machine(
      machine::MachineShape::parse("nodes=1,CPU=1,GPU=1,IO=1,PY=1,PROC=1,OMP=1").value());
  const uint64_t second = two_sockets ? 2 : 1;
  machine.describe({ProcessorKind::Cpu, 0, 0}, {{make_memory(1, MemoryKind::SockMem), 1, 0}});
  machine.describe({ProcessorKind::Omp, 0, 0}, {{make_memory(second, MemoryKind::SockMem), 1, 0}});
  return machine;
}

TEST(Defaults, CpusAndOmpsShareTasksOfANodeUnlessItHasSeveralSockets) {
  for (const ProcessorKind kind : {ProcessorKind::Cpu, ProcessorKind::Omp}) {
    EXPECT_TRUE(default_runs_anywhere_on_node({}, {kind, 0, 0}, all_kinds(false)));
    EXPECT_FALSE(default_runs_anywhere_on_node({}, {kind, 0, 0}, all_kinds(true)));
  }
}

TEST(Defaults, GpusAndProcessorSetsKeepTheirTasks) {
  EXPECT_FALSE(default_runs_anywhere_on_node({}, {ProcessorKind::Gpu, 0, 0}, all_kinds(false)));
  EXPECT_FALSE(default_runs_anywhere_on_node({}, {ProcessorKind::Proc, 0, 0}, all_kinds(false)));
}

TEST(Defaults, SocketsDoNotMatterForIoAndPython) {
  EXPECT_TRUE(default_runs_anywhere_on_node({}, {ProcessorKind::Io, 0, 0}, all_kinds(true)));
  EXPECT_TRUE(default_runs_anywhere_on_node({}, {ProcessorKind::Py, 0, 0}, all_kinds(true)));
}

TEST(Defaults, ConcurrentAndMustEpochLaunchesStayOnTheirTargets) {
  LaunchInfo concurrent;
  concurrent.concurrent = true;
  LaunchInfo must_epoch;
  must_epoch.must_epoch = true;
  EXPECT_FALSE(default_runs_anywhere_on_node(concurrent, kCpu0, all_kinds(false)));
  EXPECT_FALSE(default_runs_anywhere_on_node(must_epoch, kCpu0, all_kinds(false)));
}

TEST(Defaults, MemoryWithTheHighestBandwidthIsTaken) {
  const Machine machine = make_machine();
  EXPECT_EQ(default_memory(machine, kCpu0, false, {}).id, kSystem);
  EXPECT_EQ(default_memory(machine, kGpu0, false, {}).id, kFrameBuffer0);
  EXPECT_EQ(default_memory(machine, {ProcessorKind::Gpu, 1, 1}, false, {}).id,
            kNodeIds + kFrameBuffer1);
}

TEST(Defaults, FirstOfEquallyFastMemoriesIsTaken) {
  Machine machine(machine::MachineShape::parse("CPU=1").value());
  machine.describe(kCpu0, {{make_memory(7, MemoryKind::SysMem), 5, 0},
                           {make_memory(8, MemoryKind::SockMem), 5, 0}});
  EXPECT_EQ(default_memory(machine, kCpu0, false, {}).id, 7U);
}

TEST(Defaults, RegisteredMemoryIsTakenIfItIsPreferredAndThere) {
  const Machine machine = make_machine();
  // Registered memory has bandwidth 4, zero-copy memory 2.
  EXPECT_EQ(default_memory(machine, kCpu0, true, {}).id, kRegistered);
  EXPECT_EQ(default_memory(machine, kGpu0, true, {}).id, kZeroCopy);
  Machine plain(machine::MachineShape::parse("CPU=1").value());
  plain.describe(kCpu0, {{make_memory(7, MemoryKind::SysMem), 5, 0}});
  EXPECT_EQ(default_memory(plain, kCpu0, true, {}).id, 7U);
}

TEST(Defaults, DemandedKindOfMemoryIsTakenOrNone) {
  const Machine machine = make_machine();
  EXPECT_EQ(default_memory(machine, kGpu0, false, raw(MemoryKind::ZcMem)).id, kZeroCopy);
  EXPECT_FALSE(default_memory(machine, kGpu0, false, raw(MemoryKind::SysMem)).exists());
  EXPECT_FALSE(default_memory(machine, {ProcessorKind::Omp, 0, 0}, false, {}).exists());
}

TEST(Defaults, OneNodeMakesInstancesForTheRoot) {
  const std::vector<uint64_t> volumes = {5, 25, 100};
  EXPECT_EQ(default_instance_region({MemoryKind::SysMem}, volumes, 1), 2U);
  EXPECT_EQ(default_instance_region({}, volumes, 1), 2U);
  EXPECT_EQ(default_instance_region({MemoryKind::SysMem}, std::vector<uint64_t>{100}, 1), 0U);
}

TEST(Defaults, InstancesThatMustBeExactAreForTheRegionItself) {
  const std::vector<uint64_t> volumes = {5, 100};
  EXPECT_EQ(default_instance_region({MemoryKind::FbMem}, volumes, 1), 0U);
  EXPECT_EQ(default_instance_region({MemoryKind::ZcMem}, volumes, 1), 0U);
  EXPECT_EQ(default_instance_region({MemoryKind::SysMem, true}, volumes, 1), 0U);
  EXPECT_EQ(default_instance_region({MemoryKind::SysMem, false, true}, volumes, 1), 0U);
  EXPECT_EQ(default_instance_region({MemoryKind::SysMem, false, false, true}, volumes, 1), 0U);
}

TEST(Defaults, SeveralNodesMakeInstancesForTheFirstLevelThatGivesEachAPart) {
  const InstanceRegionFacts facts{MemoryKind::SysMem};
  // Parts of the root's 60 points: 2 at level 2 (60 / 30), 6 at level 1 (2 * 30 / 10), 60 at level 0.
  const std::vector<uint64_t> volumes = {1, 10, 30, 60};
  EXPECT_EQ(default_instance_region(facts, volumes, 2), 2U);
  EXPECT_EQ(default_instance_region(facts, volumes, 3), 1U);
  EXPECT_EQ(default_instance_region(facts, volumes, 6), 1U);
  EXPECT_EQ(default_instance_region(facts, volumes, 7), 0U);
  // No level has 61 parts, so nothing is enlarged.
  EXPECT_EQ(default_instance_region(facts, volumes, 61), 0U);
}

machine::MachineShape shape(std::string_view text) {
  return machine::MachineShape::parse(text).value();
}

TEST(DefaultKinds, TaskRunsOnTheFirstKindThatTheMachineHas) {
  const ProcessorKind variants[] = {ProcessorKind::Cpu, ProcessorKind::Gpu};
  EXPECT_EQ(default_processor_kind(variants, shape("CPU=1,GPU=1")), ProcessorKind::Gpu);
  EXPECT_EQ(default_processor_kind(variants, shape("CPU=1")), ProcessorKind::Cpu);
  EXPECT_EQ(default_processor_kind(variants, shape("OMP=1")), std::nullopt);
}

TEST(DefaultKinds, EachProcessorHasItsOwnMemory) {
  const machine::MachineShape machine = shape("CPU=1,GPU=1,OMP=1,SOCKMEM=1GiB");
  EXPECT_EQ(default_memory(ProcessorKind::Gpu, machine), MemoryKind::FbMem);
  EXPECT_EQ(default_memory(ProcessorKind::Omp, machine), MemoryKind::SockMem);
  EXPECT_EQ(default_memory(ProcessorKind::Cpu, machine), MemoryKind::SysMem);
  EXPECT_EQ(default_memory(ProcessorKind::Omp, shape("OMP=1")), MemoryKind::SysMem);
}

}  // namespace
}  // namespace placewright::decide
