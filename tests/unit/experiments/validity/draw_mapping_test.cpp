// SPDX-License-Identifier: Apache-2.0
#include "experiments/validity/draw_mapping.h"

#include <gtest/gtest.h>

#include <set>

#include "lang/check/checker.h"
#include "lang/syntax/parser.h"

namespace placewright::experiments {
namespace {

constexpr int kSeeds = 500;

/// Two dimensions, a name that needs quotes, an argument without a name, single launches.
workload::Workload sample() {
  workload::Workload workload{*machine::MachineShape::parse("nodes=1,GPU=4,CPU=2"), {}};
  const std::vector<machine::ProcessorKind> both = {machine::ProcessorKind::Cpu,
                                                    machine::ProcessorKind::Gpu};
  const std::vector<workload::WorkloadLaunch> grid = {{true, {{2, {0, 0}}, {2, {1, 1}}}, 3, 0, 1}};
  workload::WorkloadTask step{"main.step", both, false, {}, grid};
  step.arguments = {{{"cells"}, machine::Privilege::ReadWrite, 2, 1, 100},
                    {{}, machine::Privilege::ReadOnly, 2, 1, 100},
                    {{"cells"}, machine::Privilege::ReadOnly, 2, 1, 9}};
  const workload::WorkloadTask report{
      "report", {machine::ProcessorKind::Cpu}, false, {}, {{false, {}, 1, 0, 1}}};
  const workload::WorkloadTask top{
      "top_level", {machine::ProcessorKind::Cpu}, true, {}, {{false, {}, 1, 0, 0}}};
  workload.tasks = {step, report, top};
  return workload;
}

std::string drawn(int seed) { return draw_mapping("sample", sample(), seed); }

TEST(DrawMapping, EveryDrawParsesAndItsNamesAreDefined) {
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const SourceFile file("drawn", drawn(seed));
    Diagnostics diagnostics(file);
    lang::check(lang::parse(file, diagnostics), diagnostics);
    // A draw without any statement is an empty file; nothing else is wrong with the text.
    const bool has_text = !file.text().empty();
    EXPECT_EQ(diagnostics.has_errors(), !has_text) << file.text() << diagnostics.to_text();
  }
}

TEST(DrawMapping, SeedDecidesEverything) {
  std::set<std::string> texts;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    EXPECT_EQ(drawn(seed), drawn(seed));
    texts.insert(drawn(seed));
  }
  EXPECT_GT(texts.size(), kSeeds * 99 / 100);
}

// Trials of applications with the same tasks have to be independent.
TEST(DrawMapping, ApplicationsDoNotShareDraws) {
  for (int seed = 1; seed <= 20; ++seed)
    EXPECT_NE(draw_mapping("cannon", sample(), seed), draw_mapping("summa", sample(), seed));
}

TEST(DrawMapping, AllOfTheLanguageComesUp) {
  std::string all;
  for (int seed = 1; seed <= kSeeds; ++seed) all += drawn(seed);
  for (const char* words : {"Task * OMP, GPU",
                            "Task \"main.step\" CPU",
                            "Region * * OMP ",
                            "Region \"main.step\" 1 GPU ",
                            "Region \"main.step\" cells CPU ",
                            "SOCKMEM, FBMEM, ZCMEM, SYSMEM;",
                            "Layout * * * AOS C_order",
                            "SOA F_order No_Align;",
                            "Align == 16;",
                            "Align == 256;",
                            "InstanceLimit report 8;",
                            "CollectMemory \"main.step\" *;",
                            "IndexTaskMap \"main.step\" map_",
                            "SingleTaskMap report map_",
                            ".merge(0, 1)",
                            ".split(1, 3)",
                            ".swap(0, 1)",
                            ".slice(1, 0, 1)",
                            ".auto_split(0, task.ispace)",
                            "(ip[0] + 2 * ip[1])",
                            ") / m.size[0] % task.ispace[1]",
                            "m[*task.parent.processor(m)]",
                            "m[3, 0]"})
    EXPECT_NE(all.find(words), std::string::npos) << words;
  for (const char* words : {"top_level", "IndexTaskMap report", "SingleTaskMap \"main.step\""})
    EXPECT_EQ(all.find(words), std::string::npos) << words;
}

// What may be absent is there in half of the draws: 250 of 500 with a standard deviation of 11.
TEST(DrawMapping, OptionalStatementsComeUpInHalfOfTheDraws) {
  int limits = 0;
  for (int seed = 1; seed <= kSeeds; ++seed)
    if (drawn(seed).find("InstanceLimit report") != std::string::npos) ++limits;
  EXPECT_NEAR(limits, kSeeds / 2, 45);
}

}  // namespace
}  // namespace placewright::experiments
