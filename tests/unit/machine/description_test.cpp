// SPDX-License-Identifier: Apache-2.0
#include "machine/description.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace placewright::machine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Round numbers; every line is one key, so that tests can replace or drop it.
const std::vector<std::string>& lines() {
  static const std::vector<std::string> text = {
      R"(name = "round")",
      R"([run])",
      R"(time_scale = {value = 4, source = "test"})",
      R"([shape])",
      R"(nodes = {value = 2, source = "test"})",
      R"(cpu_processors = {value = 3, source = "test"})",
      R"(gpus = {value = 2, source = "test"})",
      R"([gpu])",
      R"(memory = {value = 3, unit = "GiB", source = "test"})",
      R"(frame_buffer = {value = 2, unit = "GiB", source = "test"})",
      R"(memory_bandwidth_peak = {value = 100, unit = "GB/s", source = "test"})",
      R"(memory_bandwidth_efficiency = {value = 0.5, min = 0.4, max = 0.8, source = "test"})",
      R"(fp32_peak = {value = 2, unit = "TFLOP/s", source = "test"})",
      R"(fp32_efficiency = {value = 0.5, source = "test"})",
      R"(fp64_peak = {value = 1, unit = "TFLOP/s", source = "test"})",
      R"(fp64_efficiency = {value = 0.5, source = "test"})",
      R"(kernel_launch = {value = 5, min = 4, max = 10, unit = "us", source = "test"})",
      R"(sector = {value = 32, unit = "B", source = "test"})",
      R"(lanes = {value = 1000, source = "test"})",
      R"(atomic_bus_factor = {value = 2, min = 1, max = 4, source = "test"})",
      R"([bus])",
      R"(bandwidth_peak = {value = 20, unit = "GB/s", source = "test"})",
      R"(bandwidth_efficiency = {value = 0.5, source = "test"})",
      R"(latency = {value = 10, unit = "us", source = "test"})",
      R"(groups = [0, 0])",
      R"([zero_copy])",
      R"(capacity = {value = 1, unit = "GiB", source = "test"})",
      R"([peer])",
      R"(bandwidth_peak = {value = 40, unit = "GB/s", source = "test"})",
      R"(bandwidth_efficiency = {value = 0.5, source = "test"})",
      R"(latency = {value = 10, unit = "us", source = "test"})",
      R"([network])",
      R"(bandwidth_peak = {value = 10, min = 5, max = 20, unit = "GB/s", source = "test"})",
      R"(bandwidth_efficiency = {value = 0.5, source = "test"})",
      R"(latency = {value = 2, min = 1, max = 4, unit = "us", source = "test"})",
      R"([host])",
      R"(memory = {value = 8, unit = "GiB", source = "test"})",
      R"(memory_bandwidth_peak = {value = 50, unit = "GB/s", source = "test"})",
      R"(memory_bandwidth_efficiency = {value = 1, source = "test"})",
      R"([cpu])",
      R"(fp32_peak = {value = 40, unit = "GFLOP/s", source = "test"})",
      R"(fp32_efficiency = {value = 0.25, source = "test"})",
      R"(fp64_peak = {value = 20, unit = "GFLOP/s", source = "test"})",
      R"(fp64_efficiency = {value = 0.25, source = "test"})",
      R"(memory_bandwidth = {value = 10, unit = "GB/s", source = "test"})",
      R"(sector = {value = 64, unit = "B", source = "test"})",
      R"(task_launch = {value = 2, unit = "us", source = "test"})",
  };
  return text;
}

/// The text with the first line that starts with `from` replaced.
std::string with(const std::string& from, const std::string& to) {
  std::string text;
  bool replaced = from.empty();
  for (const std::string& line : lines()) {
    const bool here = !replaced && line.rfind(from, 0) == 0;
    replaced = replaced || here;
    text += (here ? to : line) + "\n";
  }
  return text;
}

MachineDescription round_machine() { return parse_machine(with("", ""), "round.toml").value(); }

std::string error_of(const std::string& text) {
  const Result<MachineDescription> result = parse_machine(text, "m.toml");
  return result ? "no error" : result.error().message;
}

