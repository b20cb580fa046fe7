// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "machine/description.h"

namespace placewright::machine {
namespace {

using testing::HasSubstr;

/// A shipped machine with a section `[runtime]`, of which one key may be left out.
Result<MachineDescription> with_runtime(const std::string& utility,
                                        std::string_view left_out = "") {
  std::ifstream shipped(PLACEWRIGHT_MACHINES "/p100x4-sxm2.toml");
  std::string text{std::istreambuf_iterator<char>(shipped), std::istreambuf_iterator<char>()};
  text += "\n[runtime]\nutility_processors = {value = " + utility + ", source = \"test\"}\n";
  for (const std::string_view work :
       {"task", "argument", "copy", "instance", "captured_task", "captured_argument",
        "replayed_task", "replayed_argument", "replayed_copy"}) {
    if (work != left_out)
      text += std::string(work) +
              " = {value = 20, min = 10, max = 30, unit = \"us\", source = \"test\"}\n";
  }
  return parse_machine(text, "m.toml");
}

TEST(RuntimeSection, GivesCostsToTheTableWhereARunWantsThem) {
  const auto machine = with_runtime("2");
  ASSERT_TRUE(machine) << machine.error().message;
  EXPECT_TRUE(machine->has_runtime());
  EXPECT_EQ(machine->utility_processors(), 2);
  const std::string table =
      flat_machine_table(*machine, {.runtime_cost = true, .end = RangeEnd::Slow});
  EXPECT_THAT(table, HasSubstr("runtime.utility_processors 2\n"));
  EXPECT_THAT(table, HasSubstr("runtime.replayed_copy_s 2.999"));
  EXPECT_EQ(flat_machine_table(*machine).find("runtime."), std::string::npos);
}

TEST(RuntimeSection, FastAndSlowTablesUseTheEndsOfItsRanges) {
  const auto machine = with_runtime("2, min = 1, max = 4");
  ASSERT_TRUE(machine) << machine.error().message;
  const auto table = [&](RangeEnd end) {
    return flat_machine_table(*machine, {.runtime_cost = true, .end = end});
  };
  // More processors and shorter times are fast.
  EXPECT_THAT(table(RangeEnd::Nominal), HasSubstr("runtime.utility_processors 2\n"));
  EXPECT_THAT(table(RangeEnd::Fast), HasSubstr("runtime.utility_processors 4\n"));
  EXPECT_THAT(table(RangeEnd::Slow), HasSubstr("runtime.utility_processors 1\n"));
  for (const std::string_view work :
       {"task", "argument", "copy", "instance", "captured_task", "captured_argument",
        "replayed_task", "replayed_argument", "replayed_copy"}) {
    const std::string key = "runtime." + std::string(work) + "_s ";
    EXPECT_THAT(table(RangeEnd::Nominal), HasSubstr(key + "1.9999")) << key;
    EXPECT_THAT(table(RangeEnd::Fast), HasSubstr(key + "9.9999")) << key;
    EXPECT_THAT(table(RangeEnd::Slow), HasSubstr(key + "2.9999")) << key;
  }
}

TEST(RuntimeSection, EveryNumberOfARangeOfThreadsIsPossible) {
  EXPECT_THAT(with_runtime("2, min = 1.5").error().message,
              HasSubstr("`runtime.utility_processors` is 1.5; expected a whole number"));
  EXPECT_THAT(with_runtime("2, min = 0").error().message,
              HasSubstr("`runtime.utility_processors` is 0; expected at least 1"));
  EXPECT_THAT(with_runtime("2, max = 60").error().message,
              HasSubstr("60 utility processors makes 66"));
}

TEST(RuntimeSection, IsWholeAndHasAThread) {
  EXPECT_EQ(with_runtime("2", "captured_task").error().message,
            "m.toml: `runtime.captured_task` is missing, but the file has a part of `[runtime]`");
  EXPECT_THAT(with_runtime("0").error().message,
              HasSubstr("`runtime.utility_processors` is 0; expected at least 1"));
  EXPECT_THAT(with_runtime("60").error().message, HasSubstr("60 utility processors makes 66"));
}

}  // namespace
}  // namespace placewright::machine
