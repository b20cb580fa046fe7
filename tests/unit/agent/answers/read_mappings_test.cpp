// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/answers/answer.h"
#include "agent/program/check.h"
#include "circuit_workload.h"

namespace placewright::agent {
namespace {

using testing::HasSubstr;

MappingAnswer read(const std::string& text, size_t most = 4, bool truncated = false) {
  const auto answer = read_mappings(text, most, truncated);
  EXPECT_TRUE(answer) << answer.error().message;
  return answer.value_or(MappingAnswer{});
}

TEST(ReadMappings, CandidatesAndLessonsAreReadAfterTheirMarks) {
  const MappingAnswer answer = read(
      "Some prose.\nLESSON: shared nodes want zero-copy memory\n"
      "=== CANDIDATE: all on GPUs\nTask * GPU;\n\n=== CANDIDATE: CPUs\n```\nTask * CPU;\n```\n"
      "=== END\nGoodbye; Task * OMP;");
  ASSERT_EQ(answer.drafts.size(), 2u);
  EXPECT_EQ(answer.drafts[0].mapping, "Task * GPU;");
  EXPECT_EQ(answer.drafts[0].idea, "all on GPUs");
  EXPECT_EQ(answer.drafts[1].mapping, "Task * CPU;");
  EXPECT_THAT(answer.lessons, testing::ElementsAre("shared nodes want zero-copy memory"));
}

TEST(ReadMappings, OnlyWholeStatementsOfATruncatedAnswerCount) {
  const MappingAnswer answer = read(
      "=== CANDIDATE: a\nTask * GPU;\n=== CANDIDATE: b\nTask * CPU;\ndef f(Task task) {\n  return",
      4,
      /*truncated=*/true);
  ASSERT_EQ(answer.drafts.size(), 2u);
  EXPECT_EQ(answer.drafts[1].mapping, "Task * CPU;");
}

TEST(ReadMappings, JsonCandidatesMayHoldDecisionsOrMappings) {
  const MappingAnswer answer = read(
      R"({"lessons": ["one"], "candidates": [
          {"idea": "i", "decisions": {"tasks": [{"task": "calc", "kinds": ["GPU"]}]}},
          {"idea": "j", "mapping": "Task * CPU;"}]})");
  ASSERT_EQ(answer.drafts.size(), 2u);
  EXPECT_EQ(answer.drafts[0].mapping, "Task calc GPU;");
  EXPECT_EQ(answer.drafts[1].idea, "j");
  EXPECT_THAT(answer.lessons, testing::ElementsAre("one"));
}

TEST(ReadMappings, ASingleDecisionFormIsReadAsAMapping) {
  EXPECT_EQ(read(R"({"tasks": [{"task": "calc", "kinds": ["CPU"]}]})").drafts[0].mapping,
            "Task calc CPU;");
}

TEST(ReadMappings, NullMembersOfADecisionFormAreAbsent) {
  EXPECT_EQ(read(R"({"tasks": [{"task": null, "kinds": ["CPU"]}], "regions": null, "layouts": []})")
                .drafts[0]
                .mapping,
            "Task * CPU;");
}

TEST(ReadMappings, AWrongDecisionFormNamesThePlace) {
  const auto answer =
      read_mappings(R"({"tasks": [{"task": "calc", "kinds": ["GPUS"]}]})", 1, false);
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("tasks[0].kinds[0]"));
}

TEST(ReadMappings, AFencedBlockInProseIsTakenAsTheMapping) {
  EXPECT_EQ(read("I suggest\n```mapping\nTask * GPU;\n```\nbecause.").drafts[0].mapping,
            "Task * GPU;");
}

TEST(ReadMappings, BareStatementsInProseAreTakenAsTheMapping) {
  EXPECT_EQ(read("Here you go:\n\nmgpu = Machine(GPU);\nTask * GPU;\nRegion * * GPU FBMEM;\n\nBye!")
                .drafts[0]
                .mapping,
            "mgpu = Machine(GPU);\nTask * GPU;\nRegion * * GPU FBMEM;");
}

TEST(ReadMappings, NonsenseIsRejected) {
  for (const char* text :
       {"", "I cannot help with that.", "{}", "{\"a\": 1}", "[]", "=== CANDIDATE:", "=== END",
        "El mapeo es excelente.", "def main():\n    print(1)"}) {
    const auto answer = read_mappings(text, 4, false);
    EXPECT_FALSE(answer) << text;
  }
}

TEST(ReadMappings, NoMoreCandidatesAndLessonsThanAskedForAreKept) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "LESSON: l\n=== CANDIDATE: x\nTask * GPU;\n";
  const MappingAnswer answer = read(text, 3);
  EXPECT_EQ(answer.drafts.size(), 3u);
  EXPECT_EQ(answer.lessons.size(), 3u);
}

TEST(ReadMappings, IdeasAndLessonsAreOneBoundedLine) {
  const MappingAnswer answer =
      read("LESSON: " + std::string(9000, 'x') + "\n=== CANDIDATE: a\tb\x1b[0m\r\nTask * GPU;\n");
  EXPECT_LT(answer.lessons[0].size(), 300u);
  EXPECT_EQ(answer.drafts[0].idea, "a b[0m");
}

TEST(ReadMappings, StandardMapsAreDefinedWhereTheyAreUsed) {
  const workload::Workload workload = tune::circuit_workload();
  for (const char* text :
       {"IndexTaskMap GPU block_gpu;",
        "IndexTaskMap calc cyclic_gpu;\nIndexTaskMap update grid_gpu;",
        "mgpu = Machine(GPU);\ndef f(Task task) { return mgpu[0, 0]; }\nIndexTaskMap calc f;\n"
        "IndexTaskMap update block_gpu;"}) {
    const ProgramCheck check =
        check_mapping(with_standard_maps(std::string(text)), workload, workload.machine);
    EXPECT_TRUE(check.ok()) << check.candidate.messages;
  }
  EXPECT_EQ(with_standard_maps(std::string("Task * GPU;")), "Task * GPU;");
}

TEST(ReadMappings, StandardMapsOfAProgramGoIntoTheBodyThatUsesThem) {
  Program program;
  program[Decision::Task] = "Task * GPU, CPU;";
  program[Decision::IndexTaskMap] = "IndexTaskMap GPU block_gpu;";
  const Program completed = with_standard_maps(program);
  EXPECT_EQ(completed[Decision::Task], program[Decision::Task]);
  EXPECT_THAT(completed[Decision::IndexTaskMap], HasSubstr("def block_gpu(Task task)"));
}

// As large as an answer gets: linear time, no deep recursion.
TEST(ReadMappings, AnswersOfAMebibyteAreHandled) {
  const std::string blanks(1 << 20, ' ');
  EXPECT_FALSE(read_mappings("def" + blanks, 1, false));
  EXPECT_FALSE(read_mappings(std::string(1 << 20, '{'), 1, true));
  EXPECT_FALSE(read_suggestion(std::string(1 << 20, '"')));
  const std::string same = with_standard_maps(blanks + "block_gpu");
  EXPECT_THAT(same, testing::StartsWith("mgpu = Machine(GPU)"));
}

}  // namespace
}  // namespace placewright::agent
