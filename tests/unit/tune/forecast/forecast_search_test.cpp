// SPDX-License-Identifier: Apache-2.0
#include "tune/forecast/forecast_search.h"

#include <gtest/gtest.h>

#include <atomic>

#include "circuit_workload.h"
#include "tune/forecast/finalists.h"
#include "tune/mapping_writer.h"

namespace placewright::tune {
namespace {

constexpr double kGpu = 1;
constexpr double kCpu = 5;
constexpr double kZeroCopy = 0.25;

/// `calc` takes kGpu or kCpu, less kZeroCopy if the GPU has rp_ghost in zero-copy memory; other tasks
/// take kGpu or kCpu. `update` on a CPU ends the run.
class Additive final : public Forecaster {
 public:
  [[nodiscard]] Result<double> step_s(const policy::Rules& rules) const override {
    const auto runs_on = [&](const char* task) {
      const auto kinds = rules.processor_kinds(*rules.task(task, launch()));
      return kinds.empty() ? machine::ProcessorKind::Gpu : kinds.front();
    };
    if (runs_on("update") == machine::ProcessorKind::Cpu) return fail("out of memory");
    const bool on_gpu = runs_on("calc") == machine::ProcessorKind::Gpu;
    const std::vector<policy::RegionId> names = {rules.region("rp_ghost")};
    const auto memories =
        rules.memories(*rules.task("calc", launch()), {names, 1}, machine::ProcessorKind::Gpu);
    const bool in_zero_copy =
        !memories.empty() && memories.front().kind == machine::MemoryKind::ZcMem;
    return kGpu + (on_gpu ? kGpu - (in_zero_copy ? kZeroCopy : 0) : kCpu);
  }
  /// Zero-copy memory is fast only if everything comes in one order, which happens once in four times.
  [[nodiscard]] Result<double> varied_step_s(const policy::Rules& rules,
                                             uint64_t seed) const override {
    const Result<double> exact_s = step_s(rules);
    if (!exact_s) return exact_s;
    return *exact_s == 2 * kGpu - kZeroCopy && seed % 4 != 0 ? 3 * kGpu : *exact_s;
  }

 private:
  static machine::LaunchFacts launch() { return {machine::LaunchDomain{{1, {0}}, {1, {3}}}}; }
};

class ForecastSearchTest : public testing::Test {
 protected:
  ForecastSearchTest() : space_(circuit_workload(), circuit_workload().machine) {}

  ForecastSearch make() {
    const workload::Candidate defaults = default_candidate(space_);
    return {space_, forecaster_, *forecast_base(space_, defaults), {}, 1};
  }
  static bool never() { return false; }
  static void ignore(size_t) {}

  SearchSpace space_;
  Additive forecaster_;
};

TEST_F(ForecastSearchTest, FindsTheFastestAndExhaustsASmallSpace) {
  ForecastSearch search = make();
  search.run(1, never, ignore);
  EXPECT_TRUE(search.is_exhausted());
  // CountsDecisionSetsNotAssignments in search_space_test.cpp counts them.
  EXPECT_EQ(search.count(), 800U);
  // `update` has 6 of its 10 sets on the CPU.
  EXPECT_EQ(search.failed(), 480U);
  ASSERT_FALSE(search.best().empty());
  EXPECT_DOUBLE_EQ(search.best().front().step_s, 2 * kGpu - kZeroCopy);
  EXPECT_EQ(space_.memory(search.best().front().assignment, 0, 1), machine::MemoryKind::ZcMem);
}

TEST_F(ForecastSearchTest, KeepsOneOfThoseWithTheSameForecastInOrder) {
  ForecastSearch search = make();
  search.run(1, never, ignore);
  std::vector<double> steps;
  for (const ForecastSearch::Found& found : search.best()) steps.push_back(found.step_s);
  EXPECT_EQ(steps, (std::vector<double>{2 * kGpu - kZeroCopy, 2 * kGpu, kGpu + kCpu}));
}

TEST_F(ForecastSearchTest, FindsTheSameOnAnyNumberOfThreads) {
  ForecastSearch one = make();
  ForecastSearch three = make();
  one.run(1, never, ignore);
  three.run(3, never, ignore);
  EXPECT_EQ(one.all(), three.all());
  EXPECT_EQ(one.best().front().assignment, three.best().front().assignment);
}

TEST_F(ForecastSearchTest, FinalistsAreRankedByReplaysWithOtherTimes) {
  ForecastSearch search = make();
  search.run(1, never, ignore);
  const ForecastBase base = *forecast_base(space_, default_candidate(space_));
  const std::vector<Finalist> finalists =
      rank_finalists(search.best(), space_, base, forecaster_, 2, never);
  ASSERT_EQ(finalists.size(), 3U);
  EXPECT_DOUBLE_EQ(finalists[0].found.step_s, 2 * kGpu);
  EXPECT_DOUBLE_EQ(finalists[0].median_s, 2 * kGpu);
  EXPECT_DOUBLE_EQ(finalists[1].found.step_s, 2 * kGpu - kZeroCopy);
  EXPECT_DOUBLE_EQ(finalists[1].median_s, 3 * kGpu);
  EXPECT_DOUBLE_EQ(finalists[1].p90_s, 3 * kGpu);
  EXPECT_DOUBLE_EQ(finalists[2].found.step_s, kGpu + kCpu);
  // Without a replay the order is that of the search.
  const auto unranked =
      rank_finalists(search.best(), space_, base, forecaster_, 2, [] { return true; });
  EXPECT_DOUBLE_EQ(unranked[0].found.step_s, 2 * kGpu - kZeroCopy);
  EXPECT_EQ(unranked[0].median_s, 0);
}

TEST_F(ForecastSearchTest, StopsWhenToldTo) {
  ForecastSearch search = make();
  size_t reported = 0;
  search.run(
      1, [&] { return reported > 0; }, [&](size_t count) { reported = count; });
  EXPECT_EQ(search.count(), reported);
  EXPECT_LT(reported, 800U);
  EXPECT_FALSE(search.is_exhausted());
}

TEST_F(ForecastSearchTest, StopsAmongThoseOfAGeneration) {
  ForecastSearch search = make();
  std::atomic<int> asked = 0;
  search.run(
      2, [&] { return ++asked > 6; }, ignore);
  EXPECT_GT(search.count(), 0U);
  EXPECT_LE(search.count(), 5U);
}

TEST_F(ForecastSearchTest, LeavesFixedKnobsAlone) {
  for (size_t i = 0; i < space_.knobs().size(); ++i)
    if (space_.knobs()[i].task == 0) space_.fix(static_cast<int>(i), 0);
  ForecastSearch search = make();
  search.run(1, never, ignore);
  EXPECT_EQ(search.count(), 10U);
  EXPECT_DOUBLE_EQ(search.best().front().step_s, 2 * kGpu);
}

}  // namespace
}  // namespace placewright::tune
