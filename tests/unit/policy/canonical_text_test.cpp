// SPDX-License-Identifier: Apache-2.0
#include "policy/canonical_text.h"

#include <gtest/gtest.h>

#include "policies.h"

namespace placewright::policy {
namespace {

std::string canonical(const std::string& text) {
  return canonical_text(good_policy(text)->mapping().program);
}

constexpr const char* kFunctions =
    "m = Machine(GPU);\ndef f(Task t) { return m[0, 0]; }\ndef g(Task t) { return m[0, 1]; }\n";

TEST(CanonicalText, HidesHowAMappingIsWritten) {
  const std::string text = canonical("Task a, b GPU;\nRegion a r, 1 GPU FBMEM;\n");
  EXPECT_EQ(text, canonical("# why\nRegion a 1 GPU FBMEM;\n\nRegion a r GPU FBMEM;\n"
                            "Task b GPU;  Task a GPU;\n"));
  EXPECT_EQ(text, canonical("Task a, b GPU;\nRegion a r, 1 GPU FBMEM;\nTask a CPU;\n"
                            "unused = 3;\nRegion a r GPU ZCMEM;\n"))
      << "a later rule for the same key has no effect";
}

TEST(CanonicalText, ShowsWhatIsDecidedForTasksThatNobodyHasSeen) {
  const std::string text = canonical("Task a GPU;\n");
  EXPECT_NE(text, canonical("Task a GPU;\nTask b CPU;\n"));
  EXPECT_NE(text, canonical("Task a GPU;\nTask * CPU;\n"));
  EXPECT_NE(text, canonical("Task a GPU;\nTask \"b*\" CPU;\n"));
  EXPECT_NE(text, canonical("Task a GPU;\nInstanceLimit GPU 4;\n"));
}

TEST(CanonicalText, ShowsWhatHappensWhenTheFirstChoiceFails) {
  EXPECT_NE(canonical("Region a r GPU FBMEM;\n"), canonical("Region a r GPU FBMEM, ZCMEM;\n"));
  EXPECT_NE(canonical("Task a GPU;\n"), canonical("Task a GPU, CPU;\n"));
}

TEST(CanonicalText, ShowsTheFunctionsAndConditionsThatRulesUse) {
  const std::string with_f = canonical(std::string(kFunctions) + "IndexTaskMap a f;\n");
  EXPECT_NE(with_f, canonical(std::string(kFunctions) + "IndexTaskMap a g;\n"));
  EXPECT_NE(with_f, canonical("m = Machine(GPU);\ndef f(Task t) { return m[0, 1]; }\n"
                              "IndexTaskMap a f;\n"));
  EXPECT_NE(with_f, canonical("m = Machine(GPU).swap(0, 1);\ndef f(Task t) { return m[0, 0]; }\n"
                              "IndexTaskMap a f;\n"));
  EXPECT_EQ(with_f, canonical("m = Machine(GPU);\ndef f(Task t) {\n  return m[0, 0];  # here\n}\n"
                              "IndexTaskMap a f;\n"));
  EXPECT_NE(canonical("n = 3;\nTask a GPU if task.tag == n;\n"),
            canonical("n = 4;\nTask a GPU if task.tag == n;\n"));
}

TEST(CanonicalText, RulesWithConditionsKeepTheirOrder) {
  const std::string one = canonical("Task a GPU if task.tag == 1;\nTask a CPU;\n");
  EXPECT_NE(one, canonical("Task a CPU;\nTask a GPU if task.tag == 1;\n"));
}

}  // namespace
}  // namespace placewright::policy
