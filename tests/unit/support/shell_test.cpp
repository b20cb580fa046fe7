// SPDX-License-Identifier: Apache-2.0
#include "support/shell.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace placewright {
namespace {

/// What bash makes of the words.
std::string echoed(const std::vector<std::string>& words) {
  const std::string script = "printf '<%s>' " + shell_line(words);
  std::FILE* pipe = popen(("bash -c " + shell_word(script)).c_str(), "r");
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  pclose(pipe);
  return text;
}

TEST(ShellWord, HarmlessWordsStayAsTheyAre) {
  EXPECT_EQ(shell_word("-ll:cpu"), "-ll:cpu");
  EXPECT_EQ(shell_word("./app_1.x=2"), "./app_1.x=2");
}

TEST(ShellWord, OthersAreQuoted) {
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("it's"), R"('it'\''s')");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("a\nb"), R"($'a\012b')");
}

TEST(ShellLine, IsReadBackByAShell) {
  EXPECT_EQ(echoed({"a b", "$HOME", "*", "it's", "", "x\"y", "~", "a\nb'c\\d", "#no"}),
            "<a b><$HOME><*><it's><><x\"y><~><a\nb'c\\d><#no>");
}

}  // namespace
}  // namespace placewright
