// SPDX-License-Identifier: Apache-2.0
#include "profile/reduce.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "written_log.h"

namespace placewright::profile {
namespace {

using testing::SizeIs;

const char* const kHead =
    "FileType: BinaryLegionProf v: 1010\nlegion-test\n"
    "ProcDesc {id:1, proc_id:ProcID:8, kind:ProcKind:4}\n"
    "MemDesc {id:2, mem_id:MemID:8, kind:MemKind:4, capacity:unsigned long long:8}\n"
    "TaskKind {id:3, task_id:TaskID:4, name:string:-1, overwrite:bool:1}\n"
    "TaskInfo {id:4, op_id:UniqueID:8, task_id:TaskID:4, variant_id:VariantID:4, "
    "proc_id:ProcID:8, ready:timestamp_t:8, start:timestamp_t:8, stop:timestamp_t:8}\n"
    "TaskWaitInfo {id:5, op_id:UniqueID:8, wait_start:timestamp_t:8, wait_end:timestamp_t:8}\n"
    "CopyInfo {id:6, op_id:UniqueID:8, size:unsigned long long:8, ready:timestamp_t:8, "
    "start:timestamp_t:8, stop:timestamp_t:8, fevent:unsigned long long:8}\n"
    "CopyInstInfo {id:7, src:MemID:8, dst:MemID:8, src_inst:unsigned long long:8, "
    "dst_inst:unsigned long long:8, fevent:unsigned long long:8}\n"
    "PhysicalInstanceUsage {id:9, inst_uid:unsigned long long:8, op_id:UniqueID:8, "
    "index_id:unsigned:4}\n"
    "InstTimelineInfo {id:10, inst_uid:unsigned long long:8, mem_id:MemID:8, "
    "size:unsigned long long:8, create:timestamp_t:8, destroy:timestamp_t:8}\n"
    "MapperCallDesc {id:11, kind:unsigned:4, name:string:-1}\n"
    "MapperCallInfo {id:12, kind:MappingCallKind:4, start:timestamp_t:8, stop:timestamp_t:8}\n"
    "MetaInfo {id:13, op_id:UniqueID:8, lg_id:unsigned:4, proc_id:ProcID:8, start:timestamp_t:8, "
    "stop:timestamp_t:8}\n"
    "MetaWaitInfo {id:14, op_id:UniqueID:8, lg_id:unsigned:4, wait_start:timestamp_t:8, "
    "wait_end:timestamp_t:8}\n"
    "GPUTaskInfo {id:15, op_id:UniqueID:8, task_id:TaskID:4, variant_id:VariantID:4, "
    "proc_id:ProcID:8, ready:timestamp_t:8, start:timestamp_t:8, stop:timestamp_t:8, "
    "gpu_start:timestamp_t:8, gpu_stop:timestamp_t:8}\n"
    "PhysicalInstRegionDesc {id:16, inst_uid:unsigned long long:8, ispace_id:unsigned long long:8, "
    "fspace_id:unsigned long long:8, tree_id:unsigned:4}\n"
    "PhysicalInstDimOrderDesc {id:17, inst_uid:unsigned long long:8, dim:unsigned:4, "
    "dim_kind:unsigned:4}\n"
    "PhysicalInstLayoutDesc {id:18, inst_uid:unsigned long long:8, field_id:unsigned:4}\n"
    "\n";

constexpr uint64_t processor(uint64_t node, uint64_t index) {
  return uint64_t{0x1d} << 56 | node << 40 | index;
}
constexpr uint64_t memory(uint64_t node, uint64_t index) {
  return uint64_t{0x1e} << 56 | node << 40 | index;
}
constexpr uint64_t kMs = 1000000;

void put_task(WrittenLog& log, uint64_t op, uint64_t where, uint64_t ready, uint64_t start,
              uint64_t stop) {
  log.put(uint32_t{4}).put(op).put(uint32_t{7}).put(uint32_t{1}).put(where);
  log.put(ready).put(start).put(stop);
}

/// One node with a utility and two CPU processors, system memory and a frame buffer.
void put_machine(WrittenLog& log, uint64_t node) {
  log.put(uint32_t{1}).put(processor(node, 0)).put(uint32_t{3});
  log.put(uint32_t{1}).put(processor(node, 1)).put(uint32_t{2});
  log.put(uint32_t{1}).put(processor(node, 2)).put(uint32_t{2});
  log.put(uint32_t{2}).put(memory(node, 0)).put(uint32_t{2}).put(uint64_t{1000});
  log.put(uint32_t{2}).put(memory(node, 1)).put(uint32_t{6}).put(uint64_t{500});
  log.put(uint32_t{3}).put(uint32_t{7}).put_text("step").put(uint8_t{1});
}

TEST(Reduce, MergesTheLogsOfAllNodes) {
  WrittenLog first(kHead), second(kHead);
  put_machine(first, 0);
  put_task(first, 100, processor(0, 2), 1 * kMs, 3 * kMs, 9 * kMs);
  first.put(uint32_t{5}).put(uint64_t{100}).put(4 * kMs).put(6 * kMs);
  put_task(first, 101, processor(0, 2), 9 * kMs, 9 * kMs, 10 * kMs);
  put_machine(second, 1);
  put_task(second, 102, processor(1, 1), 5 * kMs, 5 * kMs, 6 * kMs);
  const std::vector<std::string> paths = {first.write(), second.write()};
  const auto profile = reduce(paths, nullptr);
  ASSERT_TRUE(profile.has_value()) << profile.error().message;
  ASSERT_THAT(profile->tasks, SizeIs(2));
  const TaskProfile& here = profile->tasks[0];
  EXPECT_EQ(here.task, "step");
  EXPECT_EQ(here.kind, "CPU");
  EXPECT_EQ(here.node, 0);
  EXPECT_EQ(here.processor, 1);  // The second CPU; the utility processor counts for itself.
  EXPECT_EQ(here.count, 2U);
  EXPECT_NEAR(here.wait_s, 2e-3, 1e-12);
  EXPECT_NEAR(here.blocked_s, 2e-3, 1e-12);
  EXPECT_NEAR(here.run_s, 5e-3, 1e-12);
  EXPECT_NEAR(here.longest_s, 6e-3, 1e-12);
  EXPECT_EQ(profile->tasks[1].node, 1);
  EXPECT_NEAR(profile->span_s, 7e-3, 1e-12);
  EXPECT_EQ(profile->nodes, 2);
}

TEST(Reduce, BlamesCopiesOnTheirConsumer) {
  WrittenLog log(kHead);
  put_machine(log, 0);
  put_task(log, 100, processor(0, 1), 0, 0, kMs);
  log.put(uint32_t{9}).put(uint64_t{55}).put(uint64_t{100}).put(uint32_t{1});
  for (uint64_t event : {900, 901}) {
    log.put(uint32_t{6}).put(uint64_t{100}).put(uint64_t{64}).put(1 * kMs).put(2 * kMs);
    log.put(5 * kMs).put(event);
    log.put(uint32_t{7}).put(memory(0, 0)).put(memory(0, 1)).put(uint64_t{54});
    log.put(uint64_t{55}).put(event);
  }
  workload::Workload workload{*machine::MachineShape::parse("nodes=1,CPU=2"), {}};
  workload.tasks.push_back({"step", {}, false, {{{"grid"}}, {{"ghost"}}}, {}});
  const std::vector<std::string> paths = {log.write()};
  const auto profile = reduce(paths, &workload);
  ASSERT_TRUE(profile.has_value());
  ASSERT_THAT(profile->copies, SizeIs(1));
  const CopyProfile& copy = profile->copies[0];
  EXPECT_EQ(copy.from, (MemoryPlace{machine::MemoryKind::SysMem, 0, 0}));
  EXPECT_EQ(copy.to, (MemoryPlace{machine::MemoryKind::FbMem, 0, 0}));
  EXPECT_EQ(copy.consumer, "step");
  EXPECT_EQ(copy.argument, 1);
  EXPECT_EQ(copy.region, "ghost");
  EXPECT_EQ(copy.count, 2U);
  EXPECT_EQ(copy.bytes, 128U);
  EXPECT_NEAR(copy.time_s, 6e-3, 1e-12);
  EXPECT_NEAR(copy.wait_s, 2e-3, 1e-12);
}

/// With the fields of copies and of arguments, as newer runtimes log them.
std::string head_with_fields() {
  std::string head = kHead;
  for (const std::string_view last : {"dst_inst:unsigned long long:8, fevent:unsigned long long:8}",
                                      "op_id:UniqueID:8, index_id:unsigned:4}"}) {
    const std::string name = last.starts_with("dst") ? "dst_fid" : "field_id";
    head.insert(head.find(last) + last.size() - 1, ", " + name + ":unsigned:4");
  }
  return head;
}

TEST(Reduce, BlamesACopyOnTheArgumentWithItsFieldWhereSeveralShareAnInstance) {
  WrittenLog log(head_with_fields());
  put_machine(log, 0);
  put_task(log, 100, processor(0, 1), 0, 0, kMs);
  // Argument 0 uses field 7 of instance 55, argument 1 field 8.
  for (const uint32_t argument : {0U, 1U})
    log.put(uint32_t{9}).put(uint64_t{55}).put(uint64_t{100}).put(argument).put(argument + 7);
  log.put(uint32_t{6}).put(uint64_t{100}).put(uint64_t{64}).put(1 * kMs).put(2 * kMs);
  log.put(5 * kMs).put(uint64_t{900});
  log.put(uint32_t{7}).put(memory(0, 0)).put(memory(0, 1)).put(uint64_t{54});
  log.put(uint64_t{55}).put(uint64_t{900}).put(uint32_t{8});
  const std::vector<std::string> paths = {log.write()};
  const auto profile = reduce(paths, nullptr);
  ASSERT_TRUE(profile.has_value()) << profile.error().message;
  ASSERT_THAT(profile->copies, SizeIs(1));
  EXPECT_EQ(profile->copies[0].argument, 1);
}

TEST(Reduce, FindsThePeakOfAMemoryAndTheMapperCalls) {
  WrittenLog log(kHead);
  put_machine(log, 0);
  const auto live = [&](uint64_t unique, uint64_t bytes, uint64_t create, uint64_t destroy) {
    log.put(uint32_t{10}).put(unique).put(memory(0, 0)).put(bytes).put(create).put(destroy);
  };
  live(1, 100, 0, 10 * kMs);
  live(2, 50, 2 * kMs, 5 * kMs);
  live(3, 60, 5 * kMs, 6 * kMs);  // Takes the place of the second.
  log.put(uint32_t{11}).put(uint32_t{4}).put_text("map_task");
  log.put(uint32_t{12}).put(uint32_t{4}).put(uint64_t{0}).put(kMs);
  log.put(uint32_t{12}).put(uint32_t{4}).put(2 * kMs).put(3 * kMs);
  const std::vector<std::string> paths = {log.write()};
  const auto profile = reduce(paths, nullptr);
  ASSERT_TRUE(profile.has_value());
  ASSERT_THAT(profile->memories, SizeIs(1));
  EXPECT_EQ(profile->memories[0].peak, 160U);
  EXPECT_EQ(profile->memories[0].capacity, 1000U);
  ASSERT_THAT(profile->instances, SizeIs(1));
  EXPECT_EQ(profile->instances[0].count, 3U);
  EXPECT_EQ(profile->instances[0].largest, 100U);
  EXPECT_NEAR(profile->instances[0].lifetime_s, 14e-3, 1e-12);
  ASSERT_THAT(profile->mapper_calls, SizeIs(1));
  EXPECT_EQ(profile->mapper_calls[0].call, "map_task");
  EXPECT_EQ(profile->mapper_calls[0].count, 2U);
  EXPECT_NEAR(profile->mapper_calls[0].time_s, 2e-3, 1e-12);
}

TEST(Reduce, CountsWorkOfProcessorsOnce) {
  WrittenLog log(kHead);
  put_machine(log, 0);
  log.put(uint32_t{1}).put(processor(0, 3)).put(uint32_t{1});
  log.put(uint32_t{1}).put(processor(0, 4)).put(uint32_t{1});
  // Two kernels on one GPU, from 1 to 4 and from 3 to 6 ms: 5 ms of work in a window of 6 ms.
  for (const auto& [op, from, to] : {std::tuple<uint64_t, uint64_t, uint64_t>{100, 1, 4},
                                     std::tuple<uint64_t, uint64_t, uint64_t>{101, 3, 6}}) {
    log.put(uint32_t{15}).put(op).put(uint32_t{7}).put(uint32_t{1}).put(processor(0, 3));
    log.put(uint64_t{0}).put(uint64_t{0}).put(1 * kMs).put(from * kMs).put(to * kMs);
  }
  // The runtime: 10 ms, of which 4 are blocked.
  log.put(uint32_t{14}).put(uint64_t{9}).put(uint32_t{2}).put(12 * kMs).put(16 * kMs);
  log.put(uint32_t{13}).put(uint64_t{9}).put(uint32_t{2}).put(processor(0, 0));
  log.put(10 * kMs).put(20 * kMs);
  const std::vector<std::string> paths = {log.write()};
  const auto profile = reduce(paths, nullptr);
  ASSERT_TRUE(profile.has_value()) << profile.error().message;
  ASSERT_THAT(profile->processors, SizeIs(5));  // CPU 0 and 1, GPU 0 and 1, UTIL.
  const ProcessorProfile& gpu = profile->processors[2];
  EXPECT_EQ(gpu.kind, "GPU");
  EXPECT_EQ(gpu.tasks, 2U);
  EXPECT_NEAR(gpu.busy_s, 5e-3, 1e-12);
  EXPECT_NEAR(gpu.window_s, 6e-3, 1e-12);
  const ProcessorProfile& idle = profile->processors[3];
  EXPECT_EQ(idle.tasks, 0U);
  EXPECT_NEAR(idle.window_s, 6e-3, 1e-12);
  EXPECT_NEAR(profile->processors[4].runtime_s, 6e-3, 1e-12);
  ASSERT_THAT(profile->tasks, SizeIs(1));
  EXPECT_NEAR(profile->tasks[0].median_s, 3e-3, 1e-12);
}

TEST(Reduce, SeesConversionsAndSourcesOfCopies) {
  WrittenLog log(kHead);
  put_machine(log, 0);
  put_task(log, 100, processor(0, 1), 0, 0, kMs);
  const auto use = [&](uint64_t instance, uint64_t argument) {
    log.put(uint32_t{9}).put(instance).put(uint64_t{100}).put(static_cast<uint32_t>(argument));
  };
  const auto order = [&](uint64_t instance, std::vector<uint32_t> dimensions) {
    for (uint32_t k = 0; k < dimensions.size(); ++k)
      log.put(uint32_t{17}).put(instance).put(k).put(dimensions[k]);
  };
  use(54, 0);
  use(55, 1);
  use(56, 1);
  order(54, {0, 1, 9});  // F order
  order(55, {1, 0, 9});  // C order
  order(56, {9, 0, 1});  // F order; one field, so where it stands makes no difference.
  const auto copy = [&](uint64_t to, uint64_t event) {
    log.put(uint32_t{6}).put(uint64_t{100}).put(uint64_t{64}).put(1 * kMs).put(2 * kMs);
    log.put(5 * kMs).put(event);
    log.put(uint32_t{7}).put(memory(0, 0)).put(memory(0, 0)).put(uint64_t{54}).put(to).put(event);
  };
  copy(55, 900);
  copy(56, 901);
  workload::Workload workload{*machine::MachineShape::parse("nodes=1,CPU=2"), {}};
  workload.tasks.push_back({"step", {}, false, {{{"grid"}}, {{"ghost"}}}, {}});
  const std::vector<std::string> paths = {log.write()};
  const auto profile = reduce(paths, &workload);
  ASSERT_TRUE(profile.has_value()) << profile.error().message;
  ASSERT_THAT(profile->copies, SizeIs(2));
  EXPECT_NE(profile->copies[0].converts, profile->copies[1].converts);
  EXPECT_EQ(profile->copies[0].source, "grid");
  EXPECT_EQ(profile->copies[0].region, "ghost");
}

TEST(Reduce, CountsRegionsAmongInstances) {
  WrittenLog log(kHead);
  put_machine(log, 0);
  for (uint64_t unique = 1; unique <= 6; ++unique) {
    log.put(uint32_t{10}).put(unique).put(memory(0, 0)).put(uint64_t{10});
    log.put(unique * kMs).put((unique + 1) * kMs);
    log.put(uint32_t{16}).put(unique).put(unique % 2).put(uint64_t{1}).put(uint32_t{1});
  }
  const std::vector<std::string> paths = {log.write()};
  const auto profile = reduce(paths, nullptr);
  ASSERT_TRUE(profile.has_value()) << profile.error().message;
  ASSERT_THAT(profile->instances, SizeIs(1));
  EXPECT_EQ(profile->instances[0].count, 6U);
  EXPECT_EQ(profile->instances[0].distinct, 2U);
}

}  // namespace
}  // namespace placewright::profile