double table_value(const std::string& table, const std::string& key) {
  std::istringstream stream(table);
  std::string line;
  while (std::getline(stream, line)) {
    if (line.rfind(key + " ", 0) == 0) return std::stod(line.substr(key.size()));
  }
  ADD_FAILURE() << "no key " << key;
  return -1;
}

TEST(MachineDescription, ReadsUnitsAndRanges) {
  const MachineDescription machine = round_machine();
  EXPECT_EQ(machine.name, "round");
  EXPECT_EQ(machine.nodes(), 2);
  EXPECT_EQ(machine.cpu_processors(), 3);
  EXPECT_EQ(machine.gpus(), 2);
  EXPECT_EQ(machine.frame_buffer_bytes(), uint64_t{2} << 30);
  EXPECT_EQ(machine.time_scale(), 4);
  EXPECT_DOUBLE_EQ(machine.quantity("gpu.kernel_launch").max, 10e-6);
  EXPECT_DOUBLE_EQ(machine.quantity("bus.latency").min, 10e-6);
  EXPECT_EQ(machine.quantity("bus.latency").source, "test");
  EXPECT_THAT(machine.bus_groups, ElementsAre(0, 0));
}

TEST(MachineDescription, ShapeHasItsProcessorsAndMemories) {
  const MachineShape shape = machine_shape(round_machine());
  EXPECT_EQ(shape.node_count(), 2);
  EXPECT_EQ(shape.processors_per_node(ProcessorKind::Gpu), 2);
  EXPECT_EQ(shape.processors_per_node(ProcessorKind::Cpu), 3);
  EXPECT_EQ(shape.node(1).memory_bytes[static_cast<size_t>(MemoryKind::FbMem)], uint64_t{2} << 30);
  EXPECT_EQ(shape.node(1).memory_bytes[static_cast<size_t>(MemoryKind::ZcMem)], uint64_t{1} << 30);
}

TEST(MachineDescription, FlatTableMultipliesEfficienciesIn) {
  const std::string table = flat_machine_table(round_machine());
  EXPECT_EQ(table_value(table, "time_scale"), 4);
  EXPECT_EQ(table_value(table, "move_bytes"), 0);
  EXPECT_EQ(table_value(table, "gpu.memory_bandwidth"), 50e9);
  EXPECT_EQ(table_value(table, "gpu.fp32_flops"), 1e12);
  EXPECT_EQ(table_value(table, "bus.bandwidth_to_host"), 10e9);
  EXPECT_EQ(table_value(table, "bus.group.1"), 0);
  EXPECT_EQ(table_value(table, "peer.bandwidth"), 20e9);
  EXPECT_EQ(table_value(table, "network.bandwidth"), 5e9);
  EXPECT_DOUBLE_EQ(table_value(table, "network.latency_s"), 2e-6);
  EXPECT_EQ(table_value(table, "cpu.fp32_flops"), 10e9);
  EXPECT_EQ(table_value(flat_machine_table(round_machine(), {.time_scale = 7, .move_bytes = true}),
                        "time_scale"),
            7);
  EXPECT_EQ(table_value(flat_machine_table(round_machine(), {.time_scale = 7, .move_bytes = true}),
                        "move_bytes"),
            1);
}

TEST(MachineDescription, FastAndSlowTablesUseTheEndsOfTheRanges) {
  const std::string fast = flat_machine_table(round_machine(), {.end = RangeEnd::Fast});
  EXPECT_EQ(table_value(fast, "gpu.memory_bandwidth"), 80e9);
  EXPECT_DOUBLE_EQ(table_value(fast, "gpu.kernel_launch_s"), 4e-6);
  EXPECT_EQ(table_value(fast, "gpu.atomic_bus_factor"), 1);
  EXPECT_EQ(table_value(fast, "network.bandwidth"), 10e9);
  EXPECT_DOUBLE_EQ(table_value(fast, "network.latency_s"), 1e-6);
  const std::string slow = flat_machine_table(round_machine(), {.end = RangeEnd::Slow});
  EXPECT_EQ(table_value(slow, "gpu.memory_bandwidth"), 40e9);
  EXPECT_DOUBLE_EQ(table_value(slow, "gpu.kernel_launch_s"), 10e-6);
  EXPECT_EQ(table_value(slow, "gpu.atomic_bus_factor"), 4);
}

