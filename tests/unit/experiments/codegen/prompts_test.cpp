// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/prompts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/prompt.h"

namespace placewright::experiments {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string asked(Target target, int strategy) {
  return first_request(target, *find_strategy(strategy)).messages.back().text;
}

TEST(Prompts, BothTargetsGetTheSameProgramAndTask) {
  const std::string mapping = asked(Target::Mapping, 9);
  const std::string cpp = asked(Target::Cpp, 9);
  const std::string application = agent::PromptLibrary().get("codegen-application").text;
  for (const std::string& text : {mapping, cpp}) {
    EXPECT_THAT(text, HasSubstr(application));
    EXPECT_THAT(text, HasSubstr(find_strategy(9)->text));
  }
  EXPECT_THAT(mapping, HasSubstr(std::string(starting_code(Target::Mapping))));
  EXPECT_THAT(cpp, HasSubstr(std::string(starting_code(Target::Cpp))));
}

TEST(Prompts, BothReferencesHaveTheSameExamples) {
  for (const char* comment : {"`table` in pinned memory where smooth runs on CPUs.",
                              "All points of gather on the last GPU of the first node."}) {
    EXPECT_THAT(asked(Target::Mapping, 1), HasSubstr(comment));
    EXPECT_THAT(asked(Target::Cpp, 1), HasSubstr(comment));
  }
}

TEST(Prompts, GrammarComesFromTheLanguage) {
  EXPECT_THAT(asked(Target::Mapping, 1), HasSubstr("program    := statement+\n"));
}

TEST(Prompts, GiveNoReferenceAway) {
  for (const Strategy& strategy : strategies()) {
    const std::string_view last =
        strategy.mapping.substr(strategy.mapping.rfind('\n', strategy.mapping.size() - 2) + 1);
    if (last.starts_with("mgpu")) continue;  // A strategy of the layout alone.
    EXPECT_THAT(asked(Target::Mapping, strategy.number), Not(HasSubstr(std::string(last))));
  }
}

TEST(Prompts, AreNamedWithVersionsAndHashes) {
  const llm::Request request = first_request(Target::Cpp, *find_strategy(1));
  EXPECT_THAT(request.prompt,
              testing::MatchesRegex("codegen-system v1 \\([0-9a-f]+\\), codegen-task v2 .*, "
                                    "codegen-application v1 .*, codegen-cpp v2 \\([0-9a-f]+\\)"));
}

TEST(Prompts, RefinementShowsTheLastAnswerAndItsMessage) {
  const llm::Request first = first_request(Target::Mapping, *find_strategy(3));
  Assessment assessment;
  assessment.grade = Grade::DoesNotCompile;
  assessment.message = "answer.mapping:1:1: error: what is this";
  const llm::Request next = next_request(first, Target::Mapping, "the answer", assessment);
  ASSERT_EQ(next.messages.size(), 4U);
  EXPECT_EQ(next.messages[2], (llm::Message{llm::Role::Assistant, "the answer"}));
  EXPECT_THAT(next.messages[3].text, HasSubstr("does not compile:\n\n```\nanswer.mapping:1:1"));
  EXPECT_THAT(next.prompt, HasSubstr("codegen-again v2"));
}

}  // namespace
}  // namespace placewright::experiments
