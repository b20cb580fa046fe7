// SPDX-License-Identifier: Apache-2.0
#include "decide/task_rules.h"

#include <gmock/gmock.h>

#include "policy/compiled_rules.h"
#include "samples.h"

namespace placewright::decide {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr ProcessorKind kCpu = ProcessorKind::Cpu;
constexpr ProcessorKind kGpu = ProcessorKind::Gpu;

Refusal look_up_refusal(const Setting& setting, const TaskFacts& task,
                        const machine::LaunchFacts& launch = {}) {
  const auto rules = look_up_task(setting, task, launch);
  EXPECT_FALSE(rules);
  return rules ? Refusal() : rules.error();
}

TEST(TaskRules, KindsAreThoseOfTheRuleThatTaskAndMachineHave) {
  const Sample sample("Task * GPU,CPU; Task a OMP,CPU,GPU; Task b IO;");
  EXPECT_THAT(look_up(sample.setting(), make_task("a")).kinds, ElementsAre(kCpu, kGpu));
  EXPECT_THAT(look_up(sample.setting(), make_task("other")).kinds, ElementsAre(kGpu, kCpu));
  const TaskFacts cpu_only{"a", {make_variant(1, kCpu)}};
  EXPECT_THAT(look_up(sample.setting(), cpu_only).kinds, ElementsAre(kCpu));
}

TEST(TaskRules, KindNeedsToBeOnOneNodeOnly) {
  std::vector<machine::NodeShape> nodes(2);
  nodes[0].processors[static_cast<size_t>(kCpu)] = 1;
  nodes[1] = nodes[0];
  nodes[1].processors[static_cast<size_t>(kGpu)] = 1;
  const Sample sample("Task a GPU,CPU;");
  const Machine machine{machine::MachineShape(nodes)};
  EXPECT_THAT(look_up({*sample.rules, machine}, make_task("a")).kinds, ElementsAre(kGpu, kCpu));
}

TEST(TaskRules, NoRuleGivesNoKindsAndNoLimits) {
  const Sample sample("Task b CPU; InstanceLimit b 2;");
  const TaskRules rules = look_up(sample.setting(), make_task("a"));
  EXPECT_THAT(rules.kinds, IsEmpty());
  EXPECT_FALSE(rules.has_limits());
  EXPECT_EQ(rules.facts.name, "a");
}

TEST(TaskRules, LimitsDependOnTheKindThatTheTaskRunsOn) {
  const Sample sample("InstanceLimit a 3; InstanceLimit CPU 2;");
  const TaskRules a = look_up(sample.setting(), make_task("a"));
  EXPECT_EQ(a.limit(kCpu), 3);
  EXPECT_EQ(a.limit(kGpu), 3);
  const TaskRules other = look_up(sample.setting(), make_task("other"));
  EXPECT_EQ(other.limit(kCpu), 2);
  EXPECT_EQ(other.limit(kGpu), 0);
  EXPECT_TRUE(other.has_limits());
}

TEST(TaskRules, TaskWithoutAnyKindOfItsRuleIsRefused) {
  const Sample sample("Task * CPU;\nTask a OMP,PY;");
  const Refusal refusal = look_up_refusal(sample.setting(), make_task("a"));
  EXPECT_EQ(refusal.message,
            "task `a` cannot run on any processor kind of its rule on this machine: the rule lists "
            "OMP, PY, the task has variants for CPU, GPU, the machine is nodes=2,CPU=2,GPU=2");
  EXPECT_EQ(refusal.help, "list a kind that the task has a variant for and the machine has");
  EXPECT_EQ(refusal.position, "test.mapping:2:1");
  EXPECT_EQ(refusal.id, "no-variant");
  EXPECT_EQ(refusal.argument.task, "a");
  EXPECT_EQ(refusal.argument.index, -1);
  EXPECT_FALSE(refusal.full_memory);
}

TEST(TaskRules, RefusalListsAKindOnce) {
  policy::RuleList list;
  list.processors.push_back({{{1, 2}, {{"a"}}}, {ProcessorKind::Omp, ProcessorKind::Omp}});
  const policy::CompiledRules rules("m", list, {}, {});
  const Machine machine = make_machine();
  EXPECT_THAT(look_up_refusal({rules, machine}, make_task("a")).message,
              testing::HasSubstr("the rule lists OMP, the task"));
}

TEST(TaskRules, StarRuleThatDoesNotFitLeavesTheTaskToTheDefaultMapper) {
  const Sample sample("Task * OMP; Task b CPU;");
  EXPECT_THAT(look_up(sample.setting(), make_task("a")).kinds, IsEmpty());
}

TEST(TaskRules, RuleWhoseConditionDoesNotHoldRefusesNothing) {
  const Sample sample("Task a OMP if task.tag == 3;");
  EXPECT_THAT(look_up(sample.setting(), make_task("a")).kinds, IsEmpty());
  machine::LaunchFacts launch;
  launch.tag = 3;
  EXPECT_EQ(look_up_refusal(sample.setting(), make_task("a"), launch).id, "no-variant");
}

TEST(TaskRules, PublishedSystemRefusesNoKinds) {
  const Sample sample("Task a OMP;");
  EXPECT_THAT(look_up(sample.as_published(), make_task("a")).kinds, IsEmpty());
}

TEST(TaskRules, ConditionWithoutAValueIsRefused) {
  const Sample sample("Task a CPU if 1 / task.tag == 1;");
  const Refusal refusal = look_up_refusal(sample.setting(), make_task("a"));
  EXPECT_EQ(refusal.message,
            "the condition of this rule for a single launch of task `a` (tag 0, depth 0): division "
            "by zero: `1 / 0` (for task `a`)");
  EXPECT_EQ(refusal.position, "test.mapping:1:15");
  EXPECT_EQ(refusal.id, "division-by-zero");
  EXPECT_EQ(refusal.argument.task, "a");
}

TEST(TaskRules, RefusalOfAnErrorNamesTheTask) {
  const Sample sample("Task a CPU;\nTask b CPU;");
  Diagnostic error;
  error.id = "some-id";
  error.range = {12, 14};
  error.message = "something is wrong";
  error.help = "change it";
  const Refusal refusal = refuse(*sample.rules, error, "calc");
  EXPECT_EQ(refusal.message, "something is wrong (for task `calc`)");
  EXPECT_EQ(refusal.help, "change it");
  EXPECT_EQ(refusal.position, "test.mapping:2:1");
  EXPECT_EQ(refusal.id, "some-id");
  EXPECT_EQ(refusal.argument.task, "calc");
}

TEST(TaskRules, KindsOfTheRuleAreRankedBeforeTheDefaultOnes) {
  const Sample sample("Task a CPU,GPU;");
  const TaskRules a = look_up(sample.setting(), make_task("a"));
  EXPECT_THAT(rank_kinds(a, false), ElementsAre(kCpu, kGpu, ProcessorKind::Proc, ProcessorKind::Omp,
                                                ProcessorKind::Io, ProcessorKind::Py));
  const TaskRules other = look_up(sample.setting(), make_task("other"));
  EXPECT_THAT(rank_kinds(other, false), ElementsAre(ProcessorKind::Proc, kGpu, ProcessorKind::Omp,
                                                    kCpu, ProcessorKind::Io, ProcessorKind::Py));
  EXPECT_EQ(rank_kinds(other, true).back(), kGpu);
}

TEST(TaskRules, FirstRankedKindWithVariantAndProcessorIsChosen) {
  const Sample sample("Task a CPU,GPU;");
  const machine::MachineShape& shape = sample.machine.shape();
  EXPECT_EQ(choose_kind(look_up(sample.setting(), make_task("a")), shape, 0, false, false), kCpu);
  const TaskRules other = look_up(sample.setting(), make_task("other"));
  EXPECT_EQ(choose_kind(other, shape, 0, false, false), kGpu);
  EXPECT_EQ(choose_kind(other, shape, 0, true, false), kCpu);
  const TaskRules omp = look_up(sample.setting(), {"omp", {make_variant(1, ProcessorKind::Omp)}});
  EXPECT_EQ(choose_kind(omp, shape, 0, false, false), kCpu);  // None is usable.
}

TEST(TaskRules, KindThatOnlyOtherNodesHaveIsUsed) {
  const auto shape = machine::MachineShape::parse("nodes=2,CPU=1,GPU=0|1").value();
  TaskRules task;
  task.facts = make_task("a");
  task.kinds = {kGpu};
  for (const int node : {0, 1}) {
    EXPECT_EQ(choose_kind(task, shape, node, false, /*is_index=*/false), kGpu);
    EXPECT_EQ(choose_kind(task, shape, node, false, /*is_index=*/true), kGpu);
  }
  const Sample sample("Task * CPU;");
  EXPECT_EQ(choose_kind(look_up(sample.setting(), make_task("a")), shape, 1, false, true), kCpu);
}

TEST(TaskRules, AllPointsOfALaunchHaveTheFirstKindASingleTaskOneOfItsNode) {
  const auto shape = machine::MachineShape::parse("nodes=2,CPU=1,GPU=0|1").value();
  TaskRules task;
  task.facts = make_task("a");
  task.kinds = {kGpu, kCpu};
  EXPECT_EQ(choose_kind(task, shape, 0, false, /*is_index=*/true), kGpu);
  EXPECT_EQ(choose_kind(task, shape, 1, false, /*is_index=*/true), kGpu);
  EXPECT_EQ(choose_kind(task, shape, 0, false, /*is_index=*/false), kCpu);
  EXPECT_EQ(choose_kind(task, shape, 1, false, /*is_index=*/false), kGpu);
}

TEST(TaskRules, NoRuleMeansAKindOfTheNode) {
  const auto shape = machine::MachineShape::parse("nodes=2,CPU=1,GPU=0|1").value();
  TaskRules task;
  task.facts = make_task("a");
  EXPECT_EQ(choose_kind(task, shape, 0, false, true), kCpu);
  EXPECT_EQ(choose_kind(task, shape, 1, false, true), kGpu);
}

TEST(Replication, TaskThatIsReplicatedAndPlacedIsRefusedWithBothLines) {
  const Sample sample(
      "m = Machine(CPU);\ndef f(Task t) { return m[0, 0]; }\nSingleTaskMap a f;\n"
      "ControlReplicate a if task.tag == 1;");
  machine::LaunchFacts launch;
  launch.tag = 1;
  Variant variant = make_variant(1, kCpu);
  variant.replicable = true;
  const auto both = choose_replication(sample.setting(),
                                       look_up(sample.setting(), make_task("a"), launch), variant);
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().message,
            "task `a` is both replicated by ControlReplicate and placed by SingleTaskMap "
            "(test.mapping:3:1)");
  EXPECT_EQ(both.error().position, "test.mapping:4:1");
  launch.tag = 0;
  EXPECT_TRUE(choose_replication(sample.setting(),
                                 look_up(sample.setting(), make_task("a"), launch), variant));
}

