// SPDX-License-Identifier: Apache-2.0
#include "infer/observed.h"

#include <gtest/gtest.h>

namespace placewright::infer {
namespace {

TEST(ReadDecisions, KnowAlignmentAddressAndFateOfAnInstance) {
  const auto tasks = read_decisions(
      R"({"task":"t","kind":"GPU","node":0,"processor":1,"in_flight":3,"arguments":[)"
      R"({"memory":"FBMEM","layout":"SOA","order":"F","alignment":64,"address":4096,"kept":false},)"
      R"({"memory":"ZCMEM","layout":"AOS","order":"F","reduction":true}]})"
      "\n");
  ASSERT_TRUE(tasks) << tasks.error().message;
  ASSERT_EQ(tasks->size(), 1U);
  const ObservedTask& task = tasks->front();
  EXPECT_EQ(task.in_flight, 3);
  ASSERT_EQ(task.arguments.size(), 2U);
  EXPECT_EQ(task.arguments[0].alignment, 64U);
  EXPECT_EQ(task.arguments[0].address, 4096U);
  EXPECT_EQ(task.arguments[0].kept, false);
  EXPECT_TRUE(task.arguments[1].reduction);
  EXPECT_EQ(task.arguments[1].alignment, 0U);
  EXPECT_EQ(task.arguments[1].kept, std::nullopt);
}

std::string error_of(const std::string& member) {
  const auto tasks = read_decisions(
      R"({"task":"t","kind":"CPU","node":0,"processor":1,"arguments":[{)" + member + "}]}\n");
  return tasks ? "no error" : tasks.error().message;
}

TEST(ReadDecisions, KnowArgumentsWithoutAnInstanceTheLanguageCanName) {
  for (const char* member : {R"("memory":"NONE")", R"("memory":"VIRTUAL")",
                             R"("memory":"another kind","layout":"SOA","order":"mixed")"})
    EXPECT_EQ(error_of(member), "no error");
}

TEST(ReadDecisions, RefuseAnUnknownWord) {
  const std::string start = "line 1 of the decisions cannot be read: ";
  EXPECT_EQ(error_of(R"("memory":"FBMME")"), start + "`memory` is `FBMME`");
  EXPECT_EQ(error_of(R"("memory":"SYSMEM","layout":"A","order":"F")"), start + "`layout` is `A`");
  EXPECT_EQ(error_of(R"("memory":"SYSMEM","layout":"SOA","order":"D")"), start + "`order` is `D`");
}

}  // namespace
}  // namespace placewright::infer
