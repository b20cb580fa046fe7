// SPDX-License-Identifier: Apache-2.0
#include "experiments/mappers/comparison.h"

#include <gmock/gmock.h>

#include "experiments/mappers/comparison_report.h"
#include "folders.h"
#include "support/json.h"

namespace placewright::experiments {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using tune::RunResult;
using tune::Status;
using tune::Subject;

/// What every run says is up to the test; what was asked is kept.
struct Script {
  std::function<RunResult(const Subject&, bool timed)> answer;
  std::vector<tune::Settings> settings;
  std::vector<std::string> asked;

  RunResult run(const Subject& subject, bool timed) {
    std::string words = timed ? "time" : "verify";
    for (size_t i = 1; i < subject.command.size(); ++i) words += " " + subject.command[i];
    if (subject.mapping) words += " mapped";
    asked.push_back(words);
    return answer(subject, timed);
  }
};

class ScriptedEvaluator : public tune::Evaluator {
 public:
  explicit ScriptedEvaluator(Script& script) : script_(script) {}
  Result<workload::Workload> discover() override { return fail("not asked for"); }
  Result<RunResult> verify(const Subject& subject) override { return script_.run(subject, false); }
  Result<RunResult> time(const Subject& subject, double) override {
    return script_.run(subject, true);
  }
  Result<std::vector<explain::Finding>> explain(const Subject&,
                                                const workload::Workload&) override {
    return fail("not asked for");
  }

 private:
  Script& script_;
};

bool is_handwritten(const Subject& subject) { return subject.command.back() == "handwritten"; }

/// The default mapper takes 4 s, the expert 2 s, the hand-written one 1 s.
RunResult usual(const Subject& subject, bool timed) {
  RunResult result;
  result.checksum = timed ? "" : "c0ffee";
  result.metric = subject.mapping ? 2 : is_handwritten(subject) ? 1 : 4;
  return result;
}

class ComparisonTest : public testing::Test {
 protected:
  ComparisonTest() {
    tree_.add("first");
    settings_.applications = Catalogue(tree_.bin()).applications({"first"})->found;
    settings_.machines = {{"box", "box.toml", 1}};
    settings_.rounds = 6;
    script_.answer = usual;
  }

  ComparisonResult run() {
    auto result = compare_mappers(settings_, [this](const tune::Settings& settings) {
      script_.settings.push_back(settings);
      return Result<std::unique_ptr<tune::Evaluator>>(std::make_unique<ScriptedEvaluator>(script_));
    });
    EXPECT_TRUE(result) << result.error().message;
    return std::move(*result);
  }

