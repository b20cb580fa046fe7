// SPDX-License-Identifier: Apache-2.0
#include "workload/decisions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/check/checker.h"
#include "lang/syntax/parser.h"
#include "workload/legality.h"

namespace placewright::workload {
namespace {

Workload workload_on(const char* machine) {
  Workload workload{*machine::MachineShape::parse(machine), {}};
  const std::vector<machine::ProcessorKind> both = {machine::ProcessorKind::Cpu,
                                                    machine::ProcessorKind::Gpu};
  workload.tasks.push_back({"calc",
                            both,
                            false,
                            {{{"rp_shared"}, machine::Privilege::ReadOnly, 1, 2, 100},
                             {{"grid"}, machine::Privilege::ReadWrite, 2, 1, 100}},
                            {{true, {{1, {0}}, {1, {3}}}, 5}}});
  return workload;
}

struct Loaded {
  std::shared_ptr<policy::Mapping> mapping;
  std::shared_ptr<const policy::Policy> policy;
  std::string messages;
  bool errors = false;
};

Loaded load(const std::string& text, const Workload& workload) {
  Loaded loaded;
  loaded.mapping = std::make_shared<policy::Mapping>(policy::Mapping{SourceFile("m", text), {}});
  Diagnostics diagnostics(loaded.mapping->file);
  loaded.mapping->program = lang::parse(loaded.mapping->file, diagnostics);
  lang::check(loaded.mapping->program, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.to_text();
  loaded.policy = policy::Policy::build(loaded.mapping, workload.machine, diagnostics);
  EXPECT_NE(loaded.policy, nullptr) << diagnostics.to_text();
  Diagnostics legality(loaded.mapping->file);
  check_legality(*loaded.policy, workload, legality);
  loaded.messages = legality.to_text();
  loaded.errors = legality.has_errors();
  return loaded;
}

const char* const kGpus = "nodes=1,GPU=4,CPU=2";

ResolvedDecisions decide(const std::string& text, const Workload& workload) {
  return resolve(*load(text, workload).policy, workload);
}

TEST(Decisions, ConditionsMakeExceptionsForLaunches) {
  Workload workload = workload_on(kGpus);
  workload.tasks[0].launches.push_back({true, {{1, {0}}, {1, {3}}}, 1, /*tag=*/7, /*depth=*/1});
  const ResolvedDecisions decisions = decide(
      "Task calc CPU if task.tag == 7;\nRegion calc 1 GPU ZCMEM if task.tag == 3;\n", workload);
  ASSERT_EQ(decisions.tasks.size(), 1u);
  const ResolvedTask& task = decisions.tasks[0];
  EXPECT_EQ(task.kind, machine::ProcessorKind::Gpu);
  ASSERT_EQ(task.exceptions.size(), 1u);
  EXPECT_EQ(task.exceptions.at(1).kind, machine::ProcessorKind::Cpu);
  EXPECT_EQ(task.exceptions.at(1).arguments[1].memory, machine::MemoryKind::SysMem);
  EXPECT_EQ(canonical_text(decisions),
            "task calc GPU limit 0\n"
            "  0 FBMEM SOA F_order\n"
            "  1 FBMEM SOA F_order\n"
            "  0..3 -> default\n"
            "  0..3 -> default\n"
            " launch 1 CPU limit 0\n"
            "  0 SYSMEM SOA F_order\n"
            "  1 SYSMEM SOA F_order\n");
  const ResolvedDecisions without = decide("Task other CPU;\n", workload);
  EXPECT_THAT(differences(without, decisions, workload),
              testing::ElementsAre(Difference{"`calc`", "choices that depend on the launch"}));
}

TEST(Decisions, ConditionWithoutAnswerIsAnErrorOfItsLaunch) {
  const Loaded loaded = load("Task calc CPU if task.ispace[1] == 1;\n", workload_on(kGpus));
  EXPECT_TRUE(loaded.errors);
  EXPECT_THAT(loaded.messages, testing::HasSubstr("index 1 is outside a tuple of 1"));
}

TEST(Decisions, WhereNoRuleSpeaksTheDefaultMapperStandsIn) {
  const Workload workload = workload_on(kGpus);
  const ResolvedDecisions decisions = decide("Task other CPU;\n", workload);
  EXPECT_EQ(canonical_text(decisions),
            "task calc GPU limit 0\n"
            "  0 FBMEM SOA F_order\n"
            "  1 FBMEM SOA F_order\n"
            "  0..3 -> default\n");
}

TEST(Decisions, DifferentTextsMayDecideAlikeForAWorkload) {
  const Workload workload = workload_on(kGpus);
  const auto all = decide("Region * rp_shared * ZCMEM;\n", workload);
  EXPECT_EQ(all, decide("Region calc 0 GPU ZCMEM, FBMEM;\n", workload));
  EXPECT_NE(all, decide("Region calc 1 GPU ZCMEM;\n", workload));
}

TEST(Decisions, LayoutWordsWithoutEffectMakeNoDifference) {
  const Workload workload = workload_on(kGpus);
  const auto plain = decide("Task calc GPU;\n", workload);
  // One dimension has no order, one field no interleaving.
  EXPECT_EQ(decide("Layout calc rp_shared * C_order;\n", workload), plain);
  EXPECT_EQ(decide("Layout calc grid * AOS;\n", workload), plain);
  EXPECT_NE(decide("Layout calc rp_shared * AOS;\n", workload), plain);
  EXPECT_NE(decide("Layout calc grid * C_order;\n", workload), plain);
}

TEST(Decisions, DifferencesNameTaskArgumentAndChange) {
  const Workload workload = workload_on(kGpus);
  const auto from = decide("Task calc GPU;\n", workload);
  const auto to = decide(
      "m = Machine(GPU);\ndef f(Task t) { return m[0, t.ipoint[0] / 2]; }\nIndexTaskMap calc f;\n"
      "Region calc rp_shared GPU ZCMEM;\n",
      workload);
  EXPECT_THAT(differences(from, to, workload),
              testing::ElementsAre(
                  Difference{"`calc` argument 0 (rp_shared)", "FBMEM -> ZCMEM"},
                  Difference{"`calc` over 0..3", "the default placement -> 0.0 0.0 0.1 0.1"}));
}

TEST(Legality, AnUnknownTaskIsAWarningWithTheNearestName) {
  const Loaded loaded = load("Task calk GPU;\n", workload_on(kGpus));
  EXPECT_FALSE(loaded.errors);
  EXPECT_THAT(
      loaded.messages,
      testing::AllOf(testing::HasSubstr("m:1:6: warning: the application launched no task `calk`"),
                     testing::HasSubstr("did you mean `calc`?"),
                     testing::HasSubstr("[unknown-task]")));
}

TEST(Legality, AnUnknownRegionIsAWarningWithTheNearestName) {
  const Loaded loaded = load("Region calc rp_shard GPU ZCMEM;\n", workload_on(kGpus));
  EXPECT_FALSE(loaded.errors);
  EXPECT_THAT(
      loaded.messages,
      testing::AllOf(
          testing::HasSubstr("m:1:13: warning: no region argument of the application is named"),
          testing::HasSubstr("did you mean `rp_shared`?"), testing::HasSubstr("[unknown-region]")));
}

TEST(Legality, ATaskWithoutAVariantForAnyListedKindIsAnErrorIfTheRuleNamesIt) {
  const Workload workload = workload_on("nodes=1,GPU=4,CPU=2,OMP=1");
  const Loaded named = load("Task calc OMP;\n", workload);
  EXPECT_TRUE(named.errors);
  EXPECT_THAT(named.messages, testing::HasSubstr("[no-variant]"));
  EXPECT_FALSE(load("Task * OMP;\n", workload).errors);
}

TEST(Legality, AMemoryThatTheTasksProcessorsCannotSeeIsAnErrorIfTheRuleNamesTheTask) {
  const Workload workload = workload_on(kGpus);
  const Loaded named = load("Task calc CPU;\nRegion calc rp_shared * FBMEM;\n", workload);
  EXPECT_TRUE(named.errors);
  EXPECT_THAT(named.messages, testing::HasSubstr("[unaddressable-memory]"));
  const Loaded general = load("Task calc CPU;\nRegion * * * FBMEM;\n", workload);
  EXPECT_FALSE(general.errors);
  EXPECT_THAT(general.messages, testing::HasSubstr("warning"));
}

TEST(Legality, AnIndexOutsideTheMachineIsFoundBeforeAnyRun) {
  const Loaded loaded = load(
      "m = Machine(GPU);\ndef f(Task t) { return m[0, t.ipoint[0] + 2]; }\nIndexTaskMap calc f;\n",
      workload_on(kGpus));
  EXPECT_TRUE(loaded.errors);
  EXPECT_THAT(loaded.messages, testing::HasSubstr("m:2:"));
}

}  // namespace
}  // namespace placewright::workload
