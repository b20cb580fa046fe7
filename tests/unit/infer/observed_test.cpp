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

}  // namespace
}  // namespace placewright::infer
