// SPDX-License-Identifier: Apache-2.0
#include "explain/edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "samples.h"

namespace placewright::explain {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Maker {
  explicit Maker(std::string text)
      : mapping(std::move(text)), edits(workload, workload.machine, mapping) {}
  workload::Candidate edited(const Edit& edit) const {
    return workload::compile_candidate("m", apply_edit(edit, mapping), workload, workload.machine);
  }
  workload::Workload workload = sample_workload();
  std::string mapping;
  EditMaker edits;
};

TEST(Edit, RulesOfAnEditTakePrecedence) {
  const Maker maker(kOnGpus);
  const auto edit = maker.edits.move_task("step", machine::ProcessorKind::Cpu);
  ASSERT_TRUE(edit.has_value());
  EXPECT_EQ(edit->rules, "Task step CPU;\n");
  const workload::Candidate after = maker.edited(*edit);
  ASSERT_NE(after.policy, nullptr) << after.messages;
  EXPECT_EQ(after.messages, "");
  const auto step = std::ranges::find(after.decisions.tasks, "step", &workload::ResolvedTask::name);
  EXPECT_EQ(step->kind, machine::ProcessorKind::Cpu);
}

TEST(Edit, RemovesTheRulesThatItMakesIneffective) {
  const std::string mapping =
      "Task * GPU, CPU;\nRegion * ghost GPU FBMEM;\nRegion * * GPU FBMEM;\nTask step, init GPU;\n";
  const Maker maker(mapping);
  const auto edit =
      maker.edits.move_regions({"ghost"}, machine::ProcessorKind::Gpu, machine::MemoryKind::ZcMem);
  ASSERT_TRUE(edit.has_value());
  EXPECT_EQ(apply_edit(*edit, mapping),
            "Region * ghost GPU ZCMEM;\nTask * GPU, CPU;\nRegion * * GPU FBMEM;\n"
            "Task step, init GPU;\n");
  // Only one of two names is taken, so the rule stays.
  const auto other = maker.edits.move_task("step", machine::ProcessorKind::Cpu);
  ASSERT_TRUE(other.has_value());
  EXPECT_THAT(apply_edit(*other, mapping), HasSubstr("Task step, init GPU;"));
}

TEST(Edit, ARuleWithAConditionIsNotRemoved) {
  const std::string mapping = "Task step GPU if task.ispace[0] > 2;\nTask * GPU, CPU;\n";
  const Maker maker(mapping);
  if (maker.edits.before().policy == nullptr) FAIL() << maker.edits.before().messages;
  const auto edit = maker.edits.move_task("step", machine::ProcessorKind::Cpu);
  ASSERT_TRUE(edit.has_value());
  EXPECT_THAT(apply_edit(*edit, mapping), HasSubstr("if task.ispace[0] > 2"));
}

TEST(Edit, NoEditIsMadeThatChangesNothing) {
  const Maker maker(kOnGpus);
  EXPECT_FALSE(maker.edits.move_task("step", machine::ProcessorKind::Gpu).has_value());
  EXPECT_FALSE(
      maker.edits.move_regions({"ghost"}, machine::ProcessorKind::Gpu, machine::MemoryKind::FbMem)
          .has_value());
}

TEST(Edit, NoEditIsMadeThatIsIllegal) {
  const Maker maker(kOnGpus);
  EXPECT_FALSE(
      maker.edits.move_task("top", machine::ProcessorKind::Gpu).has_value());  // no such variant
  EXPECT_FALSE(
      maker.edits.move_task("step", machine::ProcessorKind::Omp).has_value());  // no such processor
  EXPECT_FALSE(
      maker.edits.move_regions({"ghost"}, machine::ProcessorKind::Gpu, machine::MemoryKind::SysMem)
          .has_value());
  EXPECT_FALSE(
      maker.edits.move_task("a\"b", machine::ProcessorKind::Cpu).has_value());  // cannot be written
  EXPECT_FALSE(
      maker.edits.move_regions({""}, machine::ProcessorKind::Gpu, machine::MemoryKind::ZcMem)
          .has_value());
}

TEST(Edit, NoEditIsMadeForAMappingWithErrors) {
  const Maker maker("Task * GPUS;\n");
  EXPECT_FALSE(maker.edits.move_task("step", machine::ProcessorKind::Cpu).has_value());
}

TEST(Edit, AnEditOfAnEmptyMappingGivesItsRules) {
  const Maker maker("");
  const auto edit = maker.edits.move_task("step", machine::ProcessorKind::Cpu);
  ASSERT_TRUE(edit.has_value());
  EXPECT_EQ(apply_edit(*edit, ""), "Task step CPU;\n");
}

TEST(Edit, EditsWithIndexMapsIncludeTheirDefinitions) {
  const Maker maker(kOnGpus);
  for (const char* map : {"block", "cyclic", "grid"}) {
    const auto edit = maker.edits.place("step", map, machine::ProcessorKind::Gpu);
    ASSERT_TRUE(edit.has_value()) << map;
    const workload::Candidate after = maker.edited(*edit);
    ASSERT_NE(after.policy, nullptr) << after.messages;
    EXPECT_EQ(after.messages, "");
  }
}

TEST(Edit, IndexMapsGetNewNamesWhereTheirsAreTaken) {
  const Maker maker(
      "Task * GPU, CPU;\nmgpu = Machine(GPU);\n"
      "def block_gpu(Task t) { return mgpu[0, 0]; }\nIndexTaskMap fold block_gpu;\n");
  const auto edit = maker.edits.place("step", "block", machine::ProcessorKind::Gpu);
  ASSERT_TRUE(edit.has_value());
  EXPECT_THAT(edit->rules, HasSubstr("mgpu_2 = Machine(GPU).merge(0, 1);"));
  EXPECT_THAT(edit->rules, HasSubstr("IndexTaskMap step block_gpu_2;"));
  EXPECT_NE(maker.edited(*edit).policy, nullptr);
}

TEST(Edit, NamesThatAreNotWordsAreQuoted) {
  workload::Workload workload = sample_workload();
  workload.tasks[2].name = "main.step";
  const EditMaker edits(workload, workload.machine, "");
  const auto edit = edits.move_task("main.step", machine::ProcessorKind::Cpu);
  ASSERT_TRUE(edit.has_value());
  EXPECT_EQ(edit->rules, "Task \"main.step\" CPU;\n");
}

}  // namespace
}  // namespace placewright::explain
