// SPDX-License-Identifier: Apache-2.0
#include "agent/program/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "circuit_workload.h"
#include "lang/grammar/sample.h"
#include "lang/syntax/parser.h"
#include "workload/candidate.h"
#include "workload/vocabulary.h"

namespace placewright::agent {
namespace {

TEST(Program, DecisionFunctionsHaveThePublishedNamesAndInputs) {
  std::vector<std::string> signatures;
  for (const Decision decision : kDecisions) signatures.push_back(signature(decision));
  EXPECT_THAT(signatures,
              testing::ElementsAre("task_decision(tasks)", "region_decision(regions)",
                                   "layout_decision()", "instance_limit_decision(tasks)",
                                   "index_task_map_decision(index_tasks, index_task_specification)",
                                   "single_task_map_decision(single_tasks)"));
  for (const Decision decision : kDecisions)
    EXPECT_EQ(parse_function_name(function_name(decision)), decision);
  EXPECT_EQ(parse_function_name("generate_mapper"), std::nullopt);
}

TEST(Program, MapperIsTheBodiesInOrder) {
  Program program;
  program[Decision::Task] = "Task * GPU;";
  program[Decision::Layout] = "Layout * * * AOS;";
  EXPECT_EQ(generate_mapper(program),
            "# ---- task_decision\nTask * GPU;\n# ---- region_decision\n# ---- layout_decision\n"
            "Layout * * * AOS;\n# ---- instance_limit_decision\n# ---- index_task_map_decision\n"
            "# ---- single_task_map_decision\n");
}

// Bodies are drawn from the grammar: with comments, odd blanks and line breaks anywhere.
TEST(Program, SplitIsTheInverseOfJoinForRandomPrograms) {
  const lang::grammar::Grammar grammar = lang::grammar::full_grammar();
  constexpr const char* kRules[] = {"task", "region", "layout", "limit", "map", "function"};
  for (uint32_t seed = 0; seed < 200; ++seed) {
    lang::grammar::Sampler sampler(grammar, seed);
    Program program;
    for (size_t i = 0; i < kDecisionCount; ++i) {
      const uint32_t rules = (seed + i) % 4;
      std::string body;
      for (uint32_t k = 0; k < rules; ++k) body += sampler.text(kRules[i], 8) + "\n";
      program.bodies[i] = make_body(body);
    }
    const auto split = split_mapping(generate_mapper(program));
    ASSERT_TRUE(split) << seed;
    EXPECT_EQ(*split, program) << seed;
  }
}

TEST(Program, JoinIsTheInverseOfSplitForTitledMappings) {
  Program program;
  program[Decision::Task] = "Task * GPU;\n\n# why\nTask a CPU;";
  const std::string titled = "# Found by a search.\n# And more.\n\n" + generate_mapper(program);
  EXPECT_EQ(split_mapping(titled).value(), program);
}

TEST(Program, TrailingTextIsKeptExactly) {
  Program program;
  program[Decision::Task] = "Task * GPU;\n";
  program[Decision::SingleTaskMap] = "\n";
  EXPECT_EQ(split_mapping(generate_mapper(program)).value(), program);
}

// Whatever the narrowed grammar derives keeps its decisions when it is taken apart and joined.
TEST(Program, SplittingAForeignMappingKeepsWhatItDecides) {
  const workload::Workload workload = tune::circuit_workload();
  const auto grammar = lang::grammar::narrowed_grammar(workload::vocabulary_of(workload));
  for (uint32_t seed = 0; seed < 100; ++seed) {
    lang::grammar::Sampler sampler(grammar, seed);
    const std::string text = sampler.text("program", 16);
    const workload::Candidate before =
        workload::compile_candidate("m", text, workload, workload.machine);
    ASSERT_NE(before.policy, nullptr) << before.messages;
    const auto program = split_mapping(text);
    ASSERT_TRUE(program) << program.error().message;
    const workload::Candidate after =
        workload::compile_candidate("m", generate_mapper(*program), workload, workload.machine);
    ASSERT_NE(after.policy, nullptr) << after.messages << generate_mapper(*program);
    EXPECT_EQ(before.fingerprint.text, after.fingerprint.text) << seed;
    EXPECT_EQ(before.decisions, after.decisions) << seed;
  }
}

TEST(Program, DefinitionsGoWhereTheyAreUsedFirst) {
  const auto program = split_mapping(
      "mgpu = Machine(GPU);\n"
      "wide = 8;\n"
      "def f(Task task) { return mgpu[0, task.ipoint[0] % mgpu.size[1]]; }\n"
      "IndexTaskMap a f;  # all of them\n"
      "# small ones\n"
      "Task a CPU if task.ispace.volume < wide;\n"
      "Region a 0 GPU ZCMEM;\nPriority a 3;\nInstanceLimit a 1;\nSingleTaskMap b f;\n");
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ((*program)[Decision::Task],
            "wide = 8;\n# small ones\nTask a CPU if task.ispace.volume < wide;\nPriority a 3;");
  EXPECT_EQ((*program)[Decision::Region], "Region a 0 GPU ZCMEM;");
  EXPECT_EQ((*program)[Decision::InstanceLimit], "InstanceLimit a 1;");
  EXPECT_EQ((*program)[Decision::IndexTaskMap],
            "mgpu = Machine(GPU);\n"
            "def f(Task task) { return mgpu[0, task.ipoint[0] % mgpu.size[1]]; }\n"
            "IndexTaskMap a f;  # all of them");
  EXPECT_EQ((*program)[Decision::SingleTaskMap], "SingleTaskMap b f;");
}

TEST(Program, AMappingWithErrorsCannotBeTakenApart) {
  const auto program = split_mapping("Task GPU;\n");
  ASSERT_FALSE(program);
  EXPECT_THAT(program.error().message, testing::HasSubstr("mapping:1:"));
}

TEST(Program, BodiesCannotContainMarks) {
  EXPECT_EQ(make_body("\n\nTask * GPU;  \r\n# ---- region_decision\nTask a CPU;\n\n"),
            "Task * GPU;\nTask a CPU;");
  EXPECT_EQ(make_body(" \n"), "");
}

TEST(Program, LinesOfTheMapperLeadBackToTheirBodies) {
  Program program;
  program[Decision::Task] = "Task * GPU;\nTask a CPU;";
  program[Decision::Layout] = "Layout * * * AOS;";
  EXPECT_EQ(body_line(program, 1), std::nullopt);
  EXPECT_EQ(body_line(program, 3)->decision, Decision::Task);
  EXPECT_EQ(body_line(program, 3)->line, 2);
  EXPECT_EQ(body_line(program, 4), std::nullopt);
  EXPECT_EQ(body_line(program, 6)->decision, Decision::Layout);
  EXPECT_EQ(body_line(program, 60), std::nullopt);
}

}  // namespace
}  // namespace placewright::agent