TEST(Replication, SingleTaskMapForAllDoesNotApplyToReplicatedTasks) {
  const Sample sample(
      "m = Machine(CPU); def f(Task t) { return m[0, 0]; } SingleTaskMap * f; ControlReplicate a;");
  Variant variant = make_variant(1, kCpu);
  variant.replicable = true;
  const auto rules = look_up(sample.setting(), make_task("a"));
  EXPECT_EQ(choose_replication(sample.setting(), rules, variant).value(), true);
}

TEST(Replication, ShardsAreOnTheNodesOfTheRuleThatHaveTheKind) {
  const auto rules = policy::good_policy("ControlReplicate a 1..3; ControlReplicate b;",
                                         "nodes=4,CPU=1,GPU=1|1|0|1");
  const Machine machine(machine::MachineShape::parse("nodes=4,CPU=1,GPU=1|1|0|1").value());
  const Setting setting{*rules, machine};
  EXPECT_THAT(shard_nodes(setting, policy::NodeRange{1, 3}, kCpu), ElementsAre(1, 2, 3));
  EXPECT_THAT(shard_nodes(setting, policy::NodeRange{1, 3}, kGpu), ElementsAre(1, 3));
  EXPECT_THAT(shard_nodes(setting, std::nullopt, kGpu), ElementsAre(0, 1, 3));
  EXPECT_THAT(shard_lists(setting), ElementsAre(ElementsAre(0, 1, 2, 3), ElementsAre(0, 1, 3),
                                                ElementsAre(1, 2, 3), ElementsAre(1, 3)));
}