TEST(MachineDescription, ErrorsNameFileLineAndKey) {
  EXPECT_EQ(error_of(with("latency", "latency = {value = -1, unit = \"us\", source = \"x\"}")),
            "m.toml:24: `bus.latency` is -1e-06 s; expected 0 to 10 s");
  EXPECT_EQ(error_of(with("memory_bandwidth_peak",
                          "memory_bandwidth_peak = {value = -5, unit = \"GB/s\", source = \"x\"}")),
            "m.toml:11: `gpu.memory_bandwidth_peak` is -5e+09 B/s; expected 1000 to 1e+18 B/s");
  EXPECT_EQ(error_of(with("fp32_efficiency", "fp32_efficiency = {value = 1.5, source = \"x\"}")),
            "m.toml:14: `gpu.fp32_efficiency` is 1.5; expected 1e-06 to 1");
  EXPECT_EQ(error_of(with("kernel_launch",
                          "kernel_launch = {value = 5, min = 6, unit = \"us\", source = \"x\"}")),
            "m.toml:17: `gpu.kernel_launch` is 5e-06, outside of its own range 6e-06 to 5e-06");
  EXPECT_EQ(error_of(with("lanes", "lanes = {value = 1000}")),
            "m.toml:19: `gpu.lanes` has no "
            "`source`");
  EXPECT_EQ(error_of(with("lanes", "lanes = 1000")),
            "m.toml:19: `gpu.lanes` should be a table with a `value`");
  EXPECT_EQ(error_of(with("gpus", "gpus = {value = 2.5, source = \"x\"}")),
            "m.toml:7: `shape.gpus` is 2.5; expected a whole number");
  EXPECT_EQ(
      error_of(with("task_launch", "task_launch = {value = 2, unit = \"m\", source = \"x\"}")),
      "m.toml:47: `cpu.task_launch` has the unit `m`; expected s, ms, us or ns");
  EXPECT_EQ(error_of(with("nodes", "nodes = {value = 0, source = \"x\"}")),
            "m.toml:5: `shape.nodes` is 0; expected at least 1");
}

TEST(MachineDescription, NumbersThatNoMachineHasAreRefused) {
  const auto error = [](const std::string& key, const std::string& numbers) {
    const std::string text = error_of(with(key, key + " = {source = \"x\", " + numbers + "}"));
    return text.substr(text.find('`') + 1);
  };
  EXPECT_EQ(error("bandwidth_peak", R"(value = 1e-9, unit = "GB/s")"),
            "bus.bandwidth_peak` is 1 B/s; expected 1000 to 1e+18 B/s");
  EXPECT_EQ(error("bandwidth_peak", R"(value = 1e300, unit = "GB/s")"),
            "bus.bandwidth_peak` is inf B/s; expected 1000 to 1e+18 B/s");
  EXPECT_EQ(error("fp32_peak", R"(value = 1e-300, unit = "TFLOP/s")"),
            "gpu.fp32_peak` is 1e-288 FLOP/s; expected 1000 to 1e+18 FLOP/s");
  EXPECT_EQ(error("latency", R"(value = 1e9, unit = "us")"),
            "bus.latency` is 1000 s; expected 0 to 10 s");
  EXPECT_EQ(error("kernel_launch", R"(value = 5, max = 1e15, unit = "us")"),
            "gpu.kernel_launch` is 1e+09 s; expected 0 to 10 s");
  EXPECT_EQ(error("memory", R"(value = 1e300, unit = "MiB")"),
            "gpu.memory` is 1.04858e+306 B; expected 1 to 1.1259e+15 B");
  EXPECT_EQ(error("capacity", R"(value = 2, unit = "GiB", max = 1e300)"),
            "zero_copy.capacity` is inf B; expected 0 to 1.1259e+15 B");
  EXPECT_EQ(error("sector", R"(value = 32, min = 0, unit = "B")"),
            "gpu.sector` is 0 B; expected 1 to 1.1259e+15 B");
  EXPECT_EQ(error("fp32_efficiency", "value = 1e-300"),
            "gpu.fp32_efficiency` is 1e-300; expected 1e-06 to 1");
  EXPECT_EQ(error("time_scale", "value = 1e-300"),
            "run.time_scale` is 1e-300; expected 1e-06 to 1e+09");
  EXPECT_EQ(error("lanes", "value = 1000, max = 1e300"),
            "gpu.lanes` is 1e+300; expected 0 to 65536");
}

