// SPDX-License-Identifier: Apache-2.0
#include "launch/flags.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace placewright::launch {
namespace {

int count(const RealmFlags& flags, machine::ProcessorKind kind) {
  return flags.node.processors[static_cast<size_t>(kind)];
}

uint64_t bytes(const RealmFlags& flags, machine::MemoryKind kind) {
  return flags.node.memory_bytes[static_cast<size_t>(kind)];
}

TEST(RealmFlags, AreRealmsDefaultsWhereNoneAreGiven) {
  const auto flags = parse_realm_flags(std::vector<std::string>{"./app", "-steps", "3"});
  ASSERT_TRUE(flags);
  EXPECT_EQ(count(*flags, machine::ProcessorKind::Cpu), 1);
  EXPECT_EQ(count(*flags, machine::ProcessorKind::Gpu), 0);
  EXPECT_EQ(bytes(*flags, machine::MemoryKind::SysMem), 512U << 20);
  EXPECT_EQ(bytes(*flags, machine::MemoryKind::FbMem), 0U);
  EXPECT_EQ(flags->busy_threads(), 2);  // one CPU and one utility processor
}

TEST(RealmFlags, LastOfRepeatedFlagsCountsAndUnitsAreRead) {
  const auto flags = parse_realm_flags(std::vector<std::string>{
      "-ll:cpu", "4", "-ll:gpu", "2", "-ll:fsize", "3g", "-ll:zsize", "100", "-ll:cpu", "2"});
  ASSERT_TRUE(flags);
  EXPECT_EQ(count(*flags, machine::ProcessorKind::Cpu), 2);
  EXPECT_EQ(count(*flags, machine::ProcessorKind::Gpu), 2);
  EXPECT_EQ(bytes(*flags, machine::MemoryKind::FbMem), uint64_t{3} << 30);
  EXPECT_EQ(bytes(*flags, machine::MemoryKind::ZcMem), 100U << 20);
}

TEST(RealmFlags, AWordInPlaceOfANumberIsRefused) {
  const auto flags = parse_realm_flags(std::vector<std::string>{"-ll:cpu", "many"});
  ASSERT_FALSE(flags);
  EXPECT_EQ(flags.error().message, "`-ll:cpu` expects a number, found `many`");
}

TEST(RealmFlags, WordsAreSplitAtBlanks) {
  EXPECT_EQ(split_words("  -ll:cpu 2\t-x "), (std::vector<std::string>{"-ll:cpu", "2", "-x"}));
}

}  // namespace
}  // namespace placewright::launch
