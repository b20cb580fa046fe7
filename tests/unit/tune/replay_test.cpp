// SPDX-License-Identifier: Apache-2.0
#include "tune/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "circuit_workload.h"
#include "scripted_evaluator.h"
#include "support/temporary_folder.h"
#include "tune/progress.h"
#include "tune/tuner.h"

namespace placewright::tune {
namespace {

/// Asks for each of another strategy's mappings hundreds of times.
class RepeatingStrategy final : public Strategy {
 public:
  RepeatingStrategy(const SearchSpace& space, uint64_t seed)
      : inner_(make_random_strategy(space, seed)) {}
  [[nodiscard]] std::string_view name() const override { return inner_->name(); }
  void begin(const Start& start) override { inner_->begin(start); }
  Result<std::optional<Proposal>> ask() override {
    constexpr int kTimes = 700;
    if (asked_++ % kTimes == 0) last_ = *inner_->ask();
    return last_;
  }
  void tell(const Proposal&, const Verdict&) override {}

 private:
  std::unique_ptr<Strategy> inner_;
  std::optional<Proposal> last_;
  int asked_ = 0;
};

Result<std::unique_ptr<Strategy>> make_repeating_strategy(const SearchSpace& space, uint64_t seed) {
  return std::make_unique<RepeatingStrategy>(space, seed);
}

class ReplayTest : public testing::Test {
 protected:
  ReplayTest() : folder_(*TemporaryFolder::make()) {
    settings_.name = "circuit";
    settings_.command = {"circuit"};
    settings_.machine = "machine.toml";
    settings_.budget_s = 100000;
    settings_.strategy = "random";
    settings_.evaluations = 12;
  }

  /// Searches and keeps the study; 12 candidates, unless they repeat each other.
  StudyStore record(const StrategyMaker& maker = make_random_strategy) {
    auto store = StudyStore::create(folder_.path() + "/study.db", identity(settings_));
    EXPECT_TRUE(store) << store.error().message;
    FakeClock clock;
    ScriptedEvaluator evaluator(circuit_workload(), clock, shared_together);
    const auto silent = make_silent_progress();
    Budget budget(clock, settings_.budget_s);
    const auto report = run_search({settings_, evaluator, *store, budget, *silent, maker, {}});
    EXPECT_TRUE(report) << report.error().message;
    return std::move(*store);
  }

  TemporaryFolder folder_;
  Settings settings_;
};

TEST_F(ReplayTest, ProposesTheRecordedCandidatesInTheirOrder) {
  StudyStore store = record();
  const auto replayed = replay(settings_, store, make_random_strategy);
  ASSERT_TRUE(replayed) << replayed.error().message;
  EXPECT_EQ(replayed->recorded, 12);
  EXPECT_EQ(replayed->reproduced, 12);
  EXPECT_EQ(replayed->stopped_by, "");
}

// A search ends after 2000 proposals in a row that were seen before; what it comes by again was new then.
TEST_F(ReplayTest, GoesOnHoweverManyProposalsAreRepeated) {
  settings_.evaluations = 4;
  StudyStore store = record(make_repeating_strategy);
  const auto replayed = replay(settings_, store, make_repeating_strategy);
  ASSERT_TRUE(replayed) << replayed.error().message;
  EXPECT_EQ(replayed->recorded, 4);
  EXPECT_EQ(replayed->reproduced, 4);
}

TEST_F(ReplayTest, AddsNothingToTheStudy) {
  StudyStore store = record();
  const size_t before = store.evaluations()->size();
  ASSERT_TRUE(replay(settings_, store, make_random_strategy));
  EXPECT_EQ(store.evaluations()->size(), before);
}

TEST_F(ReplayTest, AnotherSeedLeavesTheRecord) {
  StudyStore store = record();
  settings_.seed = 2;
  const auto replayed = replay(settings_, store, make_random_strategy);
  ASSERT_TRUE(replayed) << replayed.error().message;
  EXPECT_LT(replayed->reproduced, 12);
  EXPECT_EQ(replayed->stopped_by, "the strategy proposed a mapping that the study does not have");
}

TEST_F(ReplayTest, AStudyWithoutItsDiscoveryRunIsRefused) {
  auto store = StudyStore::create(folder_.path() + "/empty.db", identity(settings_));
  ASSERT_TRUE(store);
  const auto replayed = replay(settings_, *store, make_random_strategy);
  ASSERT_FALSE(replayed);
  EXPECT_THAT(replayed.error().message, testing::HasSubstr("interrupted before its discovery run"));
}

TEST_F(ReplayTest, ACopyHoldsWhatTheStudyHolds) {
  const StudyStore store = record();
  const std::string copy = folder_.path() + "/copy.db";
  ASSERT_TRUE(StudyStore::copy(store.path(), copy));
  const auto copied = StudyStore::open(copy);
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_EQ(copied->evaluations()->size(), store.evaluations()->size());
  EXPECT_EQ(*copied->facts(), *store.facts());
}

TEST_F(ReplayTest, CopyOfAStudyThatIsNotThereFails) {
  EXPECT_FALSE(StudyStore::copy(folder_.path() + "/none.db", folder_.path() + "/copy.db"));
}

}  // namespace
}  // namespace placewright::tune
