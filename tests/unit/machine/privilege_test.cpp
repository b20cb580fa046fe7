// SPDX-License-Identifier: Apache-2.0
#include "machine/privilege.h"

#include <gtest/gtest.h>

namespace placewright::machine {
namespace {

TEST(Privilege, HasOneWordInFiles) {
  const std::pair<Privilege, std::string_view> words[] = {{Privilege::None, "NONE"},
                                                          {Privilege::ReadOnly, "RO"},
                                                          {Privilege::ReadWrite, "RW"},
                                                          {Privilege::WriteDiscard, "WD"},
                                                          {Privilege::Reduce, "RED"}};
  for (const auto& [privilege, word] : words) {
    EXPECT_EQ(to_string(privilege), word);
    EXPECT_EQ(parse_privilege(word), privilege);
  }
  EXPECT_EQ(parse_privilege(""), std::nullopt);
  EXPECT_EQ(parse_privilege("ro"), std::nullopt);
}

TEST(Privilege, FoldsAndReadsDoNotOverwrite) {
  EXPECT_TRUE(writes(Privilege::ReadWrite));
  EXPECT_TRUE(writes(Privilege::WriteDiscard));
  for (const Privilege other : {Privilege::None, Privilege::ReadOnly, Privilege::Reduce})
    EXPECT_FALSE(writes(other));
}

}  // namespace
}  // namespace placewright::machine
