// SPDX-License-Identifier: Apache-2.0
#include "support/try.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/result.h"

namespace placewright {
namespace {

Result<std::unique_ptr<int>> half(int number) {
  if (number % 2 != 0) return fail("odd");
  return std::make_unique<int>(number / 2);
}

Result<void> check_even(int number, int& calls) {
  ++calls;
  if (number % 2 != 0) return fail("odd", "use an even number");
  return {};
}

Result<int> quarter(int number) {
  PLACEWRIGHT_TRY(const std::unique_ptr<int> once, half(number));
  PLACEWRIGHT_TRY(const std::unique_ptr<int> twice, half(*once));
  return *twice;
}

Result<std::string> describe(int number, int& calls) {
  PLACEWRIGHT_TRY_VOID(check_even(number, calls));
  return "even";
}

TEST(Try, DeclaresTheValueOfASuccess) { EXPECT_EQ(quarter(12).value(), 3); }

TEST(Try, ReturnsTheFirstErrorToACallerWithAnotherType) {
  EXPECT_EQ(quarter(7).error().message, "odd");
  EXPECT_EQ(quarter(6).error().message, "odd");
}

TEST(Try, KeepsTheHelpAndEvaluatesOnce) {
  int calls = 0;
  EXPECT_EQ(describe(2, calls).value(), "even");
  EXPECT_EQ(describe(3, calls).error().help, "use an even number");
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace placewright