TEST(Replication, ParentCountsAsBeingOnItsFirstShardsNode) {
  LaunchInfo launch = single_launch(ProcessorPlace{kCpu, 3, 1}, /*is_sharded=*/true);
  launch.parent->first_shard = 2;
  EXPECT_EQ(launch.facts_with_parent().parent, (machine::ParentProcessor{kCpu, 2, 0}));
  launch.parent->is_sharded = false;
  EXPECT_EQ(launch.facts_with_parent().parent, (machine::ParentProcessor{kCpu, 3, 1}));
}

TEST(TaskRules, LimitDoesNotHoldForNestedAndCollectiveLaunches) {
  TaskRules task;
  task.limits[static_cast<size_t>(kCpu)] = 4;
  LaunchInfo plain;
  LaunchInfo nested;
  nested.nested_in_itself = true;
  LaunchInfo collective;
  collective.collective = true;
  EXPECT_EQ(effective_limit(task, plain, kCpu), 4);
  EXPECT_EQ(effective_limit(task, plain, kGpu), 0);
  EXPECT_EQ(effective_limit(task, nested, kCpu), 0);
  EXPECT_EQ(effective_limit(task, collective, kCpu), 0);
  LaunchInfo beside_barriers;
  beside_barriers.beside_barriers = true;
  EXPECT_EQ(effective_limit(task, beside_barriers, kCpu), 0);
  EXPECT_TRUE(is_limit_without_effect(task, beside_barriers, kCpu));
}

