// SPDX-License-Identifier: Apache-2.0
#include "tune/restrictions.h"

#include <gmock/gmock.h>

#include "search_fixture.h"
#include "tune/mapping_writer.h"
#include "tune/pinned_rules.h"
#include "tune/replay.h"
#include "tune/strategies/advisor.h"

namespace placewright::tune {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kZeroCopy = "Region calc rp_ghost GPU ZCMEM;\n";

workload::Candidate compiled(const std::string& mapping) {
  const auto workload = circuit_workload();
  return workload::compile_candidate("m", mapping, workload, workload.machine);
}

std::optional<Contradiction> conflict(const std::string& pins, const std::string& mapping,
                                      Strictness strictness = Strictness::EveryDecision) {
  const auto pinned = compiled(pins), other = compiled(mapping);
  EXPECT_TRUE(pinned.policy) << pinned.messages;
  EXPECT_TRUE(other.policy) << other.messages;
  return contradiction(*pinned.policy, *other.policy, circuit_workload(), strictness);
}

TEST(PinnedRules, AMappingWithThemKeepsThem) {
  for (const std::string pins :
       {"Task calc CPU;\n", "Region * rp_shared GPU ZCMEM, FBMEM;\n", "Priority calc 3;\n",
        "InstanceLimit update 2;\n", "Layout calc rp_wires * AOS F_order Align == 128;\n",
        "m = Machine(GPU);\ndef f(Task task) {\n  return m[0, task.ipoint[0] % 2];\n}\n"
        "IndexTaskMap calc f;\n"}) {
    EXPECT_FALSE(conflict(pins, pins + "Layout update 0 * SOA F_order;\n")) << pins;
    EXPECT_TRUE(conflict(pins, "Task * GPU, CPU;\n")) << pins;
    EXPECT_FALSE(conflict(pins, "Task init GPU;\n", Strictness::WrittenRules)) << pins;
  }
}

TEST(PinnedRules, AMoreSpecificRuleBreaksThemUnlessItSaysTheSame) {
  const std::string pins = "Region * rp_shared GPU ZCMEM, FBMEM;\n";
  EXPECT_FALSE(conflict(pins, pins + "Region calc rp_shared GPU ZCMEM;\n"));
  const auto broken = conflict(pins, pins + "Region calc rp_shared GPU FBMEM;\n");
  ASSERT_TRUE(broken);
  EXPECT_EQ(broken->what, "`calc` argument 0 (rp_shared) on GPU: its memories");
  EXPECT_TRUE(broken->pin && broken->other);
}

TEST(PinnedRules, AProcessorThatComesOutTheSameIsKept) {
  EXPECT_FALSE(conflict("Task * GPU, CPU;\n", "Task calc GPU;\n"));
  EXPECT_EQ(conflict("Task * GPU, CPU;\n", "Task calc CPU;\n")->what,
            "`calc` runs on CPU instead of GPU");
}

class RestrictedSearchTest : public SearchTest {
 protected:
  RestrictedSearchTest() {
    make = make_descent_strategy;
    search_.strategy = "descent";
  }

  std::vector<Evaluation> searched() {
    StudyStore store = created();
    auto report = search(store);
    EXPECT_TRUE(report) << report.error().message;
    if (report) report_ = std::move(*report);
    return candidates(store);
  }

  std::string error() {
    StudyStore store = created();
    const auto report = search(store);
    return report ? "" : report.error().message + "\n" + report.error().help;
  }

  Report report_;
};

MATCHER_P(Keeps, pins, "keeps the pinned rules") {
  return arg.status != Status::Ok || !conflict(pins, arg.mapping);
}

TEST_F(RestrictedSearchTest, EveryStrategyBeginsAtTheStartingMapping) {
  const StrategyMaker advisor = [](const SearchSpace& space, uint64_t) {
    return Result<std::unique_ptr<Strategy>>(make_advisor(space));
  };
  search_.start = {"start.mapping", kZeroCopy};
  search_.evaluations = 4;
  for (const StrategyMaker& maker :
       {StrategyMaker(make_descent_strategy), StrategyMaker(make_random_strategy), advisor}) {
    std::filesystem::remove(study());
    make = maker;
    const auto all = searched();
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.front().strategy, kStart);
    EXPECT_THAT(all.front().mapping, HasSubstr(kZeroCopy));
    EXPECT_EQ(all.front().median, 9);
  }
}

TEST_F(RestrictedSearchTest, ASlowStartIsChangedAllTheSame) {
  search_.start = {"start.mapping", "Task calc CPU;\n"};
  const auto all = searched();
  EXPECT_EQ(all.front().median, 30);
  EXPECT_FALSE(all.front().accepted);
  EXPECT_THAT(all[1].mapping, HasSubstr("Task calc CPU;\n")) << "the first move is from there";
  EXPECT_LT(best_seconds(report_), 10);
}

TEST_F(RestrictedSearchTest, ASlowStartIsNotWrittenWhereTheDefaultWins) {
  search_.start = {"start.mapping",
                   "m = Machine(CPU);\ndef f(Task task) {\n  return m[0, 0];\n}\n"
                   "IndexTaskMap calc f;\nTask calc CPU;\nPriority calc 3;\n"};
  search_.evaluations = 1;
  searched();
  EXPECT_EQ(report_.gain, Gain::None);
  EXPECT_EQ(compiled(report_.best_mapping).decisions, compiled("Task * GPU, CPU;\n").decisions);
}

