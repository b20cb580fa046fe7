// SPDX-License-Identifier: Apache-2.0
#include "llm/retry.h"

#include <gtest/gtest.h>

#include "model_testing.h"

namespace placewright::llm {
namespace {

TEST(AllowedAttempts, IsOneWhereARetryCannotHelp) {
  const RetryPolicy policy;
  for (const Failure failure :
       {Failure::NoKey, Failure::BadKey, Failure::Forbidden, Failure::UnknownModel,
        Failure::QuotaExhausted, Failure::ContextTooLong, Failure::BadRequest, Failure::Refused,
        Failure::TooLarge, Failure::CassetteMiss, Failure::BudgetSpent, Failure::Cancelled})
    EXPECT_EQ(allowed_attempts(policy, failure), 1) << to_string(failure);
}

TEST(AllowedAttempts, IsLowerForBrokenAnswers) {
  const RetryPolicy policy{.max_attempts = 7, .max_broken_attempts = 3};
  EXPECT_EQ(allowed_attempts(policy, Failure::RateLimited), 7);
  EXPECT_EQ(allowed_attempts(policy, Failure::Unreachable), 7);
  EXPECT_EQ(allowed_attempts(policy, Failure::CutStream), 3);
  EXPECT_EQ(allowed_attempts(policy, Failure::Stalled), 3);
}

TEST(RetryAfter, ReadsANumberOfSeconds) {
  EXPECT_EQ(parse_retry_after("12", 0), 12);
  EXPECT_EQ(parse_retry_after(" 0.5 ", 0), 0.5);
  EXPECT_EQ(parse_retry_after("-3", 0), 0);
}

TEST(RetryAfter, ReadsADateAsSecondsFromNow) {
  EXPECT_EQ(parse_retry_after("Tue, 14 Nov 2023 22:13:50 GMT", CountedPause::kStart), 30);
  EXPECT_EQ(parse_retry_after("Tue, 14 Nov 2023 22:00:00 GMT", CountedPause::kStart), 0);
}

TEST(RetryAfter, RejectsAnythingElse) {
  for (const char* value : {"", "   ", "soon", "12 s", "nan", "inf"})
    EXPECT_FALSE(parse_retry_after(value, 0)) << value;
}

TEST(WaitNamed, ReadsDurationsInWords) {
  EXPECT_EQ(wait_named("Please try again in 2.5s."), 2.5);
  EXPECT_EQ(wait_named("Please try again in 1m2.5s. Visit"), 62.5);
  EXPECT_EQ(wait_named("try again in 450ms"), 0.45);
  EXPECT_EQ(wait_named("Retry after 20 seconds"), 20);
  EXPECT_EQ(wait_named("please retry in 1h"), 3600);
  for (const char* text : {"", "try again in a minute", "try again in -5s", "try again in 5",
                           "in 5s", "try again in nan s"})
    EXPECT_FALSE(wait_named(text)) << text;
}

TEST(RetryDelay, DoublesUpToALimitAndDrawsFromTheUpperHalf) {
  const RetryPolicy policy{.first_delay_s = 2, .max_delay_s = 10};
  std::mt19937_64 random(1);
  for (int i = 0; i < 100; ++i) {
    for (const auto& [attempt, full] :
         {std::pair{1, 2.0}, {2, 4.0}, {3, 8.0}, {4, 10.0}, {60, 10.0}}) {
      const double delay = retry_delay(policy, attempt, std::nullopt, random);
      EXPECT_GE(delay, full / 2);
      EXPECT_LE(delay, full);
    }
  }
}

TEST(RetryDelay, WaitsAtLeastAsLongAsAsked) {
  std::mt19937_64 random(1);
  const double delay = retry_delay({}, 1, 20, random);
  EXPECT_GE(delay, 20);
  EXPECT_LE(delay, 22);
}

TEST(RetryDelay, IsTheSameForTheSameSeed) {
  std::mt19937_64 one(5), two(5);
  EXPECT_EQ(retry_delay({}, 2, std::nullopt, one), retry_delay({}, 2, std::nullopt, two));
}

}  // namespace
}  // namespace placewright::llm