TEST(TaskRules, LimitIsReportedAsWithoutEffectForCollectiveLaunchesOnly) {
  TaskRules task;
  task.limits[static_cast<size_t>(kCpu)] = 4;
  LaunchInfo launch;
  EXPECT_FALSE(is_limit_without_effect(task, launch, kCpu));
  launch.collective = true;
  EXPECT_TRUE(is_limit_without_effect(task, launch, kCpu));
  EXPECT_FALSE(is_limit_without_effect(task, launch, kGpu));
  launch.nested_in_itself = true;
  EXPECT_FALSE(is_limit_without_effect(task, launch, kCpu));
}

TEST(TaskRules, PriorityIsThatOfTheRuleElseZero) {
  const Sample sample("Priority a 5; Priority CPU -1;");
  const TaskRules a = look_up(sample.setting(), make_task("a"));
  const TaskRules other = look_up(sample.setting(), make_task("other"));
  EXPECT_EQ(choose_priority(*sample.rules, a, kGpu), 5);
  EXPECT_EQ(choose_priority(*sample.rules, other, kCpu), -1);
  EXPECT_EQ(choose_priority(*sample.rules, other, kGpu), 0);
}

Variant replicable() {
  Variant variant = make_variant(1, kCpu);
  variant.replicable = true;
  return variant;
}

TEST(Replication, ListedTasksReplicateAndOthersDoNot) {
  const Sample sample("ControlReplicate main;");
  const TaskRules main = look_up(sample.setting(), make_task("main"));
  const TaskRules other = look_up(sample.setting(), make_task("other"));
  EXPECT_EQ(choose_replication(sample.setting(), main, replicable()).value(), true);
  EXPECT_EQ(choose_replication(sample.setting(), other, replicable()).value(), false);
  EXPECT_EQ(choose_replication(sample.setting(), other, make_variant(1, kCpu)).value(), false);
}

TEST(Replication, NoRuleDecidesNothing) {
  const Sample sample("Task main CPU;");
  const TaskRules main = look_up(sample.setting(), make_task("main"));
  EXPECT_EQ(choose_replication(sample.setting(), main, replicable()).value(), std::nullopt);
}

TEST(Replication, OneNodeReplicatesNothing) {
  const Sample sample("ControlReplicate main;");
  const Machine one(machine::MachineShape::parse("CPU=1").value());
  const Setting setting{*sample.rules, one};
  const TaskRules main = look_up(setting, make_task("main"));
  EXPECT_EQ(choose_replication(setting, main, make_variant(1, kCpu)).value(), false);
}

TEST(Replication, VariantThatCannotBeReplicatedIsRefused) {
  const Sample sample("ControlReplicate other;\nControlReplicate main;");
  const TaskRules main = look_up(sample.setting(), make_task("main"));
  const auto replicates = choose_replication(sample.setting(), main, make_variant(2, kGpu));
  ASSERT_FALSE(replicates);
  EXPECT_EQ(replicates.error().message,
            "task `main` cannot be replicated: its GPU variant is not marked as replicable by the "
            "application");
  EXPECT_EQ(replicates.error().help, "remove it from the ControlReplicate statement");
  EXPECT_EQ(replicates.error().position, "test.mapping:2:1");
  EXPECT_EQ(replicates.error().id, "not-replicable");
  EXPECT_EQ(replicates.error().argument.task, "main");
}

TEST(Replication, RefusalNamesARuleForAllTasks) {
  policy::RuleList list;
  list.replicated.push_back({{{1, 2}, {}}});
  const policy::CompiledRules rules("m", list, {}, {});
  const Machine machine = make_machine();
  const Setting setting{rules, machine};
  const auto replicates =
      choose_replication(setting, look_up(setting, make_task("main")), make_variant(1, kCpu));
  ASSERT_FALSE(replicates);
  EXPECT_EQ(replicates.error().position, "m:1");
}

}  // namespace
}  // namespace placewright::decide
