// SPDX-License-Identifier: Apache-2.0
#include "calibrate/runs_file.h"

#include <gmock/gmock.h>

#include <fstream>

namespace placewright::calibrate {
namespace {

using testing::HasSubstr;

Result<std::vector<MeasuredRun>> read(const std::string& text) {
  const std::string path = testing::TempDir() + "runs_file_test.toml";
  std::ofstream(path) << text;
  return read_runs(path);
}

TEST(RunsFile, PathsAreBesideIt) {
  const auto runs = read(
      "[[run]]\nrecording = \"a.recording\"\nseconds = 2\n"
      "[[run]]\nname = \"b\"\nrecording = \"/x/b\"\nmapping = \"m\"\nseconds = 0.5\ncpus = 3\n");
  ASSERT_TRUE(runs) << runs.error().message;
  ASSERT_EQ(runs->size(), 2U);
  EXPECT_EQ((*runs)[0].recording, testing::TempDir() + "a.recording");
  EXPECT_EQ((*runs)[0].name, "a.recording");
  EXPECT_EQ((*runs)[0].mapping, "");
  EXPECT_EQ((*runs)[0].seconds, 2);
  EXPECT_EQ((*runs)[1].recording, "/x/b");
  EXPECT_EQ((*runs)[1].mapping, testing::TempDir() + "m");
  EXPECT_EQ((*runs)[1].cpus, 3);
}

TEST(RunsFile, MistakesHaveTheirLine) {
  const std::pair<const char*, const char*> mistakes[] = {
      {"", "no [[run]]"},
      {"[[run]]\nseconds = 1\n", ":1: `recording` is missing"},
      {"[[run]]\nrecording = \"a\"\n", ":1: `seconds`"},
      {"[[run]]\nrecording = \"a\"\nseconds = -1\n", ":1: `seconds`"},
      {"[[run]]\nrecording = \"a\"\nseconds = nan\n", ":1: `seconds`"},
      {"[[run]]\nrecording = 7\nseconds = 1\n", ":2: `recording` is unknown or has the wrong type"},
      {"[[run]]\nrecording = \"a\"\nseconds = 1\ncpus = 0\n", ":4: `cpus` is 0"},
      {"[[run]]\nrecordings = \"a\"\nseconds = 1\n", ":2: `recordings` is unknown"},
      {"[runs]\n", ":1: unknown key `runs`"},
      {"[[run]\n", ":1: "},
  };
  for (const auto& [text, words] : mistakes) {
    const auto runs = read(text);
    ASSERT_FALSE(runs) << text;
    EXPECT_THAT(runs.error().message, HasSubstr(words)) << text;
  }
  EXPECT_FALSE(read_runs("/nowhere"));
}

}  // namespace
}  // namespace placewright::calibrate
