// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "profile/profile.h"

namespace placewright::profile {
namespace {

using testing::HasSubstr;

Profile example() {
  Profile profile;
  profile.runtime = "legion";
  profile.nodes = 2;
  profile.span_s = 0.5;
  profile.tasks = {{"step", "gpu", "GPU", 1, 3, 10, 0.1, 0.2, 0.15, 0.01, 0.05, 0.02},
                   {"other", "cpu", "CPU", 0, 0, 1, 0, 0.1, 0, 0, 0.1, 0.1}};
  profile.processors = {{"GPU", 1, 3, 10, 0.15, 0, 0.4}};
  profile.copies = {{"", "FBMEM 0 of node 0", "grid", "", "step", 2, 5, 4096, 0.002, 0, false}};
  profile.instances = {{"SYSMEM of node 0", "", "step", 1, 1, 1, 64, 64, 0.3}};
  profile.memories = {{"SYSMEM of node 0", 1000, 64}};
  profile.mapper_calls = {{"map_task", 7, 0.004}};
  return profile;
}

TEST(ProfileJson, ComesBackAsItWas) {
  const std::string text = to_json(example());
  const auto again = profile_from_json(text);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(to_json(*again), text);
  EXPECT_EQ(again->tasks[0].processor, 3);
  EXPECT_EQ(again->processors[0].tasks, 10U);
  EXPECT_EQ(again->copies[0].argument, 2);
}

TEST(ProfileJson, RefusesOtherTexts) {
  EXPECT_THAT(profile_from_json("{").error().message, HasSubstr("cannot be read"));
  EXPECT_THAT(profile_from_json("{\"version\": 9}").error().message, HasSubstr("has version 9"));
  EXPECT_THAT(profile_from_json("{\"version\": 2}").error().message, HasSubstr("runtime"));
}

TEST(ProfileReport, SaysWhatItLeavesOut) {
  const std::string text = report(example(), 1);
  EXPECT_THAT(text, HasSubstr("GPU 3 of node 1"));
  EXPECT_THAT(text, HasSubstr("... 1 more"));
  EXPECT_THAT(text, HasSubstr("fill FBMEM 0 of node 0"));
  EXPECT_THAT(text, HasSubstr("step argument 2 (grid)"));
}

}  // namespace
}  // namespace placewright::profile
