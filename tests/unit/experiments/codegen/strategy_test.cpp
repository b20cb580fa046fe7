// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/strategy.h"

#include <gtest/gtest.h>

#include <set>

#include "experiments/codegen/built_in.h"
#include "experiments/codegen/expectation.h"
#include "lang/check/checker.h"
#include "lang/syntax/parser.h"
#include "policy/policy.h"

namespace placewright::experiments {
namespace {

/// The messages about a mapping on a machine; "null" where it has no meaning there.
std::string check_on(std::string_view text, const std::string& machine) {
  auto mapping = std::make_shared<policy::Mapping>(
      policy::Mapping{SourceFile("x.mapping", std::string(text)), {}});
  Diagnostics diagnostics(mapping->file);
  mapping->program = lang::parse(mapping->file, diagnostics);
  lang::check(mapping->program, diagnostics);
  const auto policy =
      policy::Policy::build(mapping, *machine::MachineShape::parse(machine), diagnostics);
  return (policy == nullptr ? "null" : "") + diagnostics.to_text();
}

TEST(Strategies, AreTheTenPublishedOnesInOrder) {
  ASSERT_EQ(strategies().size(), 10U);
  std::set<std::string> texts;
  for (size_t k = 0; k < strategies().size(); ++k) {
    EXPECT_EQ(strategies()[k].number, static_cast<int>(k) + 1);
    texts.insert(strategies()[k].text);
  }
  EXPECT_EQ(texts.size(), 10U);
  EXPECT_EQ(strategies()[6].name, "collected");
}

TEST(Strategies, TextIsOneLineOfWords) {
  for (const Strategy& strategy : strategies()) {
    EXPECT_EQ(strategy.text.find('\n'), std::string::npos);
    EXPECT_GT(strategy.text.size(), 80U) << strategy.name;
    EXPECT_EQ(strategy.text.back(), '.') << strategy.name;
  }
}

TEST(Strategies, ReferencesCheckWithoutAMessage) {
  for (const Strategy& strategy : strategies())
    EXPECT_EQ(check_on(strategy.mapping, "nodes=2,GPU=2,CPU=2"), "") << strategy.name;
}

TEST(Strategies, ReferencesHaveTheFixedPrologue) {
  for (const Strategy& strategy : strategies()) {
    for (const char* line :
         {"Task * GPU, CPU;\n", "Region * * GPU FBMEM;\n", "Region * * CPU SYSMEM;\n",
          "Layout * * * ", "mcpu = Machine(CPU);\n", "mgpu = Machine(GPU);\n"})
      EXPECT_NE(strategy.mapping.find(line), std::string_view::npos) << strategy.name << line;
  }
}

TEST(Strategies, StartingMappingChecksWithoutAMessage) {
  EXPECT_EQ(check_on(built_in("start.mapping"), "GPU=2,CPU=2"), "");
}

TEST(Strategies, FindsNoneOutsideOfTheTen) {
  EXPECT_EQ(find_strategy(0), nullptr);
  EXPECT_EQ(find_strategy(11), nullptr);
  ASSERT_NE(find_strategy(10), nullptr);
  EXPECT_EQ(find_strategy(10)->name, "cyclic");
}

TEST(Expectation, BlocksFillANodeBeforeTheNext) {
  const machine::MachineShape machine = *machine::MachineShape::parse("nodes=2,GPU=2,CPU=1");
  const CircuitTask& task = circuit_tasks().front();
  const Expectation blocked = expectation_of(1);
  EXPECT_EQ(*blocked.place_of(task, 1, machine), (infer::ObservedPlace{0, 1}));
  EXPECT_EQ(*blocked.place_of(task, 2, machine), (infer::ObservedPlace{1, 0}));
}

TEST(Expectation, DealingOutGoesToNodesFirst) {
  const machine::MachineShape machine = *machine::MachineShape::parse("nodes=2,GPU=2,CPU=1");
  const CircuitTask& task = circuit_tasks().front();
  const Expectation cyclic = expectation_of(10);
  EXPECT_EQ(*cyclic.place_of(task, 1, machine), (infer::ObservedPlace{1, 0}));
  EXPECT_EQ(*cyclic.place_of(task, 2, machine), (infer::ObservedPlace{0, 1}));
  // 5 = node 1, and 5 / 2 = 2, which is GPU 0 again.
  EXPECT_EQ(*cyclic.place_of(task, 5, machine), (infer::ObservedPlace{1, 0}));
}

TEST(Expectation, PlacesOfSetUpTasksAreFree) {
  const machine::MachineShape machine = *machine::MachineShape::parse("nodes=2,GPU=2,CPU=1");
  EXPECT_EQ(expectation_of(1).place_of(*find_circuit_task("init_piece"), 0, machine), std::nullopt);
}

TEST(Expectation, RunsForLimitsHaveMorePointsThanTheLimit) {
  EXPECT_EQ(run_shape_of(8).pieces, 16);
  EXPECT_EQ(run_shape_of(2).pieces, 4);
  EXPECT_TRUE(run_shape_of(7).probes);
  EXPECT_EQ(run_shape_of(10).processes, 2);
}

}  // namespace
}  // namespace placewright::experiments
