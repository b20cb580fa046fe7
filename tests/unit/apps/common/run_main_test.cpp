// SPDX-License-Identifier: Apache-2.0
#include "common/run_main.h"

#include <gtest/gtest.h>

#include <new>

namespace apps {
namespace {

TEST(RunMain, ReturnsWhatTheApplicationReturns) {
  char name[] = "application";
  char* argv[] = {name, nullptr};
  EXPECT_EQ(run_main(1, argv, [](int argc, char**) { return argc + 4; }), 5);
}

TEST(RunMain, SaysThatTheMemoryIsNotEnough) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(run_main(0, nullptr, [](int, char**) -> int { throw std::bad_alloc(); }), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "error: not enough host memory\n");
}

}  // namespace
}  // namespace apps