TEST(MachineDescription, ValuesAtTheLimitsAreAccepted) {
  for (const std::string line :
       {R"(latency = {value = 0, max = 10, unit = "s", source = "x"})",
        R"(memory = {value = 1048576, unit = "GiB", source = "x"})",
        R"(fp32_peak = {value = 1000, min = 1e-6, max = 1e6, unit = "TFLOP/s", source = "x"})",
        R"(fp32_peak = {value = 1e-6, unit = "GFLOP/s", source = "x"})",
        R"(time_scale = {value = 1e-6, source = "x"})", R"(lanes = {value = 0, source = "x"})"}) {
    EXPECT_EQ(error_of(with(line.substr(0, line.find(' ')), line)), "no error") << line;
  }
}

TEST(MachineDescription, MoreGpusThanRealmStartsAreRefused) {
  EXPECT_EQ(error_of(with("gpus", "gpus = {value = 21, source = \"x\"}")),
            "m.toml:7: `shape.gpus` is 21; expected at most 20");
  EXPECT_EQ(error_of(with("gpus", "gpus = {value = 20, source = \"x\"}")),
            "m.toml: `bus.groups` has 2 entries for 20 GPUs");
}

TEST(MachineDescription, MoreProcessorsPerNodeThanLegionTakesAreRefused) {
  EXPECT_EQ(error_of(with("cpu_processors", "cpu_processors = {value = 61, source = \"x\"}")),
            "no error");
  EXPECT_EQ(error_of(with("cpu_processors", "cpu_processors = {value = 62, source = \"x\"}")),
            "m.toml:6: `shape.cpu_processors` is 62, which with 2 GPUs and 1 utility processor "
            "makes 65; Legion is built for 64 processors per node");
}

TEST(MachineDescription, HostMemoryBelowAMebibyteIsRefused) {
  const std::string memory = R"(memory = {value = 8, unit = "GiB", source = "test"})";
  EXPECT_EQ(error_of(with(memory, R"(memory = {value = 9, unit = "KiB", source = "x"})")),
            "m.toml:37: `host.memory` is below 1 MiB");
  EXPECT_EQ(error_of(with(memory, R"(memory = {value = 1, unit = "MiB", source = "x"})")),
            "no error");
}

TEST(MachineDescription, NameThatIsNotAStringIsRefused) {
  EXPECT_EQ(error_of(with("name", "name = 5")), "m.toml:1: `name` should be a string");
}

TEST(MachineDescription, MissingKeyIsNamed) {
  EXPECT_EQ(error_of(with("task_launch", "")), "m.toml: `cpu.task_launch` is missing");
  EXPECT_EQ(error_of(with("name", "")), "m.toml: `name` is missing");
}

TEST(MachineDescription, UnknownKeyGetsTheNearestKnownOne) {
  const auto result =
      parse_machine(with("task_launch", "task_lunch = {value = 2, source = \"x\"}"), "m.toml");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "m.toml:47: unknown key `cpu.task_lunch`");
  EXPECT_EQ(result.error().help, "did you mean `cpu.task_launch`?");
}

TEST(MachineDescription, FrameBufferMustFitIntoTheDevicesMemory) {
  EXPECT_EQ(table_value(flat_machine_table(round_machine()), "gpu.frame_buffer_bytes"),
            3.0 * (1 << 30));
  EXPECT_EQ(
      error_of(with("frame_buffer", "frame_buffer = {value = 3, unit = \"GiB\", source = \"x\"}")),
      "m.toml:10: `gpu.frame_buffer` and the 128 MiB that Realm copies through are larger than "
      "`gpu.memory`");
  EXPECT_EQ(
      error_of(with("frame_buffer", "frame_buffer = {value = 9, unit = \"KiB\", source = \"x\"}")),
      "m.toml:10: `gpu.frame_buffer` is below 1 MiB");
}

