// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <placewright/machine_table.h>

#include <fstream>
#include <iterator>
#include <string>

namespace placewright {
namespace {

std::string small_table() {
  std::ifstream file(PLACEWRIGHT_SMALL_TABLE);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The small table with the line of `key` replaced.
std::string with_line(const std::string& key, const std::string& line) {
  std::string text = small_table();
  const std::size_t start = text.find("\n" + key + " ") + 1;
  return text.replace(start, text.find('\n', start) - start, line);
}

std::string error_of(const std::string& text) { return parse_machine_table(text, "t").error; }

TEST(MachineTable, ReadsEveryNumber) {
  const auto read = parse_machine_table(small_table(), "t");
  ASSERT_TRUE(read.table) << read.error;
  EXPECT_EQ(read.table->gpu.count, 4);
  EXPECT_EQ(read.table->gpu.frame_buffer_bytes, 1073741824u);
  EXPECT_TRUE(read.table->move_bytes);
  EXPECT_DOUBLE_EQ(read.table->gpu.kernel_launch_s, 5e-6);
  EXPECT_DOUBLE_EQ(read.table->bus.bandwidth_to_host, 10e9);
  EXPECT_DOUBLE_EQ(read.table->peer.bandwidth, 20e9);
  EXPECT_DOUBLE_EQ(read.table->cpu.sector_bytes, 64);
}

const std::string kCurves =
    "access.gpu.zero_copy.stream_read.4096 5e9\naccess.gpu.zero_copy.stream_write.4096 5e9\n"
    "access.gpu.zero_copy.irregular.1048576 1e8\naccess.gpu.zero_copy.irregular.4096 2e8\n"
    "access.gpu.zero_copy.atomic.4096 1e7\n";

TEST(MachineTable, ReadsRatesInTheOrderOfFootprints) {
  const auto read =
      parse_machine_table(small_table() + kCurves + "access.gpu.zero_copy.hot_line_s 1e-6\n", "t");
  ASSERT_TRUE(read.table) << read.error;
  const AccessRates& rates = read.table->gpu.zero_copy;
  ASSERT_EQ(rates.irregular.size(), 2U);
  EXPECT_DOUBLE_EQ(rates.irregular[0].footprint_bytes, 4096);
  EXPECT_DOUBLE_EQ(rates.irregular[0].per_second, 2e8);
  EXPECT_DOUBLE_EQ(rates.irregular[1].per_second, 1e8);
  EXPECT_DOUBLE_EQ(rates.hot_line_s, 1e-6);
  EXPECT_TRUE(rates.known());
  EXPECT_FALSE(read.table->gpu.frame_buffer.known());
}

TEST(MachineTable, HalfATableOfRatesIsRefused) {
  EXPECT_EQ(error_of(small_table() + "access.gpu.zero_copy.atomic.4096 1e7\n"),
            "t: `access.` gives some patterns of a memory and not the others");
  EXPECT_THAT(error_of(small_table() + kCurves + "access.gpu.zero_copy.atomic.0 1e7\n"),
              testing::HasSubstr("expected a footprint and a rate above zero"));
  EXPECT_THAT(error_of(small_table() + "access.gpu.tape.atomic.1 1e7\n"),
              testing::HasSubstr("unknown key `access.gpu.tape.atomic.1`"));
}

TEST(MachineTable, EachGpuHasItsOwnBusUnlessGrouped) {
  const auto read = parse_machine_table(small_table() + "bus.group.1 7\nbus.group.3 7\n", "t");
  ASSERT_TRUE(read.table) << read.error;
  const auto& group = read.table->bus.group;
  EXPECT_EQ(group[1], group[3]);
  EXPECT_NE(group[0], group[1]);
  EXPECT_NE(group[0], group[2]);
}

TEST(MachineTable, NetworkIsOptionalAndWhole) {
  EXPECT_FALSE(parse_machine_table(small_table(), "t").table->network);
  const auto read =
      parse_machine_table(small_table() + "network.bandwidth 5e9\nnetwork.latency_s 2e-6\n", "t");
  ASSERT_TRUE(read.table) << read.error;
  ASSERT_TRUE(read.table->network);
  EXPECT_DOUBLE_EQ(read.table->network->bandwidth, 5e9);
  EXPECT_DOUBLE_EQ(read.table->network->latency_s, 2e-6);
  EXPECT_EQ(error_of(small_table() + "network.bandwidth 5e9\n"),
            "t: the key `network.latency_s` is missing, but `network.bandwidth` is given");
  EXPECT_THAT(error_of(small_table() + "network.bandwidth 0\nnetwork.latency_s 0\n"),
              testing::HasSubstr("`network.bandwidth` is `0`; expected a number above zero"));
}

TEST(MachineTable, MissingKeyIsNamed) {
  EXPECT_EQ(error_of(with_line("peer.bandwidth", "")), "t: the key `peer.bandwidth` is missing");
}

TEST(MachineTable, UnknownKeyIsNamedWithItsLine) {
  EXPECT_EQ(error_of("colour 3\n" + small_table()), "t:1: unknown key `colour`");
}

TEST(MachineTable, RepeatedKeyIsAnError) {
  EXPECT_THAT(error_of(small_table() + "cpu.count 2\n"),
              testing::HasSubstr("`cpu.count` is given twice"));
}

TEST(MachineTable, ValuesMustBeNumbersInRange) {
  EXPECT_THAT(error_of(with_line("time_scale", "time_scale fast")),
              testing::HasSubstr("`time_scale` is `fast`; expected a number above zero"));
  EXPECT_THAT(error_of(with_line("time_scale", "time_scale 0")),
              testing::HasSubstr("expected a number above zero"));
  EXPECT_THAT(error_of(with_line("bus.latency_s", "bus.latency_s -1")),
              testing::HasSubstr("expected a number that is not negative"));
  EXPECT_THAT(error_of(with_line("time_scale", "time_scale 1e10")),
              testing::HasSubstr("expected a number above zero, at most 1e9"));
  for (const char* count : {"2.5", "3e9", "-1"}) {
    EXPECT_THAT(error_of(with_line("gpu.count", std::string("gpu.count ") + count)),
                testing::HasSubstr("expected a whole number up to 65536"));
  }
  EXPECT_THAT(error_of(with_line("move_bytes", "move_bytes 2")),
              testing::HasSubstr("expected 0 or 1"));
  EXPECT_THAT(error_of(with_line("cpu.fp32_flops", "cpu.fp32_flops inf")),
              testing::HasSubstr("`cpu.fp32_flops` is `inf`"));
}

TEST(MachineTable, LinesHaveExactlyOneValue) {
  EXPECT_THAT(error_of(with_line("time_scale", "time_scale")),
              testing::HasSubstr("`time_scale` has no value"));
  EXPECT_THAT(error_of(with_line("time_scale", "time_scale 1 s")),
              testing::HasSubstr("found `s` after the value of `time_scale`"));
}

TEST(MachineTable, GroupOfAGpuThatIsNotThereIsAnError) {
  EXPECT_THAT(error_of(small_table() + "bus.group.4 0\n"),
              testing::HasSubstr("`bus.group.4` names a GPU outside `gpu.count` 4"));
}

TEST(MachineTable, UnreadableFileIsNamed) {
  EXPECT_THAT(read_machine_table("no/such/table").error,
              testing::HasSubstr("cannot read the machine table `no/such/table`"));
  EXPECT_THAT(read_machine_table(testing::TempDir()).error,
              testing::HasSubstr("cannot read the machine table"));
}

TEST(MachineTable, CostsOfTheRuntimeAreGivenTogether) {
  EXPECT_FALSE(parse_machine_table(small_table(), "t").table->runtime);
  std::string costs = "runtime.utility_processors 2\nruntime.instance_s 1e-6\n";
  for (const std::string kind : {"", "captured_", "replayed_"})
    costs += "runtime." + kind + "task_s 2e-6\nruntime." + kind + "argument_s 3e-6\n";
  costs += "runtime.copy_s 4e-6\n";
  EXPECT_EQ(error_of(small_table() + costs),
            "t: the key `runtime.replayed_copy_s` is missing, but `runtime.argument_s` is given");
  const auto read =
      parse_machine_table(small_table() + costs + "runtime.replayed_copy_s 5e-6\n", "t");
  ASSERT_TRUE(read.table) << read.error;
  EXPECT_EQ(read.table->runtime->utility_processors, 2);
  EXPECT_DOUBLE_EQ(read.table->runtime->captured.copy_s, 4e-6);
  EXPECT_DOUBLE_EQ(read.table->runtime->replayed.copy_s, 5e-6);
}

TEST(MachineTable, SocketsAreOneUnlessTheTableSaysMore) {
  const auto one = parse_machine_table(small_table(), "t");
  EXPECT_EQ(one.table->sockets.count, 1);
  EXPECT_TRUE(one.table->sockets.of_gpu.empty());
  const std::string two = small_table() + "sockets.count 2\nsockets.link_bandwidth 5e9\n";
  EXPECT_EQ(error_of(two + "sockets.gpu.0 0\nsockets.gpu.1 1\nsockets.gpu.3 1\n"),
            "t: the key `sockets.gpu.2` is missing");
  const std::string first = two + "sockets.gpu.0 0\nsockets.gpu.1 1\nsockets.gpu.2 0\n";
  const auto read = parse_machine_table(first + "sockets.gpu.3 1\n", "t");
  ASSERT_TRUE(read.table) << read.error;
  EXPECT_EQ(read.table->sockets.count, 2);
  EXPECT_DOUBLE_EQ(read.table->sockets.link_bandwidth, 5e9);
  EXPECT_THAT(read.table->sockets.of_gpu, testing::ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(error_of(first + "sockets.gpu.3 2\n"),
              testing::HasSubstr("`sockets.gpu.3` is `2`; expected a whole number below "
                                 "`sockets.count` 2"));
}

TEST(MachineTable, HalfASectionOfSocketsIsRefused) {
  EXPECT_EQ(error_of(small_table() + "sockets.gpu.0 0\n"),
            "t: the key `sockets.count` is missing, but `sockets.gpu.0` is given");
  EXPECT_EQ(error_of(small_table() + "sockets.count 1\nsockets.link_bandwidth 5e9\n"),
            "t: `sockets.count` is 1; expected at least 2");
}

}  // namespace
}  // namespace placewright
