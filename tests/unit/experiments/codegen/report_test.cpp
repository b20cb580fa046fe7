// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/report.h"

#include <gtest/gtest.h>

#include "llm/scripted_model.h"
#include "scripted_answer_tester.h"
#include "support/json.h"

namespace placewright::experiments {
namespace {

CodegenResult some_result() {
  // Mapping 1: right at once. 2: bad, then right. 5: fails twice. C++ 1: the model breaks down.
  llm::ScriptedModel model(std::vector<llm::Completion>{
      llm::ScriptedModel::says("right"), llm::ScriptedModel::says("bad"),
      llm::ScriptedModel::says("right"), llm::ScriptedModel::says("x"),
      llm::ScriptedModel::says("y"), llm::ScriptedModel::fails(llm::Failure::Timeout)});
  ScriptedAnswerTester tester;
  CodegenSettings settings;
  settings.targets = {Target::Mapping, Target::Cpp};
  settings.strategies = {1, 2, 5};
  settings.refinements = 1;
  return run_codegen_experiment(settings, model, tester);
}

TEST(Report, TableHasOneLinePerTargetAndMode) {
  EXPECT_EQ(render_table(some_result()), R"(strategy           1   2   5   right
mapping single    ok   -   x   1 of 3 (33 %)
mapping refined   ok  ok   x   2 of 3 (66 %)
C++ single         .   .   .
C++ refined        .   .   .
ok right by what Legion did, x compiles but fails, - does not compile, ? no answer
)");
}

TEST(Report, TableSaysWhyThereIsNoAnswer) {
  llm::ScriptedModel model({llm::fail(llm::Failure::OnlyReasoning, "all spent", "allow more"),
                            llm::ScriptedModel::says("")});
  ScriptedAnswerTester tester;
  CodegenSettings settings;
  settings.targets = {Target::Mapping};
  settings.strategies = {1, 2};
  settings.refinements = 0;
  const std::string table = render_table(run_codegen_experiment(settings, model, tester));
  EXPECT_NE(table.find("no answer for mapping 1: all spent\n  help: allow more\n"),
            std::string::npos)
      << table;
  EXPECT_NE(table.find("no answer for mapping 2: the answer has no code block\n"),
            std::string::npos)
      << table;
}

TEST(Report, JsonHasEveryAnswerWithItsGrade) {
  const auto json = nlohmann::json::parse(to_json(some_result()));
  EXPECT_EQ(json["study"], "codegen");
  EXPECT_EQ(json["model"], "scripted");
  ASSERT_EQ(json["trials"].size(), 3U);
  const auto& second = json["trials"][1];
  EXPECT_EQ(second["name"], "shared-zero-copy");
  EXPECT_EQ(second["single"], "does-not-compile");
  EXPECT_EQ(second["refined"], "right");
  ASSERT_EQ(second["attempts"].size(), 2U);
  EXPECT_EQ(second["attempts"][0]["code"], "bad");
  EXPECT_EQ(second["attempts"][0]["message"], "not like this: bad");
  EXPECT_TRUE(second["attempts"][0]["tokens"].contains("output"));
  EXPECT_EQ(json["stopped"]["failure"], "timeout");
}

TEST(Report, JsonTakesAnswersThatAreNotUtf8) {
  CodegenResult result = some_result();
  result.trials[0].attempts[0].code = "\xff\xfe";
  EXPECT_TRUE(nlohmann::json::accept(to_json(result)));
}

}  // namespace
}  // namespace placewright::experiments
