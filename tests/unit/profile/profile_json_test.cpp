// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "profile/profile.h"

namespace placewright::profile {
namespace {

using testing::HasSubstr;

Profile example() {
  const MemoryPlace host{machine::MemoryKind::SysMem, 0, 0};
  const MemoryPlace frame_buffer{machine::MemoryKind::FbMem, 0, 0};
  Profile profile;
  profile.runtime = "legion";
  profile.nodes = 2;
  profile.span_s = 0.5;
  profile.tasks = {{"step", "gpu", "GPU", 1, 3, 10, 0.1, 0.2, 0.15, 0.01, 0.05, 0.02},
                   {"other", "cpu", "CPU", 0, 0, 1, 0, 0.1, 0, 0, 0.1, 0.1}};
  profile.processors = {{"GPU", 1, 3, 10, 0.15, 0, 0.4}};
  profile.copies = {{std::nullopt, frame_buffer, "grid", "", "step", 2, 5, 4096, 0.002, 0, false}};
  profile.instances = {{host, "", "step", 1, 1, 1, 64, 64, 0.3}};
  profile.memories = {{host, 1000, 64}};
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
  EXPECT_EQ(again->copies[0].from, std::nullopt);
  EXPECT_EQ(again->copies[0].to, example().copies[0].to);
  EXPECT_EQ(again->memories[0].memory, example().memories[0].memory);
}

TEST(ProfileJson, WritesMemoriesAsTexts) {
  const std::string text = to_json(example());
  EXPECT_THAT(text, HasSubstr(R"("from": "")"));
  EXPECT_THAT(text, HasSubstr(R"("to": "FBMEM 0 of node 0")"));
  EXPECT_THAT(text, HasSubstr(R"("memory": "SYSMEM of node 0")"));
}

TEST(ProfileJson, RefusesOtherTexts) {
  EXPECT_THAT(profile_from_json("{").error().message, HasSubstr("cannot be read"));
  EXPECT_THAT(profile_from_json("{\"version\": 9}").error().message, HasSubstr("has version 9"));
  EXPECT_THAT(profile_from_json("{\"version\": 2}").error().message, HasSubstr("runtime"));
  std::string text = to_json(example());
  text.replace(text.find("SYSMEM of"), 9, "SYSMEM in");
  EXPECT_THAT(profile_from_json(text).error().message,
              HasSubstr("`instances[0].memory` is `\"SYSMEM in node 0\"`"));
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
