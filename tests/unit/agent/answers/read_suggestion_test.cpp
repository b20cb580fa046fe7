// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/answers/answer.h"

namespace placewright::agent {
namespace {

std::string task_body(const std::string& answer) {
  const auto read = read_suggestion(answer);
  EXPECT_TRUE(read) << read.error().message;
  return read && read->bodies.contains(Decision::Task) ? read->bodies.at(Decision::Task) : "none";
}

TEST(ReadSuggestion, ReadsPlainJson) {
  EXPECT_EQ(
      task_body(
          R"({"reasoning": "r", "answer": "", "suggestion": {"task_decision": "Task * GPU;"}})"),
      "Task * GPU;");
}

TEST(ReadSuggestion, ProseAndFencesAroundJsonAreIgnored) {
  EXPECT_EQ(
      task_body("Sure! Here {is} what I think:\n```json\n{\"suggestion\": {\"task_decision\": "
                "\"Task * GPU;\"}}\n```\nHope that helps."),
      "Task * GPU;");
}

TEST(ReadSuggestion, ASuggestionWithoutItsFrameIsAccepted) {
  EXPECT_EQ(task_body(R"({"task_decision": "Task * GPU;"})"), "Task * GPU;");
}

TEST(ReadSuggestion, TrailingCommasAndLineBreaksInStringsAreAccepted) {
  EXPECT_EQ(task_body("{\"suggestion\": {\"task_decision\": \"Task * GPU;\nTask a CPU;\",},}"),
            "Task * GPU;\nTask a CPU;");
}

TEST(ReadSuggestion, AnAnswerThatBreaksOffStillGivesItsWholePairs) {
  const auto read = read_suggestion(
      "{\"reasoning\": \"x\", \"suggestion\": {\"task_decision\": \"Task * GPU;\\nTask a "
      "\\\"b\\\";\", "
      "\"region_decision\": \"Region * * GPU FB");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->bodies.at(Decision::Task), "Task * GPU;\nTask a \"b\";");
  EXPECT_FALSE(read->bodies.contains(Decision::Region));
}

TEST(ReadSuggestion, CodeFencesAndTheFunctionsHeadAreRemoved) {
  EXPECT_EQ(task_body(R"({"suggestion": {"task_decision": "```\nTask * GPU;\n```"}})"),
            "Task * GPU;");
  EXPECT_EQ(
      task_body(R"({"suggestion": {"task_decision": "def task_decision(tasks):\nTask * GPU;"}})"),
      "Task * GPU;");
  EXPECT_EQ(
      task_body(R"({"suggestion": {"task_decision": "task_decision(tasks) {\nTask * GPU;\n}"}})"),
      "Task * GPU;");
}

TEST(ReadSuggestion, ListsOfLinesAreJoinedAndEmptyBodiesAreKept) {
  EXPECT_EQ(task_body(R"({"suggestion": {"task_decision": ["Task * GPU;", "Task a CPU;"]}})"),
            "Task * GPU;\nTask a CPU;");
  EXPECT_EQ(task_body(R"({"suggestion": {"task_decision": ""}})"), "");
}

TEST(ReadSuggestion, NullLeavesAVariableAsItIs) {
  const auto read = read_suggestion(
      R"({"suggestion": {"task_decision": null, "region_decision": "Region * * GPU FBMEM;"}})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->bodies.size(), 1u);
  EXPECT_FALSE(read_suggestion(R"({"suggestion": {"task_decision": null}})"));
}

TEST(ReadSuggestion, UnknownVariablesAreLeftOut) {
  const auto read =
      read_suggestion(R"({"suggestion": {"task_decision": "Task * GPU;", "system": "rm"}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->bodies.size(), 1u);
  EXPECT_THAT(read->unknown, testing::ElementsAre("system"));
}

TEST(ReadSuggestion, TerminateIsFoundAloneOrAsTheSuggestion) {
  EXPECT_TRUE(read_suggestion("TERMINATE").value().terminate);
  EXPECT_TRUE(read_suggestion("Nothing to do.\nTERMINATE\n").value().terminate);
  EXPECT_TRUE(read_suggestion(R"({"suggestion": "TERMINATE"})").value().terminate);
  EXPECT_FALSE(
      read_suggestion(
          R"({"reasoning": "no TERMINATE yet", "suggestion": {"task_decision": "Task * GPU;"}})")
          .value()
          .terminate);
}

TEST(ReadSuggestion, NonsenseIsRejectedWithAMessageForTheModel) {
  EXPECT_EQ(read_suggestion("I am a teapot.").error().message, "it contains no JSON object");
  EXPECT_THAT(read_suggestion(R"({"suggestion": {"x": 1}})").error().message,
              testing::HasSubstr("changes none of the variables task_decision, "));
  EXPECT_EQ(read_suggestion(R"({"suggestion": {"task_decision": 5}})").error().message,
            "the value of `task_decision` must be text");
  EXPECT_FALSE(read_suggestion(""));
  EXPECT_FALSE(read_suggestion("{\"suggestion\": []}"));
  EXPECT_FALSE(read_suggestion("[1, 2]"));
  EXPECT_FALSE(read_suggestion(std::string("\0{\xff", 3)));
}

}  // namespace
}  // namespace placewright::agent
