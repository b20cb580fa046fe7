// SPDX-License-Identifier: Apache-2.0
#include "calibrate/scales.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "machine/presets.h"

namespace placewright::calibrate {
namespace {

using testing::HasSubstr;

std::string preset(std::string_view name) {
  const auto found = std::ranges::find(machine::presets(), name, &machine::Preset::name);
  return std::string(found->text);
}

TEST(Scales, TheTextSaysWhatIsSimulated) {
  const Factors factors = {0.5, 1.25, 3};
  for (const machine::Preset& each : machine::presets()) {
    const std::string text(each.text);
    const auto machine = machine::parse_machine(text, "it");
    const auto changed = machine::parse_machine(scaled_text(text, factors), "it");
    ASSERT_TRUE(changed) << changed.error().message;
    const machine::MachineDescription expected = scaled(*machine, factors);
    ASSERT_EQ(changed->quantities.size(), expected.quantities.size());
    for (const auto& [key, quantity] : expected.quantities) {
      EXPECT_NEAR(changed->quantity(key).value, quantity.value, 1e-5 * quantity.value) << key;
      EXPECT_NEAR(changed->quantity(key).max, quantity.max, 1e-5 * quantity.max) << key;
    }
  }
}

TEST(Scales, EverythingElseStays) {
  const std::string text = preset("cpu-cluster");
  EXPECT_EQ(scaled_text(text, kUnscaled), text);
  const std::string changed = scaled_text(text, {1, 1, 2});
  EXPECT_THAT(changed, HasSubstr("times 2 by calibration"));
  EXPECT_EQ(std::ranges::count(changed, '\n'), std::ranges::count(text, '\n'));
  EXPECT_EQ(changed.substr(0, changed.find("[cpu]")), text.substr(0, text.find("[cpu]")));
}

TEST(Scales, SignsOfSeveralBytesDoNotShiftAnything) {
  std::string text = preset("cpu-cluster");
  const std::string launch = "task_launch = {value = 2";
  text.insert(text.find(launch), "# starting a task – naïvely\n");
  text.replace(text.find("waking a thread"), 15, "\u00e4\u4e16 a thread");
  const std::string changed = scaled_text(text, {1, 1, 2});
  EXPECT_THAT(changed, HasSubstr("naïvely\ntask_launch = {value = 4, min = 2, max = 10"));
  EXPECT_TRUE(machine::parse_machine(changed, "it"));
}

TEST(Scales, AnEfficiencyIsNeverAboveOne) {
  const auto machine = machine::parse_machine(preset("cpu-cluster"), "it");
  EXPECT_DOUBLE_EQ(most(scales()[0], *machine), 4);
  const auto changed = machine::parse_machine(scaled_text(preset("cpu-cluster"), {4, 1, 1}), "it");
  ASSERT_TRUE(changed) << changed.error().message;
  EXPECT_EQ(changed->quantity("cpu.fp64_efficiency").max, 1);
}

}  // namespace
}  // namespace placewright::calibrate