TEST(MachineDescription, ZeroCopyMemoryIsZeroOrAtLeastAMebibyte) {
  EXPECT_EQ(error_of(with("capacity", "capacity = {value = 0, unit = \"B\", source = \"x\"}")),
            "no error");
  EXPECT_THAT(error_of(with("capacity", "capacity = {value = 9, unit = \"KiB\", source = \"x\"}")),
              HasSubstr("`zero_copy.capacity` is below 1 MiB; expected 0 or more than that"));
}

TEST(MachineDescription, TimeScaleHasTheLimitOfTheOption) {
  EXPECT_THAT(error_of(with("time_scale", "time_scale = {value = 1e10, source = \"x\"}")),
              HasSubstr("`run.time_scale` is 1e+10; expected 1e-06 to 1e+09"));
}

TEST(MachineDescription, GpuMemoryWithoutGpusIsRefused) {
  EXPECT_EQ(error_of(with("gpus", "gpus = {value = 0, source = \"x\"}")),
            "m.toml:9: `gpu.memory` is given, but `shape.gpus` is 0");
}

TEST(MachineDescription, MachineWithoutGpusNeedsNoGpuNumbers) {
  std::string text;
  bool drop = false;
  for (const std::string& line : lines()) {
    if (line[0] == '[')
      drop = line == "[gpu]" || line == "[bus]" || line == "[peer]" || line == "[zero_copy]";
    if (!drop) text += line + "\n";
  }
  const size_t gpus = text.find("gpus = {value = 2");
  text.replace(gpus, 17, "gpus = {value = 0");
  const Result<MachineDescription> machine = parse_machine(text, "m.toml");
  ASSERT_TRUE(machine) << machine.error().message;
  EXPECT_EQ(
      table_value(flat_machine_table(*machine, {.time_scale = 1, .move_bytes = true}), "gpu.count"),
      0);
}

/// The text without the lines from `[network]` on to the next section.
std::string without_network(std::string text) {
  const size_t start = text.find("[network]\n");
  return text.erase(start, text.find("[host]") - start);
}

constexpr const char* kRates = R"(
[access.gpu.zero_copy]
stream_read = {unit = "GB/s", source = "s", points = [{footprint = "4KiB", value = 5, min = 4, max = 6}]}
stream_write = {unit = "GB/s", source = "s", points = [{footprint = "4KiB", value = 5}]}
irregular = {unit = "Gaccesses/s", source = "s", points = [{footprint = "4KiB", value = 1}]}
atomic = {unit = "Gaccesses/s", source = "s", points = [{footprint = "4KiB", value = 1}]}
hot_line = {value = 1, min = 0.5, max = 2, unit = "us", source = "s"}
)";

TEST(MachineDescription, MeasuredRatesGoIntoTheTableWithTheEndsOfTheirRanges) {
  const auto machine = parse_machine(with("", "") + kRates, "m.toml");
  ASSERT_TRUE(machine) << machine.error().message;
  const std::string nominal = flat_machine_table(*machine, {.time_scale = 1, .move_bytes = true});
  EXPECT_THAT(nominal, HasSubstr("access.gpu.zero_copy.stream_read.4096 5000000000\n"));
  EXPECT_THAT(nominal, HasSubstr("access.gpu.zero_copy.hot_line_s 9.9999999999999995e-07\n"));
  const std::string fast =
      flat_machine_table(*machine, {.time_scale = 1, .move_bytes = true, .end = RangeEnd::Fast});
  EXPECT_THAT(fast, HasSubstr("access.gpu.zero_copy.stream_read.4096 6000000000\n"));
  EXPECT_THAT(fast, HasSubstr("access.gpu.zero_copy.hot_line_s 4.9999999999999998e-07\n"));
}

