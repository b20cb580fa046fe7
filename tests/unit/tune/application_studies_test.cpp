// SPDX-License-Identifier: Apache-2.0
// The study files of the benchmark applications.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tune/settings.h"

namespace placewright::tune {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// Applications are the lines of applications.txt that are no comments.
std::vector<std::string> applications() {
  std::ifstream list(fs::path(PLACEWRIGHT_APPLICATIONS) / "applications.txt");
  std::vector<std::string> names;
  for (std::string line; std::getline(list, line);) {
    if (!line.empty() && line[0] != '#') names.push_back(line);
  }
  return names;
}

class ApplicationStudy : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(ApplicationStudy, TunesItsInputFromBaselinesThatAreThere) {
  const auto& [application, input] = GetParam();
  const fs::path path = fs::path(PLACEWRIGHT_APPLICATIONS) / application / (input + ".study.toml");
  ASSERT_TRUE(fs::exists(path)) << path;
  const SourceFile file(path.string(), text_of(path));
  Diagnostics diagnostics(file);
  const auto settings = read_study_file(file, "/nowhere", diagnostics);
  ASSERT_TRUE(settings) << diagnostics.to_text();
  EXPECT_EQ(settings->name, application + "-" + input);
  EXPECT_THAT(settings->command, testing::ElementsAre(application, "-input", input));
  EXPECT_THAT(settings->handwritten_command,
              testing::ElementsAre(application, "-input", input, "-mapper", "handwritten"));
  ASSERT_GT(settings->correctness_command.size(), 3U);
  EXPECT_EQ(settings->correctness_command[2], input);
  EXPECT_GE(settings->time_scale, 1);
  EXPECT_TRUE(fs::exists(settings->machine)) << settings->machine;
  EXPECT_TRUE(fs::exists(settings->expert)) << settings->expert;
}

INSTANTIATE_TEST_SUITE_P(All, ApplicationStudy,
                         testing::Combine(testing::ValuesIn(applications()),
                                          testing::Values("small", "medium")),
                         [](const auto& info) {
                           return std::get<0>(info.param) + "_" + std::get<1>(info.param);
                         });

}  // namespace
}  // namespace placewright::tune
