// SPDX-License-Identifier: Apache-2.0
#include "infer/argument_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace placewright::infer {
namespace {

using testing::ElementsAre;

std::vector<std::string> rules(const std::vector<ArgumentValue>& arguments) {
  std::vector<std::string> texts;
  for (const ArgumentRule& rule : cover_arguments(arguments, "CPU SYSMEM"))
    texts.push_back(write_rule("Region", rule));
  return texts;
}

TEST(ArgumentRules, NeedsNoneForWhatHappensAnyway) {
  EXPECT_THAT(rules({{"a", 0, {"grid"}, "CPU SYSMEM"}, {"b", 0, {}, std::nullopt}}), ElementsAre());
}

TEST(ArgumentRules, TakesOneRuleForAllWhereTheExceptionsAreFewer) {
  EXPECT_THAT(rules({{"a", 0, {}, "CPU ZCMEM"},
                     {"b", 1, {}, "CPU ZCMEM"},
                     {"c", 2, {}, "CPU ZCMEM"},
                     {"d", 1, {}, "CPU SYSMEM"}}),
              ElementsAre("Region * * CPU ZCMEM;\n", "Region d 1 CPU SYSMEM;\n"));
}

TEST(ArgumentRules, JoinsRegionsThatSeveralTasksUseAlike) {
  EXPECT_THAT(rules({{"a", 0, {"ghost", "nodes"}, "CPU ZCMEM"},
                     {"a", 1, {"shared", "nodes"}, "CPU ZCMEM"},
                     {"a", 2, {"private", "nodes"}, "CPU SYSMEM"},
                     {"b", 0, {"ghost", "nodes"}, "CPU ZCMEM"},
                     {"b", 1, {"shared", "nodes"}, "CPU ZCMEM"}}),
              ElementsAre("Region * ghost, shared CPU ZCMEM;\n"));
}

TEST(ArgumentRules, NumbersAnArgumentWhoseNameMeansTwoThings) {
  EXPECT_THAT(rules({{"a", 0, {"grid"}, "CPU ZCMEM"},
                     {"a", 1, {"grid"}, "CPU SYSMEM"},
                     {"b", 0, {"grid"}, "CPU ZCMEM"}}),
              ElementsAre("Region a 0 CPU ZCMEM;\n", "Region b grid CPU ZCMEM;\n"));
}

TEST(ArgumentRules, QuotesNamesAndJoinsTasksWithTheSameNeeds) {
  EXPECT_THAT(rules({{"a b", 0, {}, "CPU ZCMEM"},
                     {"c", 0, {}, "CPU ZCMEM"},
                     {"d", 0, {}, "CPU SYSMEM"},
                     {"e", 0, {}, "CPU SYSMEM"}}),
              ElementsAre("Region \"a b\", c 0 CPU ZCMEM;\n"));
}

TEST(ArgumentRules, SaysItOnceForAllArgumentsOfATask) {
  EXPECT_THAT(rules({{"a", 0, {}, "CPU ZCMEM"},
                     {"a", 1, {}, "CPU ZCMEM"},
                     {"a", 2, {}, std::nullopt},
                     {"b", 0, {}, "CPU SYSMEM"},
                     {"c", 0, {}, "CPU SYSMEM"}}),
              ElementsAre("Region a * CPU ZCMEM;\n"));
}

}  // namespace
}  // namespace placewright::infer
