// SPDX-License-Identifier: Apache-2.0
#include "llm/reasoning.h"

#include <gtest/gtest.h>

namespace placewright::llm {
namespace {

TEST(WithoutReasoning, TakesOutWhatIsBetweenMarks) {
  for (const auto& [open, close] :
       {std::pair{"<think>", "</think>"},
        {"<thinking>", "</thinking>"},
        {"<thought>", "</thought>"},
        {"<reasoning>", "</reasoning>"},
        {"[THINK]", "[/THINK]"},
        {"<|START_THINKING|>", "<|END_THINKING|>"},
        {"<|channel|>analysis<|message|>", "<|channel|>final<|message|>"}}) {
    const Unreasoned result =
        without_reasoning(std::string(open) + "\na long draft\n" + close + "\n\nTask * GPU;\n");
    EXPECT_EQ(result.text, "Task * GPU;\n") << open;
    EXPECT_TRUE(result.reasoned) << open;
  }
}

TEST(WithoutReasoning, KeepsTextWithoutMarksAsItIs) {
  for (const char* text : {"", "  Task * GPU;\n", "if (a < b) think();", "<answer>x</answer>",
                           "write `<think>` first"}) {
    const Unreasoned result = without_reasoning(text);
    EXPECT_EQ(result.text, text);
    EXPECT_FALSE(result.reasoned) << text;
  }
}

TEST(WithoutReasoning, TheOpeningMarkMayBeInThePrompt) {
  EXPECT_EQ(without_reasoning("a draft\n</think>\nTask * CPU;").text, "Task * CPU;");
}

TEST(WithoutReasoning, ReasoningThatQuotesItsMarksIsTakenOutWhole) {
  EXPECT_EQ(without_reasoning("<think>I end with </think> later: draft\n</think>\nyes").text,
            "yes");
}

TEST(WithoutReasoning, TextBetweenTwoReasoningsIsKept) {
  EXPECT_EQ(without_reasoning("<think>a</think>one <think>b</think>two").text, "one two");
}

TEST(WithoutReasoning, ReasoningThatNeverEndsLeavesNothing) {
  const Unreasoned result = without_reasoning("\n<think>\nTask * GPU;\n");
  EXPECT_EQ(result.text, "");
  EXPECT_TRUE(result.reasoned);
  EXPECT_EQ(without_reasoning("Task * CPU;\n<think>was that right?").text, "Task * CPU;\n");
}

TEST(WithoutReasoning, AStringOfJsonStaysAString) {
  EXPECT_EQ(without_reasoning(R"({"reasoning": "<think>a</think>b", "answer": 1})").text,
            R"({"reasoning": "b", "answer": 1})");
}

TEST(WithoutReasoning, ManyMarksCostTheirLength) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "<think>x</think>";
  EXPECT_EQ(without_reasoning(text + "y").text, "y");
  std::string closes;
  for (int i = 0; i < 200'000; ++i) closes += "</think>";
  EXPECT_EQ(without_reasoning(closes + "y").text, "y");
}

}  // namespace
}  // namespace placewright::llm
