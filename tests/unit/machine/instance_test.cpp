// SPDX-License-Identifier: Apache-2.0
#include "machine/instance.h"

#include <gtest/gtest.h>

namespace placewright::machine {
namespace {

TEST(Instance, EachMemoryHasOneWordInFiles) {
  const std::pair<InstanceMemory, std::string_view> words[] = {{NoInstance{}, "NONE"},
                                                               {UnnamedMemory{}, "another kind"},
                                                               {MemoryKind::FbMem, "FBMEM"},
                                                               {MemoryKind::Virtual, "VIRTUAL"}};
  for (const auto& [memory, word] : words) {
    EXPECT_EQ(to_string(memory), word);
    EXPECT_EQ(parse_instance_memory(word), memory);
  }
  EXPECT_EQ(parse_instance_memory("GPU"), std::nullopt);
}

TEST(Instance, EachOrderHasOneWordInFiles) {
  for (const FieldOrder order : {FieldOrder::Soa, FieldOrder::Aos})
    EXPECT_EQ(parse_field_order(to_string(order)), order);
  for (const DimensionOrder order : {DimensionOrder::F, DimensionOrder::C, DimensionOrder::Mixed})
    EXPECT_EQ(parse_dimension_order(to_string(order)), order);
  EXPECT_EQ(to_string(FieldOrder::Aos), "AOS");
  EXPECT_EQ(to_string(DimensionOrder::Mixed), "mixed");
  EXPECT_EQ(parse_field_order("F"), std::nullopt);
  EXPECT_EQ(parse_dimension_order("SOA"), std::nullopt);
}

}  // namespace
}  // namespace placewright::machine
