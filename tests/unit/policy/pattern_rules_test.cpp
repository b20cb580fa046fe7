// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "counted_new.h"
#include "policies.h"
#include "policy/policy.h"

namespace placewright::policy {
namespace {

using testing::ElementsAre;

constexpr machine::ProcessorKind kCpu = machine::ProcessorKind::Cpu;
constexpr machine::ProcessorKind kGpu = machine::ProcessorKind::Gpu;

TEST(Policy, APatternSpeaksOfEveryNameOfItsForm) {
  const auto policy = good_policy(
      "Task \"Update*\" GPU; Task UpdateA CPU; Task * OMP; InstanceLimit \"*B\" 2;"
      "ControlReplicate \"main*\";");
  const auto kinds = [&](std::string_view task) {
    const auto found = policy->processor_kinds(policy->task(task));
    return std::vector(found.begin(), found.end());
  };
  EXPECT_THAT(kinds("UpdateB"), ElementsAre(kGpu));
  EXPECT_THAT(kinds("Update"), ElementsAre(kGpu));
  EXPECT_THAT(kinds("UpdateA"), ElementsAre(kCpu)) << "a name comes before a pattern";
  EXPECT_THAT(kinds("NoUpdate"), ElementsAre(machine::ProcessorKind::Omp));
  EXPECT_EQ(policy->instance_limit(policy->task("UpdateB"), kGpu), 2);
  EXPECT_EQ(policy->instance_limit(policy->task("UpdateA"), kGpu), 0);
  EXPECT_TRUE(policy->replicates(policy->task("main_task"))->replicated);
  EXPECT_FALSE(policy->replicates(policy->task("other"))->replicated);
}

TEST(Policy, TheNarrowestPatternDecidesWhereverItStands) {
  const auto policy =
      good_policy("Task \"*\" CPU; Task \"Up*\" OMP; Task \"Update*\" GPU; Priority \"Up*\" 3;");
  const auto kind = [&](std::string_view task) {
    return policy->processor_kinds(policy->task(task)).front();
  };
  EXPECT_EQ(kind("UpdateA"), kGpu);
  EXPECT_EQ(kind("Upper"), machine::ProcessorKind::Omp);
  EXPECT_EQ(kind("step"), kCpu);
  EXPECT_EQ(policy->priority(policy->task("UpdateA"), kGpu), 3);
}

TEST(Policy, MemoriesOfPatternsComeBetweenThoseOfNamesAndOfNumbers) {
  const auto policy = good_policy(
      "Region * * * SYSMEM; Region \"s*\" 0 * RDMEM; Region step \"g*\" * ZCMEM;"
      "Region step 0 * SOCKMEM; Region step ghost * FBMEM;");
  EXPECT_EQ(memories(*policy, "step", {"ghost"}, 0, kCpu), "FBMEM ZCMEM SOCKMEM RDMEM SYSMEM");
  EXPECT_EQ(memories(*policy, "step", {"grid"}, 1, kCpu), "ZCMEM SYSMEM");
  EXPECT_EQ(memories(*policy, "step", {"grid", "glue"}, 1, kCpu), "ZCMEM SYSMEM")
      << "a pattern that matches two names counts once";
  EXPECT_EQ(memories(*policy, "stop", {"ghost"}, 0, kCpu), "RDMEM SYSMEM");
}

TEST(Policy, ConditionsOfPatternsHoldForTheirTasksOnly) {
  const auto policy = good_policy("Task \"Update*\" CPU if task.tag == 7; Task * GPU;");
  const auto kind = [&](std::string_view task, uint64_t tag) {
    return policy->processor_kinds(policy->task(task, {std::nullopt, tag, 0}).value()).front();
  };
  EXPECT_EQ(kind("UpdateA", 7), kCpu);
  EXPECT_EQ(kind("UpdateA", 0), kGpu);
  EXPECT_EQ(kind("step", 7), kGpu);
}

TEST(Policy, ListsCostTheirLengthNotTheirProduct) {
  const auto text = [](int length) {
    std::string tasks, regions;
    for (int i = 0; i < length; ++i) {
      tasks += (i > 0 ? ", t" : "t") + std::to_string(i);
      regions += (i > 0 ? ", r" : "r") + std::to_string(i);
    }
    return "Region " + tasks + " " + regions + " GPU FBMEM;\nLayout " + tasks + " " + regions +
           " * SOA;\nCollectMemory " + tasks + " " + regions + ";\n";
  };
  const auto bytes = [&](int length) {
    const std::string mapping = text(length);
    const int64_t before = allocated_bytes();
    const auto policy = good_policy(mapping);
    const std::vector<RegionId> last = {policy->region("r" + std::to_string(length - 1))};
    const TaskId task = policy->task("t" + std::to_string(length - 1));
    EXPECT_EQ(policy->memories(task, {last, 0}, kGpu).size(), 1U);
    EXPECT_TRUE(policy->layout(task, {last, 0}, machine::MemoryKind::FbMem));
    EXPECT_TRUE(policy->collects(task, {last, 0}));
    return allocated_bytes() - before;
  };
  const int64_t once = bytes(2000);
  EXPECT_LE(bytes(4000), once * 5 / 2);
}

}  // namespace
}  // namespace placewright::policy
