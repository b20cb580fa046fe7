// SPDX-License-Identifier: Apache-2.0
#include "tune/rounds.h"

#include <gmock/gmock.h>

namespace placewright::tune {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<ReportRow> named(std::initializer_list<const char*> names) {
  std::vector<ReportRow> rows;
  for (const char* name : names) rows.push_back({name, "", Status::Ok, "", {}});
  return rows;
}

RunResult took(double seconds) {
  RunResult result;
  result.metric = seconds;
  return result;
}

TEST(Rounds, OrderTurnsByOneAndSamplesOfOneRoundStandTogether) {
  std::vector<ReportRow> rows = named({"a", "b", "c"});
  std::string order;
  const auto rounds =
      run_rounds(rows, {3, {}, {}}, [&](size_t row, int round) -> Result<RunResult> {
        order += rows[row].name;
        return took(10.0 * static_cast<double>(row) + round);
      });
  EXPECT_EQ(*rounds, 3);
  EXPECT_EQ(order, "abcbcacab");
  EXPECT_THAT(rows[0].samples, ElementsAre(0, 1, 2));
  EXPECT_THAT(rows[2].samples, ElementsAre(20, 21, 22));
}

TEST(Rounds, RowThatFailsOnceIsOutAndKeepsItsReason) {
  std::vector<ReportRow> rows = named({"a", "b"});
  int runs_of_b = 0;
  const auto rounds = run_rounds(rows, {4, {}, {}}, [&](size_t row, int) -> Result<RunResult> {
    if (row == 0) return took(1);
    RunResult result = took(2);
    if (++runs_of_b == 2) {
      result.status = Status::Crash;
      result.message = "signal 11";
    }
    return result;
  });
  EXPECT_EQ(*rounds, 4);
  EXPECT_EQ(runs_of_b, 2);
  EXPECT_EQ(rows[1].status, Status::Crash);
  EXPECT_EQ(rows[1].message, "signal 11");
  EXPECT_THAT(rows[1].samples, IsEmpty());
  EXPECT_EQ(rows[0].samples.size(), 4U);
}

TEST(Rounds, RoundThatIsBrokenOffDoesNotCount) {
  std::vector<ReportRow> rows = named({"a", "b"});
  int runs = 0;
  const auto rounds = run_rounds(rows, {9, {}, {}}, [&](size_t, int) -> Result<RunResult> {
    RunResult result = took(1);
    if (++runs == 4) result.status = Status::Cancelled;
    return result;
  });
  EXPECT_EQ(*rounds, 1);
  EXPECT_EQ(rows[0].samples.size(), 1U);
  EXPECT_EQ(rows[1].samples.size(), 1U);
  EXPECT_EQ(rows[1].status, Status::Ok);
}

TEST(Rounds, EnoughEndsThemAfterAWholeRound) {
  std::vector<ReportRow> rows = named({"a", "b"});
  const auto rounds = run_rounds(rows, {9, {}, [](int done) { return done == 2; }},
                                 [](size_t, int) -> Result<RunResult> { return took(1); });
  EXPECT_EQ(*rounds, 2);
  EXPECT_EQ(rows[1].samples.size(), 2U);
}

TEST(Rounds, ErrorOfARunEndsThem) {
  std::vector<ReportRow> rows = named({"a"});
  const auto rounds = run_rounds(
      rows, {9, {}, {}}, [](size_t, int) -> Result<RunResult> { return fail("no space left"); });
  ASSERT_FALSE(rounds);
  EXPECT_EQ(rounds.error().message, "no space left");
}

}  // namespace
}  // namespace placewright::tune
