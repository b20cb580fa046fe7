// SPDX-License-Identifier: Apache-2.0
#include "agent/program/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "circuit_workload.h"

namespace placewright::agent {
namespace {

ProgramCheck check(const Program& program) {
  const workload::Workload workload = tune::circuit_workload();
  return check_program(program, workload, workload.machine);
}

TEST(Check, AStatementInTheWrongBodyNamesTheRightFunction) {
  Program program;
  program[Decision::Task] = "Task * GPU, CPU;\nRegion * rp_shared GPU ZCMEM;";
  const ProgramCheck result = check(program);
  EXPECT_FALSE(result.ok());
  EXPECT_THAT(result.failing, testing::ElementsAre(Decision::Task));
  EXPECT_EQ(result.annotated,
            "task_decision(tasks):\n"
            "Task * GPU, CPU;\n"
            "Region * rp_shared GPU ZCMEM;\n"
            "^~~~~~~~~~~~~~~~~~~~~~~~~~~~~ # <-- error: this statement does not belong in "
            "`task_decision` [misplaced-statement]\n"
            "# help: move it to `region_decision`\n");
}

TEST(Check, EveryKindOfStatementHasItsFunction) {
  const std::pair<const char*, Decision> statements[] = {
      {"Task calc GPU;", Decision::Task},
      {"Priority calc 1;", Decision::Task},
      {"ControlReplicate top_level;", Decision::Task},
      {"Region calc 0 GPU FBMEM;", Decision::Region},
      {"CollectMemory calc 0;", Decision::Region},
      {"Layout calc 0 * SOA;", Decision::Layout},
      {"InstanceLimit calc 1;", Decision::InstanceLimit},
      {"IndexTaskMap calc f;", Decision::IndexTaskMap},
      {"SingleTaskMap top_level f;", Decision::SingleTaskMap}};
  for (const auto& [text, home] : statements) {
    for (const Decision decision : kDecisions) {
      Program program;
      program[Decision::Task] = "m = Machine(GPU);\ndef f(Task task) { return m[0, 0]; }";
      program[decision] += program[decision].empty() ? text : std::string("\n") + text;
      const ProgramCheck result = check(program);
      const bool misplaced = result.annotated.find("misplaced-statement") != std::string::npos;
      EXPECT_EQ(misplaced, decision != home) << text << " in " << function_name(decision);
    }
  }
}

TEST(Check, FunctionsAndValuesMayStandInEveryBody) {
  Program program;
  program[Decision::Task] =
      "few = 2;\nTask calc CPU if task.ispace.volume < few;\nTask * GPU, CPU;";
  program[Decision::IndexTaskMap] =
      "mgpu = Machine(GPU);\ndef f(Task task) { return mgpu[0, task.ipoint[0] % mgpu.size[1]]; }\n"
      "IndexTaskMap GPU f;";
  EXPECT_TRUE(check(program).ok()) << check(program).annotated;
}

TEST(Check, ErrorsStandBelowTheirLinesWithHelp) {
  Program program;
  program[Decision::Task] = "Task * GPU, CPU;\nTask calc GPUS;";
  program[Decision::Region] = "Region * rp_shared GPU ZCMEM;";
  const ProgramCheck result = check(program);
  EXPECT_FALSE(result.ok());
  EXPECT_THAT(
      result.annotated,
      testing::AllOf(testing::StartsWith("task_decision(tasks):\nTask * GPU, CPU;\nTask calc "
                                         "GPUS;\n          ^~~~ # <-- error: "),
                     testing::HasSubstr("[unknown-processor-kind]"),
                     testing::HasSubstr("# help: did you mean `GPU`?"),
                     testing::Not(testing::HasSubstr("region_decision"))));
}

TEST(Check, AnEmptyProgramIsAnErrorWithAHelp) {
  const ProgramCheck result = check({});
  EXPECT_FALSE(result.ok());
  EXPECT_THAT(result.annotated, testing::HasSubstr("empty"));
}

TEST(Check, WholeMappingsAreAnnotatedToo) {
  const workload::Workload workload = tune::circuit_workload();
  const ProgramCheck result =
      check_mapping("Task * GPU;\nRegion * rp_shared GPU FBMME;\n", workload, workload.machine);
  EXPECT_FALSE(result.ok());
  EXPECT_THAT(result.annotated, testing::HasSubstr("FBMME;\n                       ^~~~~"));
  EXPECT_TRUE(check_mapping("Task * GPU, CPU;", workload, workload.machine).ok());
}

}  // namespace
}  // namespace placewright::agent
