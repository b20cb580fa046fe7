// SPDX-License-Identifier: Apache-2.0
#include "support/fixes.h"

#include <gtest/gtest.h>

namespace placewright {
namespace {

class Fixes : public ::testing::Test {
 protected:
  void add(std::vector<FixIt> fixes) {
    const SourceRange place = fixes.front().range;
    diagnostics_.error("e", place, "bad " + fixes.front().replacement).fixes = std::move(fixes);
  }

  SourceFile file_{"m", "abcdef"};
  Diagnostics diagnostics_{file_};
};

TEST_F(Fixes, ReplacesInsertsAndDeletes) {
  add({{{4, 5}, ""}});
  add({{{0, 1}, "XY"}, {{6, 6}, ";"}});
  const FixedText fixed = apply_fixes(diagnostics_);
  EXPECT_EQ(fixed.text, "XYbcdf;");
  EXPECT_EQ(fixed.messages, 2);
}

TEST_F(Fixes, LeavesAMessageOutWhoseFixesMeetEarlierOnes) {
  add({{{1, 4}, "-"}});
  add({{{3, 5}, "+"}, {{5, 6}, "!"}});
  const FixedText fixed = apply_fixes(diagnostics_);
  EXPECT_EQ(fixed.text, "a-ef");
  EXPECT_EQ(fixed.messages, 1);
}

TEST_F(Fixes, InsertsOneAfterTheOtherAtOnePlace) {
  add({{{3, 3}, "1"}});
  diagnostics_.warning("w", {3, 3}, "also").fixes = {{{3, 3}, "2"}};
  EXPECT_EQ(apply_fixes(diagnostics_).text, "abc12def");
}

TEST_F(Fixes, CarriesOutEqualFixesOnce) {
  add({{{0, 0}, "m = 1;"}});
  diagnostics_.error("e", {2, 3}, "again").fixes = {{{0, 0}, "m = 1;"}};
  const FixedText fixed = apply_fixes(diagnostics_);
  EXPECT_EQ(fixed.text, "m = 1;abcdef");
  EXPECT_EQ(fixed.messages, 2);
}

TEST_F(Fixes, KeepsATextWithoutFixes) {
  diagnostics_.error("e", {0, 1}, "bad");
  EXPECT_EQ(apply_fixes(diagnostics_).text, "abcdef");
}

}  // namespace
}  // namespace placewright
