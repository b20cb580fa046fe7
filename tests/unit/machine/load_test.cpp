// SPDX-License-Identifier: Apache-2.0
#include "machine/load.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "machine/presets.h"

namespace placewright::machine {
namespace {

using testing::HasSubstr;

TEST(LoadMachine, BuiltInMachinesAreTheFilesOfTheirNames) {
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PLACEWRIGHT_MACHINES)) {
    ++files;
    const auto named = read_machine(entry.path().stem().string());
    ASSERT_TRUE(named) << named.error().message;
    const auto file = read_machine(entry.path().string());
    EXPECT_EQ(flat_machine_table(*named).substr(flat_machine_table(*named).find('\n')),
              flat_machine_table(*file).substr(flat_machine_table(*file).find('\n')));
  }
  EXPECT_EQ(presets().size(), files);
  EXPECT_TRUE(std::ranges::is_sorted(presets(), {}, &Preset::name));
}

TEST(LoadMachine, ANameCanHaveANumberOfNodes) {
  EXPECT_EQ(read_machine("lassen")->nodes(), 1);
  EXPECT_EQ(read_machine("lassen:16")->nodes(), 16);
  EXPECT_EQ(read_machine("h200:1")->nodes(), 1);
  EXPECT_EQ(load_machine("lassen:3")->node_count(), 3);
  EXPECT_TRUE(gives_nodes("lassen:16"));
  EXPECT_FALSE(gives_nodes("lassen"));
}

TEST(LoadMachine, WrongNumbersOfNodesAreRefused) {
  for (const char* spec : {"lassen:0", "lassen:", "lassen:-1", "lassen:1e3", "lassen:65537",
                           "lassen:99999999999999999999", "lassen:2:3"})
    EXPECT_THAT(read_machine(spec).error().message, HasSubstr("from 1 to 65536")) << spec;
  EXPECT_THAT(read_machine("h200:2").error().message, HasSubstr("no network"));
}

TEST(LoadMachine, UnknownNamesHaveAHint) {
  EXPECT_EQ(read_machine("lasen").error().help, "did you mean `lassen`?");
  EXPECT_THAT(read_machine("nowhere").error().help, HasSubstr("machine list"));
  EXPECT_THAT(read_machine("lasen:4").error().message, HasSubstr("`lasen`"));
}

TEST(LoadMachine, AFileWithTheNameOfAMachineWins) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(testing::TempDir());
  std::ofstream("lassen") << "name = 1\n";
  EXPECT_FALSE(names_machine("lassen"));
  EXPECT_THAT(read_machine("lassen").error().message, HasSubstr("lassen:1: "));
  std::filesystem::remove("lassen");
  EXPECT_TRUE(names_machine("lassen"));
  std::filesystem::current_path(before);
}

TEST(LoadMachine, ShapesAreNoNames) {
  EXPECT_FALSE(names_machine("nodes=2,GPU=4"));
  EXPECT_EQ(load_machine("nodes=2,GPU=4")->node_count(), 2);
  EXPECT_FALSE(names_machine("my/lassen"));
  EXPECT_FALSE(names_machine("lassen.toml"));
  EXPECT_FALSE(names_machine("-"));
}

}  // namespace
}  // namespace placewright::machine
