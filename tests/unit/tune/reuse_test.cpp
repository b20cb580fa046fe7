// SPDX-License-Identifier: Apache-2.0
// Which results of earlier evaluations a proposal gets without a run.
#include <gmock/gmock.h>

#include "search_fixture.h"

namespace placewright::tune {
namespace {

/// Proposes the mappings of a list and keeps the verdicts.
class ListStrategy : public Strategy {
 public:
  ListStrategy(std::vector<std::string> mappings, std::vector<Verdict>& verdicts)
      : mappings_(std::move(mappings)), verdicts_(verdicts) {}
  [[nodiscard]] std::string_view name() const override { return "list"; }
  void begin(const Start&) override {}
  [[nodiscard]] Result<std::optional<Proposal>> ask() override {
    if (next_ == mappings_.size()) return std::nullopt;
    return Proposal{mappings_[next_++], "next"};
  }
  void tell(const Proposal&, const Verdict& verdict) override { verdicts_.push_back(verdict); }

 private:
  std::vector<std::string> mappings_;
  std::vector<Verdict>& verdicts_;
  size_t next_ = 0;
};

/// Runs of which the result depends on the text of the mapping, as on tasks that no workload lists.
class TextEvaluator : public ScriptedEvaluator {
 public:
  using ScriptedEvaluator::ScriptedEvaluator;
  Result<RunResult> verify(const Subject& subject) override { return result(subject); }
  Result<RunResult> time(const Subject& subject, double) override { return result(subject); }

 private:
  static RunResult result(const Subject& subject) {
    const std::string text = subject.mapping.value_or("");
    RunResult result{.metric = 10, .checksum = "c0ffee", .wall_s = 1};
    if (text.find("Task hidden CPU") != std::string::npos) {
      result.status = Status::OutOfMemory;
      result.message = "no room";
    }
    return result;
  }
};

class Reuse : public SearchTest {
 protected:
  Reuse() {
    evaluator_ = std::make_unique<TextEvaluator>(circuit_workload(), clock_, shared_together);
  }

  std::vector<Verdict> verdicts_of(std::vector<std::string> mappings) {
    std::vector<Verdict> verdicts;
    make = [&](const SearchSpace&, uint64_t) -> Result<std::unique_ptr<Strategy>> {
      return std::make_unique<ListStrategy>(mappings, verdicts);
    };
    StudyStore store = created();
    const auto report = search(store);
    EXPECT_TRUE(report) << report.error().message;
    return verdicts;
  }
};

TEST_F(Reuse, AMappingThatDecidesTheSameInEveryCaseIsNotRunAgain) {
  const auto verdicts = verdicts_of({"Task calc CPU;\nRegion calc 0 * SYSMEM;\n",
                                     "# the same\nRegion calc 0 * SYSMEM;\nTask calc CPU;\n"});
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_FALSE(verdicts[0].repeated);
  EXPECT_TRUE(verdicts[1].repeated);
}

TEST_F(Reuse, ARuleForATaskThatTheWorkloadDoesNotListMakesAnotherMapping) {
  const auto verdicts = verdicts_of({"Task calc CPU;\nTask hidden CPU;\n", "Task calc CPU;\n",
                                     "Task calc CPU;\nTask hidden CPU, GPU;\n"});
  ASSERT_EQ(verdicts.size(), 3u);
  EXPECT_EQ(verdicts[0].evaluation.status, Status::OutOfMemory);
  EXPECT_FALSE(verdicts[1].repeated) << "a repaired mapping gets its own result";
  EXPECT_EQ(verdicts[1].evaluation.status, Status::Ok);
  EXPECT_FALSE(verdicts[2].repeated) << "a mapping that would fail is not credited with a time";
  EXPECT_EQ(verdicts[2].evaluation.status, Status::OutOfMemory);
}

TEST_F(Reuse, AFailureIsRepeatedForTheSameTextOnly) {
  const auto verdicts =
      verdicts_of({"Task calc CPU;\nTask hidden CPU;\n", "Task calc CPU;\nTask hidden CPU;\n",
                   "Task hidden CPU;\nTask calc CPU;\n"});
  ASSERT_EQ(verdicts.size(), 3u);
  EXPECT_TRUE(verdicts[1].repeated);
  EXPECT_FALSE(verdicts[2].repeated);
}

TEST_F(Reuse, AnEarlierBestThatComesAgainDoesNotReplaceABetterOne) {
  evaluator_ = std::make_unique<ScriptedEvaluator>(circuit_workload(), clock_, shared_together);
  const std::string good = "Region calc rp_ghost GPU ZCMEM;\n";  // 9 s
  const std::string better = "Region * rp_shared GPU ZCMEM;\n";  // 6 s
  const auto verdicts = verdicts_of({good, better, good});
  ASSERT_EQ(verdicts.size(), 3u);
  EXPECT_TRUE(verdicts[0].accepted);
  EXPECT_TRUE(verdicts[1].accepted);
  EXPECT_TRUE(verdicts[2].repeated);
  EXPECT_FALSE(verdicts[2].accepted);
}

}  // namespace
}  // namespace placewright::tune
