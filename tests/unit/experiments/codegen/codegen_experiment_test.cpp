// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/codegen_experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "llm/scripted_model.h"
#include "scripted_answer_tester.h"

namespace placewright::experiments {
namespace {

using llm::Failure;
using llm::ScriptedModel;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

CodegenSettings settings_for(std::vector<int> numbers, int refinements) {
  CodegenSettings settings;
  settings.targets = {Target::Mapping};
  settings.strategies = std::move(numbers);
  settings.refinements = refinements;
  return settings;
}

CodegenResult result_of(const CodegenSettings& settings, std::vector<llm::Completion> script) {
  ScriptedModel model(std::move(script));
  ScriptedAnswerTester tester;
  return run_codegen_experiment(settings, model, tester);
}

TEST(CodegenExperiment, RightAnswerEndsATrial) {
  const CodegenResult result =
      result_of(settings_for({1}, 10), {ScriptedModel::says("Here:\n```\nright\n```\n")});
  ASSERT_EQ(result.trials.size(), 1U);
  EXPECT_EQ(result.trials[0].attempts.size(), 1U);
  EXPECT_EQ(result.trials[0].single(), Grade::Right);
  EXPECT_EQ(result.trials[0].refined(), Grade::Right);
  EXPECT_EQ(result.trials[0].attempts[0].assessment.facts, 7U);
  EXPECT_FALSE(result.stopped);
}

TEST(CodegenExperiment, RefinementFixesWhatDidNotCompileAndThenFailed) {
  ScriptedModel model(std::vector<llm::Completion>{ScriptedModel::says("```\nbad\n```"),
                                                   ScriptedModel::says("```\nwrong\n```"),
                                                   ScriptedModel::says("```\nright\n```")});
  ScriptedAnswerTester tester;
  const CodegenResult result = run_codegen_experiment(settings_for({4}, 10), model, tester);
  ASSERT_EQ(result.trials.size(), 1U);
  const Trial& trial = result.trials[0];
  EXPECT_EQ(trial.single(), Grade::DoesNotCompile);
  EXPECT_EQ(trial.attempts[1].assessment.grade, Grade::Fails);
  EXPECT_EQ(trial.refined(), Grade::Right);
  // Each refinement shows the answer before it and what was wrong with that.
  const auto requests = model.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[2].messages.size(), 4U);
  EXPECT_EQ(requests[2].messages[2].text, "```\nwrong\n```");
  EXPECT_THAT(requests[2].messages[3].text, HasSubstr("not like this: wrong"));
}

TEST(CodegenExperiment, GivesUpAfterTheLastRefinement) {
  const CodegenResult result = result_of(
      settings_for({1, 2}, 2), {ScriptedModel::says("no"), ScriptedModel::says("no"),
                                ScriptedModel::says("bad"), ScriptedModel::says("right")});
  ASSERT_EQ(result.trials.size(), 2U);
  EXPECT_EQ(result.trials[0].attempts.size(), 3U);
  EXPECT_EQ(result.trials[0].single(), Grade::Fails);
  EXPECT_EQ(result.trials[0].refined(), Grade::DoesNotCompile);
  EXPECT_EQ(result.trials[1].single(), Grade::Right);
}

TEST(CodegenExperiment, WithoutRefinementsEachIsASingleTrial) {
  ScriptedModel model([](const llm::Request&, int) { return ScriptedModel::says("no"); });
  ScriptedAnswerTester tester;
  CodegenSettings settings = settings_for({3, 7}, 0);
  settings.targets = {Target::Mapping, Target::Cpp};
  const CodegenResult result = run_codegen_experiment(settings, model, tester);
  EXPECT_THAT(tester.asked, ElementsAre(Pair(Target::Mapping, 3), Pair(Target::Mapping, 7),
                                        Pair(Target::Cpp, 3), Pair(Target::Cpp, 7)));
  EXPECT_EQ(result.trials.size(), 4U);
}

TEST(CodegenExperiment, EmptyAnswerIsGradedNoAnswerAndAskedAgain) {
  const CodegenResult result =
      result_of(settings_for({1}, 1), {ScriptedModel::says(" \n"), ScriptedModel::says("right")});
  EXPECT_EQ(result.trials[0].single(), Grade::NoAnswer);
  EXPECT_EQ(result.trials[0].refined(), Grade::Right);
}

TEST(CodegenExperiment, ModelThatDeclinesEndsTheTrialOnly) {
  const CodegenResult result =
      result_of(settings_for({1, 2}, 5),
                {ScriptedModel::fails(Failure::Refused), ScriptedModel::says("right")});
  ASSERT_EQ(result.trials.size(), 2U);
  EXPECT_EQ(result.trials[0].attempts.size(), 1U);
  EXPECT_EQ(result.trials[0].single(), Grade::NoAnswer);
  EXPECT_EQ(result.trials[1].single(), Grade::Right);
}

TEST(CodegenExperiment, ModelThatOnlyReasonsEndsTheTrialOnlyAndSaysWhatHelps) {
  const CodegenResult result = result_of(
      settings_for({1, 2}, 5),
      {llm::fail(Failure::OnlyReasoning, "all spent", "allow more"), ScriptedModel::says("right")});
  ASSERT_EQ(result.trials.size(), 2U);
  EXPECT_EQ(result.trials[0].single(), Grade::NoAnswer);
  EXPECT_EQ(result.trials[0].attempts[0].assessment.message, "all spent\n  help: allow more\n");
  EXPECT_EQ(result.trials[1].single(), Grade::Right);
}

TEST(CodegenExperiment, FailureOfTheModelKeepsWhatWasDone) {
  const CodegenResult result = result_of(settings_for({1, 2, 3}, 1),
                                         {ScriptedModel::says("right"), ScriptedModel::says("bad"),
                                          ScriptedModel::fails(Failure::BadKey)});
  ASSERT_EQ(result.trials.size(), 2U);
  EXPECT_EQ(result.trials[1].refined(), Grade::DoesNotCompile);
  EXPECT_EQ(result.failure, "bad-key");
  EXPECT_TRUE(result.stopped);
}

TEST(CodegenExperiment, FailureOfTheTesterEndsTheExperiment) {
  const CodegenResult result =
      result_of(settings_for({1, 2}, 1), {ScriptedModel::says("broken"), ScriptedModel::says("x")});
  EXPECT_TRUE(result.trials.empty());
  ASSERT_TRUE(result.stopped);
  EXPECT_EQ(result.stopped->message, "there is no compiler");
  EXPECT_EQ(result.failure, "");
}

TEST(CodegenExperiment, TruncatedAnswerSaysSo) {
  llm::Completion half = ScriptedModel::says("```\nbad");
  half->truncated = true;
  half->usage.output = 2000;  // The server allows fewer than were asked for.
  CodegenResult result = result_of(settings_for({1}, 0), {half});
  EXPECT_THAT(result.trials[0].attempts[0].assessment.message,
              HasSubstr("cut off after 2000 tokens"));
  half->usage.output.reset();
  result = result_of(settings_for({1}, 0), {half});
  EXPECT_THAT(result.trials[0].attempts[0].assessment.message,
              HasSubstr("cut off after 8192 tokens"));
}

TEST(CodegenExperiment, PassesSettingsOn) {
  ScriptedModel model(std::vector<llm::Completion>{ScriptedModel::says("right")});
  ScriptedAnswerTester tester;
  CodegenSettings settings = settings_for({1}, 0);
  settings.temperature = 0.5;
  settings.seed = 3;
  settings.max_output_tokens = 99;
  (void)run_codegen_experiment(settings, model, tester);
  const llm::Request request = model.requests().front();
  EXPECT_EQ(request.temperature, 0.5);
  EXPECT_EQ(request.seed, 3U);
  EXPECT_EQ(request.max_output_tokens, 99);
}

TEST(CodegenExperiment, ReportsEachAttempt) {
  ScriptedModel model(
      std::vector<llm::Completion>{ScriptedModel::says("bad"), ScriptedModel::says("right")});
  ScriptedAnswerTester tester;
  CodegenSettings settings = settings_for({1}, 3);
  std::vector<size_t> seen;
  settings.on_attempt = [&](const Trial& trial) { seen.push_back(trial.attempts.size()); };
  (void)run_codegen_experiment(settings, model, tester);
  EXPECT_THAT(seen, ElementsAre(1U, 2U));
}

TEST(CodeOf, TakesTheFencedBlockElseEverything) {
  EXPECT_EQ(code_of("Sure!\n```mapping\nTask * CPU;\n```\nDone."), "Task * CPU;\n");
  EXPECT_EQ(code_of("Task * CPU;\n"), "Task * CPU;\n");
  EXPECT_EQ(code_of(" \n\t"), "");
}

}  // namespace
}  // namespace placewright::experiments