  BuildTree tree_;
  ComparisonSettings settings_;
  Script script_;
};

TEST_F(ComparisonTest, QuickComparisonRunsEveryMapperOnceForItsChecksum) {
  settings_.quick = true;
  const ComparisonResult result = run();
  EXPECT_FALSE(result.failed());
  EXPECT_THAT(script_.asked, ElementsAre("verify -input test", "verify -input test mapped",
                                         "verify -input test -mapper handwritten"));
  EXPECT_EQ(render(result),
            "box: virtual GPUs, correctness runs, not timed, input test\n"
            "             default        expert         hand-written   checksums\n"
            "first        ok             ok             ok             equal c0ffee\n");
}

TEST_F(ComparisonTest, TimedComparisonVerifiesFirstAndThenTakesTurns) {
  settings_.rounds = 2;
  run();
  EXPECT_THAT(script_.asked,
              ElementsAre("verify -input test", "verify -input test mapped",
                          "verify -input test -mapper handwritten", "time -input small",
                          "time -input small mapped", "time -input small -mapper handwritten",
                          "time -input small mapped", "time -input small -mapper handwritten",
                          "time -input small"));
}

// Six rounds: the interval from smallest to largest covers a median with 1 - 2/2^6 = 96.9 %.
TEST_F(ComparisonTest, TableHasMediansIntervalsAndThePairedRatio) {
  const ComparisonResult result = run();
  EXPECT_FALSE(result.failed());
  const std::string text = render(result);
  EXPECT_THAT(
      text, HasSubstr("virtual GPU time (modelled seconds, runtime not modelled), input small\n"));
  EXPECT_THAT(text, HasSubstr("4 [4, 4] "));
  EXPECT_THAT(text, HasSubstr("equal      2.000 [2.000, 2.000]\n"));
  EXPECT_THAT(text, HasSubstr("at least 96.9 %], 6 rounds"));
}

TEST_F(ComparisonTest, FailureIsListedAndTheOthersContinue) {
  script_.answer = [](const Subject& subject, bool timed) {
    RunResult result = usual(subject, timed);
    if (timed && subject.mapping) {
      result.status = Status::OutOfMemory;
      result.message = "FBMEM is full\n  help: more of it";
    }
    return result;
  };
  const ComparisonResult result = run();
  EXPECT_TRUE(result.failed());
  const ComparisonRow& row = result.tables[0].rows[0];
  EXPECT_EQ(row.of(tune::Origin::Default).samples.size(), 6U);
  EXPECT_THAT(row.of(tune::Origin::Expert).samples, IsEmpty());
  const std::string text = render(result);
  EXPECT_THAT(text, HasSubstr("first expert failed: out-of-memory: FBMEM is full\n"));
  EXPECT_THAT(text, Not(HasSubstr("help:")));
}

TEST_F(ComparisonTest, MapperThatFailsItsCorrectnessRunIsNotTimed) {
  script_.answer = [](const Subject& subject, bool timed) {
    RunResult result = usual(subject, timed);
    if (is_handwritten(subject)) result.status = Status::Crash;
    EXPECT_FALSE(timed && is_handwritten(subject));
    return result;
  };
  EXPECT_TRUE(run().failed());
}

TEST_F(ComparisonTest, DifferentAndMissingChecksumsAreListed) {
  settings_.quick = true;
  script_.answer = [](const Subject& subject, bool timed) {
    RunResult result = usual(subject, timed);
    if (subject.mapping) result.checksum = "bad";
    return result;
  };
  const ComparisonResult different = run();
  EXPECT_TRUE(different.failed());
  EXPECT_THAT(render(different), HasSubstr(" DIFFERENT\n"));
  EXPECT_THAT(render(different),
              HasSubstr("first checksums: default c0ffee expert bad hand-written c0ffee\n"));
  script_.answer = [](const Subject& subject, bool timed) {
    RunResult result = usual(subject, timed);
    if (is_handwritten(subject)) result.checksum = "";
    return result;
  };
  EXPECT_THAT(render(run()), HasSubstr(" missing\n"));
  EXPECT_THAT(render(run()), HasSubstr("expert c0ffee hand-written none\n"));
  script_.answer = [](const Subject&, bool) { return RunResult{}; };
  EXPECT_TRUE(run().failed()) << "three times no checksum is not equality";
}

TEST_F(ComparisonTest, CpusAndVirtualGpusAreTablesOfTheirOwn) {
  settings_.machines = {{"cpu", "", 1}, {"box", "box.toml", 2}};
  const ComparisonResult result = run();
  ASSERT_EQ(result.tables.size(), 2U);
  const std::string text = render(result);
  EXPECT_THAT(text, HasSubstr("cpu: measured time of this machine, input small\n"));
  EXPECT_THAT(text, HasSubstr("\nbox, 2 processes: virtual GPU time"));
  EXPECT_THAT(script_.asked.front(), HasSubstr("verify -input test -ll:cpu "));
  EXPECT_THAT(script_.asked.back(), Not(HasSubstr("-ll:cpu")));
  EXPECT_EQ(script_.settings.front().machine, "");
  EXPECT_EQ(script_.settings.back().processes, 2);
  // As much work on each of two nodes.
  EXPECT_THAT(script_.asked.front(), Not(HasSubstr("-nodes")));
  EXPECT_THAT(script_.asked.back(), HasSubstr("-input small -nodes 2"));
}

TEST_F(ComparisonTest, WhatIsSaidAboutTimedRunsFollowsTheTableOnce) {
  script_.answer = [](const Subject& subject, bool timed) {
    RunResult result = usual(subject, timed);
    result.notes = timed ? "note: too few cores\n" : "note: of a correctness run\n";
    return result;
  };
  const ComparisonResult result = run();
  ASSERT_EQ(result.tables[0].notes.size(), 1U);
  EXPECT_THAT(render(result), HasSubstr("\nnote: too few cores\n"));
  EXPECT_EQ(nlohmann::json::parse(to_json(result))["tables"][0]["notes"][0],
            "note: too few cores\n");
}

TEST_F(ComparisonTest, TimeScaleHoldsForTimingRunsOnly) {
  EXPECT_THAT(render(run()), HasSubstr("first: the machine file's own time scale"));
  write(tree_.apps() / "first/small.study.toml",
        "[study]\ncommand = [\"first\"]\ntime_scale = 250\n");
  script_.settings.clear();
  EXPECT_THAT(render(run()), Not(HasSubstr("own time scale")));
  EXPECT_EQ(script_.settings[0].time_scale, 0);
  EXPECT_EQ(script_.settings[1].time_scale, 250);
  settings_.time_scale = 10;
  script_.settings.clear();
  run();
  EXPECT_EQ(script_.settings[1].time_scale, 10);
}

TEST_F(ComparisonTest, JsonTakesMessagesThatAreNotUtf8) {
  script_.answer = [](const Subject& subject, bool timed) {
    RunResult result = usual(subject, timed);
    if (is_handwritten(subject)) {
      result.status = Status::Crash;
      result.message = "it said \xff";
    }
    return result;
  };
  const auto json = nlohmann::json::parse(to_json(run()));
  EXPECT_EQ(json["tables"][0]["rows"][0]["mappers"]["hand-written"]["message"],
            "it said \xef\xbf\xbd");
}

TEST_F(ComparisonTest, UserMayEndIt) {
  settings_.stop = [this] { return script_.asked.size() >= 4; };
  const ComparisonResult result = run();
  EXPECT_TRUE(result.stopped);
  EXPECT_TRUE(result.failed());
  EXPECT_THAT(result.tables[0].rows, IsEmpty());
  EXPECT_THAT(render(result), HasSubstr("ended early"));
}

TEST_F(ComparisonTest, JsonHasEverySample) {
  const auto json = nlohmann::json::parse(to_json(run()));
  const auto& row = json["tables"][0]["rows"][0];
  EXPECT_EQ(json["tables"][0]["time"], "virtual GPU");
  EXPECT_EQ(row["mappers"]["expert"]["seconds"], nlohmann::json(std::vector<double>(6, 2)));
  EXPECT_EQ(row["expert_over_handwritten"]["median"], 2);
  EXPECT_EQ(row["equal_checksums"], true);
}

}  // namespace
}  // namespace placewright::experiments
