// SPDX-License-Identifier: Apache-2.0
#include "profile/memory_place.h"

#include <gtest/gtest.h>

namespace placewright::profile {
namespace {

TEST(MemoryPlace, IsWrittenAsTextAndReadBack) {
  using machine::MemoryKind;
  const std::pair<MemoryPlace, std::string> places[] = {
      {{MemoryKind::FbMem, 0, 0}, "FBMEM 0 of node 0"},
      {{MemoryKind::FbMem, 3, 12}, "FBMEM 3 of node 12"},
      {{MemoryKind::SysMem, 0, 1}, "SYSMEM of node 1"},
      {{MemoryKind::SockMem, 1, 0}, "SOCKMEM 1 of node 0"},
      {{OtherMemory{13}, 0, 0}, "memory kind 13 of node 0"},
      {{OtherMemory{14}, 2, 0}, "memory kind 14 2 of node 0"},
      {{OtherMemory{}, 0, 7}, "memory of node 7"}};
  for (const auto& [place, text] : places) {
    EXPECT_EQ(to_string(place), text);
    EXPECT_EQ(parse_memory_place(text), place) << text;
  }
}

TEST(MemoryPlace, OtherTextsAreNoMemory) {
  for (const char* text :
       {"", "FBMEM", "FBMEM 0", "FBMEM x of node 0", "FBMEM 0 of node ", "FBMEM 0 of node -1",
        "FBMEM 0 1 of node 0", "LEVEL of node 0", "memory kind of node 0", " of node 0"})
    EXPECT_EQ(parse_memory_place(text), std::nullopt) << text;
}

TEST(MemoryPlace, KnowsTheKindsThatTheLanguageHas) {
  EXPECT_EQ((MemoryPlace{machine::MemoryKind::ZcMem, 0, 0}).known_kind(),
            machine::MemoryKind::ZcMem);
  EXPECT_EQ((MemoryPlace{OtherMemory{13}, 0, 0}).known_kind(), std::nullopt);
}

}  // namespace
}  // namespace placewright::profile
