// SPDX-License-Identifier: Apache-2.0
#include "tune/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace placewright::tune {
namespace {

struct Read {
  std::optional<Settings> settings;
  std::string messages;
};

Read read(const std::string& text) {
  const SourceFile file("/studies/small.study.toml", text);
  Diagnostics diagnostics(file);
  auto settings = read_study_file(file, "/nowhere/bin", diagnostics);
  return {settings, diagnostics.to_text()};
}

TEST(StudyFile, PathsCountFromItsFolder) {
  const Read result = read(
      "[study]\ncommand = [\"./app\", \"-input\", \"{here}/a\", \"{bin}/b\"]\nmachine = "
      "\"../machines/p.toml\"\nbudget = \"1m30s\"\nclosing = \"2m\"\n[study.baselines]\nexpert = "
      "\"e.mapping\"\n");
  ASSERT_TRUE(result.settings) << result.messages;
  EXPECT_THAT(result.settings->command,
              testing::ElementsAre("/studies/app", "-input", "/studies/a", "/nowhere/bin/b"));
  EXPECT_EQ(result.settings->machine, "/machines/p.toml");
  EXPECT_EQ(result.settings->expert, "/studies/e.mapping");
  EXPECT_DOUBLE_EQ(result.settings->budget_s, 90);
  EXPECT_DOUBLE_EQ(result.settings->closing_s, 120);
  EXPECT_EQ(result.settings->name, "small");
}

TEST(StudyFile, HasFurtherInputs) {
  const std::string first =
      "[study]\ncommand = [\"./app\", \"-n\", \"10\"]\ncorrectness_command = [\"./app\"]\n";
  const Read result =
      read(first +
           "[[study.inputs]]\nname = \"large\"\ncommand = [\"./app\", \"-n\", \"99\"]\n"
           "correctness_command = [\"./app\"]\n"
           "[[study.inputs]]\ncommand = [\"./app\", \"-wide\"]\n"
           "correctness_command = [\"./app\"]\n");
  ASSERT_TRUE(result.settings) << result.messages;
  ASSERT_EQ(result.settings->inputs.size(), 2U);
  EXPECT_THAT(result.settings->inputs[0].command, testing::ElementsAre("/studies/app", "-n", "99"));
  EXPECT_EQ(input_name(*result.settings, 0), "-n 10");
  EXPECT_EQ(input_name(*result.settings, 1), "large");
  EXPECT_EQ(input_name(*result.settings, 2), "-wide");
  EXPECT_NE(identity(*result.settings), identity(*read(first).settings));
  EXPECT_FALSE(identity(*read(first).settings).contains("inputs"));
}

TEST(StudyFile, AnInputLacksNothingThatOthersHave) {
  const std::string study = "[study]\ncommand = [\"./app\"]\ncorrectness_command = [\"./app\"]\n";
  EXPECT_THAT(read(study + "[[study.inputs]]\ncommand = [\"./app\"]\n").messages,
              testing::HasSubstr("all inputs have a `correctness_command`, or none"));
  const Read result = read(study + "[[study.inputs]]\ncomand = [\"./app\"]\n");
  EXPECT_FALSE(result.settings);
  EXPECT_THAT(result.messages,
              testing::AllOf(testing::HasSubstr(":5:1: error: unknown key `comand`"),
                             testing::HasSubstr("an input needs a `command`")));
  EXPECT_THAT(read("[study]\ninputs = 3\n").messages,
              testing::HasSubstr(":2:10: error: `inputs` must be a list of tables"));
}

TEST(StudyFile, AnUnknownKeyIsReportedWithTheNearestOne) {
  const Read result = read("[study]\nmetrik = 'x'\n");
  EXPECT_FALSE(result.settings);
  EXPECT_THAT(
      result.messages,
      testing::AllOf(testing::HasSubstr("small.study.toml:2:1: error: unknown key `metrik`"),
                     testing::HasSubstr("[unknown-key]"),
                     testing::HasSubstr("did you mean `metric`?")));
}

TEST(StudyFile, ReportsSeveralMistakesWithTheirLines) {
  const Read result = read("[study]\ncommand = \"app\"\nbudget = \"soon\"\ntime_scale = -1\n");
  EXPECT_FALSE(result.settings);
  EXPECT_THAT(result.messages,
              testing::AllOf(testing::HasSubstr(":2:11: error: `command` must be a list"),
                             testing::HasSubstr("[wrong-type]"), testing::HasSubstr("[bad-value]"),
                             testing::HasSubstr(":3:10: error: `soon` is not a duration"),
                             testing::HasSubstr(":4:14: error: `time_scale` must be greater")));
}

TEST(StudyFile, WhatIsNotTomlIsReportedWithItsLine) {
  const Read result = read("[study]\nname = \n");
  EXPECT_FALSE(result.settings);
  EXPECT_THAT(result.messages, testing::HasSubstr("small.study.toml:2:"));
  EXPECT_THAT(result.messages, testing::HasSubstr("[study-syntax]"));
}

TEST(StudyFile, WhatTheLibraryForTomlOnlyAssertsIsReportedWithItsPlace) {
  EXPECT_THAT(read("[study]\nname = [\n  }\n").messages,
              testing::HasSubstr(":3:3: error: not TOML: expected a value"));
}

TEST(StudyFile, AnInfiniteScaleAndALongProgramAreNoHarm) {
  EXPECT_THAT(
      read("[study]\ncommand = [\"" + std::string(5000, 'a') + "\"]\ntime_scale = inf\n").messages,
      testing::HasSubstr(":3:14: error: `time_scale` must be greater than 0 and finite"));
}

TEST(Duration, TakesHoursMinutesAndSeconds) {
  EXPECT_DOUBLE_EQ(*parse_duration("90"), 90);
  EXPECT_DOUBLE_EQ(*parse_duration("3m"), 180);
  EXPECT_DOUBLE_EQ(*parse_duration("1h2m3.5s"), 3723.5);
  EXPECT_FALSE(parse_duration(""));
  EXPECT_FALSE(parse_duration("0s"));
  EXPECT_FALSE(parse_duration("3 days"));
}

TEST(StudyFile, NamesTheMetricItsDirectionAndItsUnit) {
  const Read result =
      read("[study]\nmetric = 'RATE = ([0-9.]+)'\ndirection = \"maximize\"\nunit = \"points/s\"\n");
  ASSERT_TRUE(result.settings) << result.messages;
  EXPECT_TRUE(result.settings->metric.maximizes());
  EXPECT_EQ(result.settings->metric.text(12), "12 points/s");
}

TEST(StudyFile, ADirectionIsMinimizeOrMaximize) {
  const Read result = read("[study]\ndirection = \"max\"\n");
  EXPECT_FALSE(result.settings);
  EXPECT_THAT(result.messages, testing::HasSubstr("`direction` must be `minimize` or `maximize`"));
}

TEST(StudyFile, NamesWhereTheSearchBeginsAndWhatStays) {
  const Read result = read(
      "[study]\nstart = 'a.mapping'\npin = '../b.mapping'\nonly = ['calc*']\n"
      "except = ['calc_x', 'y']\n");
  ASSERT_TRUE(result.settings) << result.messages;
  EXPECT_EQ(result.settings->start.name, "/studies/a.mapping");
  EXPECT_EQ(result.settings->pin.name, "/b.mapping");
  EXPECT_THAT(result.settings->only, testing::ElementsAre("calc*"));
  EXPECT_THAT(result.settings->except, testing::ElementsAre("calc_x", "y"));
  EXPECT_THAT(read("[study]\nonly = 'calc'\n").messages,
              testing::HasSubstr("`only` must be a list of strings: names of tasks"));
}

TEST(StudyFacts, DifferByTheTextOfThePinnedRules) {
  Settings a, b;
  a.pin = {"same.mapping", "Task x GPU;\n"};
  b.pin = {"same.mapping", "Task x CPU;\n"};
  EXPECT_NE(identity(a), identity(b));
}

TEST(StudyFacts, HoldTheMetricThatTheSettingsName) {
  Settings settings;
  settings.metric = {"RATE = ([0-9.]+)", Direction::Maximize, std::nullopt};
  StudyFacts facts = identity(settings);
  facts[kUnitFact] = "points/s";
  const Metric metric = metric_of(facts);
  EXPECT_EQ(metric.pattern, "RATE = ([0-9.]+)");
  EXPECT_TRUE(metric.maximizes());
  EXPECT_EQ(metric.unit, "points/s");
}

}  // namespace
}  // namespace placewright::tune