TEST(MachineDescription, NotesSayWhichRatesAreMissing) {
  const auto older = parse_machine(with("", ""), "m.toml");
  ASSERT_TRUE(older);
  EXPECT_THAT(machine_notes(*older),
              ElementsAre(HasSubstr("for gpu.frame_buffer, gpu.zero_copy, cpu.host: those of"),
                          HasSubstr("for gpu.frame_buffer, gpu.zero_copy, cpu.host: atomics")));
  const auto newer = parse_machine(with("", "") + kRates, "m.toml");
  ASSERT_TRUE(newer);
  EXPECT_THAT(machine_notes(*newer),
              ElementsAre(HasSubstr("for gpu.frame_buffer, cpu.host: those of"),
                          HasSubstr("no `hot_line` for gpu.frame_buffer, cpu.host")));
}

TEST(MachineDescription, SeveralNodesNeedANetwork) {
  EXPECT_EQ(error_of(without_network(with("", ""))),
            "m.toml: `network.bandwidth_peak` is missing, but `shape.nodes` is 2");
  const Result<MachineDescription> alone = parse_machine(
      without_network(with("nodes", "nodes = {value = 1, source = \"x\"}")), "m.toml");
  ASSERT_TRUE(alone) << alone.error().message;
  EXPECT_FALSE(alone->has_network());
  EXPECT_EQ(flat_machine_table(*alone, {.time_scale = 1, .move_bytes = true}).find("network."),
            std::string::npos);
  EXPECT_TRUE(round_machine().has_network());
}

TEST(MachineDescription, IncompleteAndImpossibleNetworksAreRefused) {
  const std::string latency =
      R"(latency = {value = 2, min = 1, max = 4, unit = "us", source = "test"})";
  EXPECT_EQ(error_of(with(latency, "")),
            "m.toml: `network.latency` is missing, but the file has a part of `[network]`");
  EXPECT_EQ(error_of(with(latency, "latency = {value = -1, unit = \"us\", source = \"x\"}")),
            "m.toml:35: `network.latency` is -1e-06 s; expected 0 to 10 s");
  EXPECT_EQ(error_of(with(latency, "latency = {value = 1, unit = \"GB/s\", source = \"x\"}")),
            "m.toml:35: `network.latency` has the unit `GB/s`; expected s, ms, us or ns");
  EXPECT_EQ(error_of(with(latency, "latency = {value = nan, unit = \"us\", source = \"x\"}")),
            "m.toml:35: `value` of `network.latency` should be a number");
  EXPECT_EQ(error_of(with("bandwidth_peak = {value = 10",
                          "bandwidth_peak = {value = 0, unit = \"GB/s\", source = \"x\"}")),
            "m.toml:33: `network.bandwidth_peak` is 0 B/s; expected 1000 to 1e+18 B/s");
  EXPECT_EQ(error_of(with(latency, latency + "\nspeed = {value = 1, source = \"x\"}")),
            "m.toml:36: unknown key `network.speed`");
}

TEST(MachineDescription, BusGroupsMustFitTheGpus) {
  EXPECT_EQ(error_of(with("groups", "groups = [0]")),
            "m.toml: `bus.groups` has 1 entries for 2 GPUs");
  EXPECT_EQ(error_of(with("groups", "groups = [0, -1]")),
            "m.toml:25: `bus.groups` should be a list of whole numbers from 0");
}

TEST(MachineDescription, SyntaxErrorsAndMissingFilesAreReported) {
  EXPECT_THAT(error_of("name = \n"), HasSubstr("m.toml:1: "));
  EXPECT_FALSE(read_machine_file("no/such/machine.toml"));
}

TEST(MachineDescription, ShippedFilesAreValid) {
  for (const auto& entry : std::filesystem::directory_iterator(PLACEWRIGHT_MACHINES)) {
    const Result<MachineDescription> machine = read_machine_file(entry.path().string());
    ASSERT_TRUE(machine) << machine.error().message;
    EXPECT_EQ(machine->name, entry.path().stem().string());
  }
}

}  // namespace
}  // namespace placewright::machine