TEST_F(RestrictedSearchTest, PinnedRulesAreInEveryCandidateAndInTheBest) {
  const std::string pins = "mgpu = Machine(GPU);\nPriority calc 5;\nRegion * rp_ghost GPU FBMEM;\n";
  search_.pin = {"pin.mapping", pins};
  for (const StrategyMaker& maker :
       {StrategyMaker(make_descent_strategy), StrategyMaker(make_random_strategy)}) {
    std::filesystem::remove(study());
    make = maker;
    search_.evaluations = 20;
    const auto all = searched();
    EXPECT_GT(all.size(), 5u);
    EXPECT_THAT(all, Each(Keeps(pins)));
    EXPECT_FALSE(conflict(pins, report_.best_mapping));
  }
}

TEST_F(RestrictedSearchTest, TheDefaultMapperIsNotWrittenWhereItBreaksAPinnedRule) {
  search_.pin = {"pin.mapping", "Task calc CPU;\n"};
  search_.evaluations = 1;
  searched();
  EXPECT_EQ(report_.gain, Gain::None);
  EXPECT_THAT(report_.best_mapping, HasSubstr("Task calc CPU;"));
}

TEST_F(RestrictedSearchTest, OnlyTheNamedTasksChange) {
  const auto others_stay = [&](size_t task) {
    std::filesystem::remove(study());
    const auto decided = compiled("Task * GPU, CPU;\n").decisions.tasks[task];
    const auto all = searched();
    EXPECT_GT(all.size(), 2u);
    for (const Evaluation& each : all)
      EXPECT_EQ(compiled(each.mapping).decisions.tasks[task], decided) << each.mapping;
  };
  search_.only = {"upd*"};
  others_stay(0);
  search_.only.clear();
  search_.except = {"update"};
  others_stay(2);
}

TEST_F(RestrictedSearchTest, ConflictsNameBothRules) {
  search_.pin = {"pin.mapping", "# Stays.\nRegion calc rp_ghost GPU FBMEM;\n"};
  search_.start = {"start.mapping", kZeroCopy};
  EXPECT_THAT(error(), HasSubstr("start.mapping:1:1 contradicts pin.mapping:2:1: `calc` argument 1 "
                                 "(rp_ghost) on GPU"));
}

TEST_F(RestrictedSearchTest, MistakesAreRefused) {
  search_.only = {"calk"};
  EXPECT_THAT(error(), HasSubstr("no task of the program fits `calk`\ndid you mean `calc`?"));
  search_.only = {"calc"};
  search_.except = {"*"};
  EXPECT_THAT(error(), HasSubstr("leave nothing to decide"));
  search_.only.clear();
  search_.except.clear();
  search_.pin = {"pin.mapping", "Task calc GPUS;\n"};
  EXPECT_THAT(error(), HasSubstr("pin.mapping:1:11: error: unknown processor kind"));
}

TEST_F(RestrictedSearchTest, AResumedSearchAndAReplayRepeatIt) {
  search_.pin = {"pin.mapping", "Task calc CPU;\n"};
  search_.start = {"start.mapping", "Region update rp_shared GPU ZCMEM;\n"};
  search_.evaluations = 6;
  const auto all = searched();
  const int timings = evaluator_->timings;
  StudyStore store = reopened();
  ASSERT_TRUE(search(store));
  EXPECT_EQ(candidates(store).size(), all.size());
  EXPECT_LE(evaluator_->timings - timings, 3 * 11) << "the closing comparison alone";
  const auto replayed = replay(search_, store, make_descent_strategy);
  ASSERT_TRUE(replayed) << replayed.error().message;
  EXPECT_TRUE(replayed->is_complete()) << replayed->stopped_by;
  EXPECT_EQ(replayed->recorded, static_cast<int>(all.size()) - 1) << "without the start";
}

TEST_F(RestrictedSearchTest, AProposalThatContradictsIsNotRunAndNotKept) {
  class Stubborn : public Strategy {
   public:
    std::string_view name() const override { return "stubborn"; }
    void begin(const Start&) override {}
    Result<std::optional<Proposal>> ask() override {
      return asked++ == 0 ? std::optional(Proposal{"Task calc GPU;\n", "against it"})
                          : std::nullopt;
    }
    void tell(const Proposal&, const Verdict& verdict) override {
      EXPECT_EQ(verdict.evaluation.id, 0);
      EXPECT_EQ(verdict.evaluation.status, Status::RejectedMapping);
      EXPECT_EQ(verdict.evaluation.message,
                "contradicts pin.mapping:1:1: `calc` runs on GPU instead of CPU");
    }
    int asked = 0;
  };
  make = [](const SearchSpace&, uint64_t) {
    return Result<std::unique_ptr<Strategy>>(std::make_unique<Stubborn>());
  };
  search_.pin = {"pin.mapping", "Task calc CPU;\n"};
  EXPECT_EQ(searched().size(), 1u) << "the start";
}

}  // namespace
}  // namespace placewright::tune
