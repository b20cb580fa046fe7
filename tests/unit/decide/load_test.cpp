// SPDX-License-Identifier: Apache-2.0
#include "decide/load.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "samples.h"

namespace placewright::decide {
namespace {

/// A mapping file that is removed at the end.
class MappingFile {
 public:
  explicit MappingFile(const std::string& text) { std::ofstream(path_) << text; }
  ~MappingFile() { std::filesystem::remove(path_); }
  MappingFile(const MappingFile&) = delete;
  MappingFile& operator=(const MappingFile&) = delete;
  [[nodiscard]] LoadedRules load() const {
    return load_rules(path_, machine::MachineShape::parse(kShape).value());
  }

 private:
  std::string path_ = testing::TempDir() + "placewright_decide_load.mapping";
};

TEST(LoadRules, FileGivesItsRules) {
  const LoadedRules loaded = MappingFile("Task t CPU;").load();
  ASSERT_TRUE(loaded.rules) << loaded.messages;
  EXPECT_EQ(loaded.messages, "");
  const auto task = loaded.rules->task("t", {});
  ASSERT_TRUE(task);
  EXPECT_THAT(loaded.rules->processor_kinds(*task), testing::ElementsAre(ProcessorKind::Cpu));
}

TEST(LoadRules, ErrorsAreInPrintedForm) {
  const LoadedRules loaded = MappingFile("Task t NOSUCH;").load();
  EXPECT_FALSE(loaded.rules);
  EXPECT_THAT(loaded.messages, testing::HasSubstr("placewright_decide_load.mapping:1:8: error"));
}

}  // namespace
}  // namespace placewright::decide
