// SPDX-License-Identifier: Apache-2.0
#include "discover/discover.h"

#include <gmock/gmock.h>

#include <thread>

#include "discover/host_facts.h"
#include "discover/measure.h"
#include "machine/description.h"

namespace placewright::discover {
namespace {

using testing::HasSubstr;

TEST(Discover, TheTextIsAMachineFile) {
  const auto text = discover_machine("a \"name\"");
  ASSERT_TRUE(text) << text.error().message;
  const auto machine = machine::parse_machine(*text, "here");
  ASSERT_TRUE(machine) << machine.error().message << *text;
  EXPECT_EQ(machine->name, "a \"name\"");
  EXPECT_EQ(machine->gpus(), 0);
  EXPECT_GE(machine->cpu_processors(), 1);
  EXPECT_GE(machine->cores(), machine->cpu_processors());
  EXPECT_THAT(machine->quantity("runtime.task").source, HasSubstr("assumed"));
  const machine::Quantity& one = machine->quantity("cpu.memory_bandwidth");
  EXPECT_THAT(one.source, HasSubstr("measured"));
  EXPECT_LE(one.min, one.value);
  EXPECT_LE(one.value, one.max);
  EXPECT_THAT(machine->quantity("cpu.fp64_efficiency").source, HasSubstr("assumed"));
}

TEST(Discover, ThisMachineHasCoresAndMemory) {
  const auto host = read_host();
  ASSERT_TRUE(host) << host.error().message;
  EXPECT_GE(host->cores, 1);
  EXPECT_LE(host->cores, static_cast<int>(std::thread::hardware_concurrency()));
  EXPECT_GT(host->memory_bytes, uint64_t{1} << 28);
}

TEST(Discover, RatesArePlausible) {
  // From the slowest processor of the last decades to several times the fastest.
  for (const Spread& rate : {fp32_rate(), fp64_rate(), memory_bandwidth(2, size_t{1} << 22)}) {
    EXPECT_GT(rate.median, 1e7);
    EXPECT_LT(rate.median, 1e13);
    EXPECT_LE(rate.least, rate.median);
    EXPECT_GE(rate.most, rate.median);
  }
  EXPECT_LT(wake_time().median, 0.1);
}

}  // namespace
}  // namespace placewright::discover
