// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "machine/description.h"

namespace placewright::machine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kCount = "count = {value = 2, source = \"test\"}\n";
constexpr const char* kPeak =
    "link_bandwidth_peak = {value = 20, min = 16, max = 24, unit = \"GB/s\", source = \"test\"}\n";
constexpr const char* kEfficiency =
    "link_bandwidth_efficiency = {value = 0.5, source = \"test\"}\n";
constexpr const char* kGpus = "gpus = [0, 0, 1, 1]\n";

/// A shipped machine with four GPUs, two CPU processors and this section `[sockets]`.
Result<MachineDescription> with_sockets(const std::string& section) {
  std::ifstream shipped(PLACEWRIGHT_MACHINES "/p100x4-sxm2.toml");
  std::string text{std::istreambuf_iterator<char>(shipped), std::istreambuf_iterator<char>()};
  return parse_machine(text + "\n[sockets]\n" + section, "m.toml");
}

std::string error_of(const std::string& section) {
  const Result<MachineDescription> machine = with_sockets(section);
  if (machine) return "no error";
  const std::string& message = machine.error().message;
  return message.substr(message.find('`'));
}

TEST(SocketsSection, GoesIntoTheTableWithTheEndsOfItsRanges) {
  const auto machine = with_sockets(std::string(kCount) + kPeak + kEfficiency + kGpus);
  ASSERT_TRUE(machine) << machine.error().message;
  EXPECT_EQ(machine->sockets(), 2);
  EXPECT_THAT(machine->gpu_sockets, ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(flat_machine_table(*machine),
              HasSubstr("sockets.count 2\nsockets.link_bandwidth 10000000000\nsockets.gpu.0 0\n"
                        "sockets.gpu.1 0\nsockets.gpu.2 1\nsockets.gpu.3 1\n"));
  EXPECT_THAT(flat_machine_table(*machine, {.end = RangeEnd::Fast}),
              HasSubstr("sockets.link_bandwidth 12000000000\n"));
  EXPECT_THAT(flat_machine_table(*machine, {.end = RangeEnd::Slow}),
              HasSubstr("sockets.link_bandwidth 8000000000\n"));
}

TEST(SocketsSection, FileWithoutItHasOneSocket) {
  const auto machine = with_sockets("");
  ASSERT_TRUE(machine) << machine.error().message;
  EXPECT_EQ(machine->sockets(), 1);
  EXPECT_THAT(flat_machine_table(*machine), Not(HasSubstr("socket")));
}

TEST(SocketsSection, IsWhole) {
  const std::string count = kCount, peak = kPeak, efficiency = kEfficiency, gpus = kGpus;
  EXPECT_EQ(error_of(count + peak + efficiency),
            "`sockets.gpus` is missing, but the file has a part of `[sockets]`");
  EXPECT_EQ(error_of(count + peak + gpus),
            "`sockets.link_bandwidth_efficiency` is missing, but the file has a part of "
            "`[sockets]`");
  EXPECT_EQ(error_of(peak + efficiency + gpus),
            "`sockets.count` is missing, but the file has a part of `[sockets]`");
  EXPECT_EQ(error_of(gpus), "`sockets.gpus` is given, but `sockets.count` is missing");
}

TEST(SocketsSection, NumbersThatNoHostHasAreRefused) {
  const std::string link = std::string(kPeak) + kEfficiency;
  const auto of = [&](const std::string& count, const std::string& gpus) {
    return error_of("count = {value = " + count + ", source = \"test\"}\n" + link +
                    "gpus = " + gpus + "\n");
  };
  EXPECT_EQ(of("0", "[0, 0, 1, 1]"), "`sockets.count` is 0; expected at least 2");
  EXPECT_EQ(of("1", "[0, 0, 0, 0]"), "`sockets.count` is 1; expected at least 2");
  EXPECT_EQ(of("1.5", "[0, 0, 1, 1]"), "`sockets.count` is 1.5; expected a whole number");
  EXPECT_EQ(of("3", "[0, 0, 1, 1]"),
            "`sockets.count` is 3, but `shape.cpu_processors` is 2; each socket has at least one "
            "of them");
  EXPECT_EQ(of("2", "[0, 0, 1]"), "`sockets.gpus` has 3 entries for 4 GPUs");
  EXPECT_EQ(of("2", "[0, 0, 1, 2]"),
            "`sockets.gpus` has a 2, but `sockets.count` is 2; sockets are numbered from 0");
  EXPECT_EQ(of("2", "[0, 0, 1, -1]"), "`sockets.gpus` should be a list of whole numbers from 0");
  EXPECT_EQ(of("2", "2"), "`sockets.gpus` should be a list of whole numbers");
}

TEST(SocketsSection, MistakesNameTheirLine) {
  const auto machine = with_sockets(std::string(kPeak) + kEfficiency + kGpus +
                                    "count = {value = 0, source = \"test\"}\n");
  ASSERT_FALSE(machine);
  EXPECT_THAT(machine.error().message, testing::MatchesRegex("m.toml:[0-9]+: `sockets.count`.*"));
  EXPECT_EQ(machine.error().help, "a machine with one socket has no section `[sockets]`");
}

}  // namespace
}  // namespace placewright::machine
