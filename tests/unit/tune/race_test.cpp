// SPDX-License-Identifier: Apache-2.0
#include "tune/race.h"

#include <gmock/gmock.h>

#include <deque>

#include "tune/report.h"

namespace placewright::tune {
namespace {

/// Gives the runs of challenger and incumbent their times in turn.
class Stopwatch : public Evaluator {
 public:
  std::deque<double> challenger, incumbent;

  Result<RunResult> time(const Subject& subject, double) override {
    std::deque<double>& times = subject.mapping ? challenger : incumbent;
    RunResult result;
    if (times.empty()) {
      ADD_FAILURE() << "more runs than expected of "
                    << (subject.mapping ? "challenger" : "incumbent");
      return result;
    }
    result.metric = times.front();
    times.pop_front();
    return result;
  }
  Result<workload::Workload> discover() override { return fail("not used"); }
  Result<RunResult> verify(const Subject&) override { return fail("not used"); }
  Result<std::vector<explain::Finding>> explain(const Subject&,
                                                const workload::Workload&) override {
    return fail("not used");
  }
};

const RaceRules kRules{.noise = 0.06, .max_pairs = 2};

RaceResult raced(std::deque<double> challenger, std::deque<double> incumbent,
                 const std::vector<double>& known, const RaceRules& rules = kRules) {
  Stopwatch runs;
  runs.challenger = std::move(challenger);
  runs.incumbent = std::move(incumbent);
  const Subject mapping{.mapping = "Task * CPU;"};
  const auto time = [&](const Subject& subject) { return runs.time(subject, 0); };
  const auto result = race(time, mapping, {}, known, rules);
  EXPECT_TRUE(runs.challenger.empty() && runs.incumbent.empty()) << "fewer runs than expected";
  return *result;
}

TEST(Race, OneSlowRunDoesNotEndAChallenger) {
  // A first run of twice the time, then 0.8 each: three of four samples are fast.
  EXPECT_TRUE(raced({2, 0.8, 0.8, 0.8}, {1, 1}, {1, 1, 1}).won);
}

TEST(Race, TwoSlowRunsEndIt) {
  const RaceResult result = raced({1.5, 1.4}, {}, {1, 1, 1});
  EXPECT_FALSE(result.won);
  EXPECT_THAT(result.challenger, testing::ElementsAre(1.5, 1.4));
}

TEST(Race, OneSlowRunInAPairDoesNotEndIt) {
  EXPECT_TRUE(raced({0.8, 2, 0.8}, {1, 1}, {1, 1, 1}).won);
}

TEST(Race, OneFastRunDoesNotLetItWin) {
  // 0.5 and then as slow as the incumbent: the median decides.
  EXPECT_FALSE(raced({0.5, 1, 1}, {1, 1}, {1, 1, 1}).won);
}

TEST(Race, OneSlowRunOfTheIncumbentDoesNotLetTheChallengerWin) {
  // The incumbent's reference is the median of 3, 1 and the newest known 1.
  EXPECT_FALSE(raced({1, 0.8, 1}, {3, 1}, {1, 1, 1}).won);
}

TEST(Race, OneFastRunOfTheIncumbentDoesNotEndAChallenger) {
  EXPECT_TRUE(raced({0.8, 0.8}, {0.5}, {1, 1, 1}).won);
}

TEST(Race, EndsOnceFurtherRunsCannotChangeIt) {
  EXPECT_FALSE(raced({1, 1}, {1}, {1, 1, 1}).won) << "a third cannot make it win";
  EXPECT_FALSE(raced({1.05, 1.05}, {}, {1, 1, 1}).won)
      << "both lose by more than the noise's third";
  EXPECT_TRUE(raced({0.9, 0.9}, {1}, {1, 1, 1}).won) << "a third cannot make it lose";
}

TEST(Race, OfTwoRunsTheWorseOneDecidesWhetherTheChallengerWins) {
  for (const double second : {0.8, 1.1}) {
    Stopwatch runs;
    runs.challenger = {0.5, second};
    runs.incumbent = {1};
    const Subject mapping{.mapping = "Task * CPU;"};
    const auto time = [&](const Subject& subject) { return runs.time(subject, 0); };
    const auto result = race(time, mapping, {}, {1, 1}, {.noise = 0.06, .max_pairs = 1});
    EXPECT_EQ(result->won, second < 1);
  }
}

RaceResult raced_well_known(std::deque<double> challenger, std::deque<double> incumbent,
                            std::optional<double> hopeless = std::nullopt) {
  RaceRules rules = kRules;
  rules.hopeless = hopeless;
  rules.is_known_well = true;
  return raced(std::move(challenger), std::move(incumbent), {1, 1, 1}, rules);
}

TEST(Race, AnIncumbentThatIsKnownWellRunsOnlyBesideAPossibleWinner) {
  EXPECT_FALSE(raced_well_known({1, 1}, {}).won);
  EXPECT_TRUE(raced_well_known({1, 0.8, 0.8}, {1}).won) << "one slow run does not end it";
  EXPECT_TRUE(raced_well_known({0.8, 0.8}, {1}).won);
}

TEST(Race, AHopelessFirstRunEndsIt) {
  EXPECT_FALSE(raced_well_known({1.4}, {}, 1.3).won);
  EXPECT_FALSE(raced_well_known({1.2, 1.2}, {}, 1.3).won);
  EXPECT_FALSE(raced_well_known({1}, {}, 0.98).won);
  EXPECT_TRUE(raced_well_known({0.9, 0.9}, {1}, 0.98).won);
}

TEST(Gain, NineRoundsMayHaveOneThatIsOff) {
  const std::vector<double> reference(9, 1.0);
  std::vector<double> costs(9, 0.84);
  EXPECT_EQ(gain_of(costs, reference, 0.05, true), Gain::Sure);
  costs[4] = 1.7;
  EXPECT_EQ(gain_of(costs, reference, 0.05, true), Gain::Sure);
  costs[5] = 1.7;
  EXPECT_EQ(gain_of(costs, reference, 0.05, true), Gain::None);
}

TEST(Gain, ThreeRoundsOfWhichOneIsOffAreALikelyGain) {
  EXPECT_EQ(gain_of({0.84, 1.3, 0.83}, {1, 1, 1}, 0.05, true), Gain::Likely);
  EXPECT_EQ(gain_of({0.84, 0.84, 0.83}, {1, 1, 1}, 0.05, true), Gain::Likely)
      << "three rounds cover the median with 75 % only";
  EXPECT_EQ(gain_of({0.84, 1.3, 1.3}, {1, 1, 1}, 0.05, true), Gain::None);
  EXPECT_EQ(gain_of({0.995, 1.3, 0.995}, {1, 1, 1}, 0.05, true), Gain::None)
      << "half a percent is less than repeated runs differ by";
}

TEST(Gain, OfASearchIsLikelyAtMost) {
  EXPECT_EQ(gain_of({0.5, 0.5}, {1, 1, 1}, 0.05, false), Gain::Likely);
  EXPECT_EQ(gain_of({1}, {1, 1, 1}, 0.05, false), Gain::None);
}

}  // namespace
}  // namespace placewright::tune
