// SPDX-License-Identifier: Apache-2.0
#include "common/options.h"

#include <gtest/gtest.h>

namespace apps {
namespace {

struct Size {
  int64_t n = 0;
};

OptionsResult<Size> parse(const std::vector<std::string>& arguments) {
  return parse_options<Size>(
      arguments, {{"test", {4}}, {"large", {400}}},
      [](Size& size) {
        return std::vector<NumberOption>{{"-n", &size.n}};
      },
      [](const Size& size) { return std::string(size.n > 0 ? "" : "`-n` must be positive"); },
      [](Size& size, int64_t nodes) { size.n *= nodes; });
}

/// The word that the error calls unknown, or the whole error if it is another one.
std::string refused_word(const std::vector<std::string>& arguments) {
  const std::string error = parse(arguments).error;
  const std::string start = "unknown option `";
  const size_t end = error.find("`; expected one of ");
  if (!error.starts_with(start) || end == std::string::npos) return "not refused: " + error;
  return error.substr(start.size(), end - start.size());
}

TEST(Options, InputIsReadBeforeTheOptionsThatChangeIt) {
  EXPECT_EQ(parse({}).problem.n, 4);
  EXPECT_EQ(parse({"-input", "large"}).problem.n, 400);
  EXPECT_EQ(parse({"-n", "5", "-input", "large"}).problem.n, 5);
}

TEST(Options, LeavesArgumentsOfTheRuntimeAlone) {
  const OptionsResult<Size> result =
      parse({"-ll:cpu", "2", "-lg:prof", "1", "-level", "5", "-logfile", "log", "-cuda:callbacks",
             "-verify", "-mapper", "handwritten"});
  EXPECT_EQ(result.error, "");
  EXPECT_TRUE(result.verify);
  EXPECT_EQ(result.mapper, MapperChoice::Handwritten);
}

TEST(Options, OptionOfTheRuntimeHasUpToOneValue) {
  EXPECT_EQ(parse({"-ucx:tls_host", "all", "-cat", "gpu", "-logtime", "-lg:inorder"}).error, "");
  EXPECT_EQ(parse({"-ll:pin_util", "-1", "-n", "5"}).problem.n, 5);
  EXPECT_EQ(parse({"-lg:inorder", "-n", "5"}).problem.n, 5);
  EXPECT_EQ(refused_word({"-ll:cpu", "2", "3"}), "3");
  EXPECT_EQ(refused_word({"-ll:pin_util", "-1", "-2"}), "-2");
  EXPECT_EQ(refused_word({"-level", "-verfiy"}), "-verfiy");
}

TEST(Options, RefusesEveryWordThatItDoesNotKnow) {
  EXPECT_EQ(refused_word({"large"}), "large");
  EXPECT_EQ(refused_word({"-input", "test", "n", "8", "verify"}), "n");
  EXPECT_EQ(refused_word({"-verify", "yes"}), "yes");
  EXPECT_EQ(refused_word({"-n:8"}), "-n:8");
  EXPECT_EQ(refused_word({"--verify:yes"}), "--verify:yes");
  EXPECT_EQ(refused_word({"ll:cpu", "2"}), "ll:cpu");
  EXPECT_EQ(refused_word({"-logfiles", "log"}), "-logfiles");
  EXPECT_EQ(refused_word({"-"}), "-");
  EXPECT_EQ(refused_word({""}), "");
}

TEST(Options, InputGrowsWithTheNodesBeforeTheOptionsThatChangeIt) {
  EXPECT_EQ(parse({"-nodes", "3"}).problem.n, 12);
  EXPECT_EQ(parse({"-n", "5", "-nodes", "3", "-input", "large"}).problem.n, 5);
  EXPECT_EQ(parse({"-nodes", "0"}).error, "`-nodes` must be in 1..1024");
  EXPECT_EQ(parse({"-nodes", "two"}).error, "`-nodes` takes a whole number, found `two`");
}

TEST(Options, SaysWhichArgumentIsWrong) {
  EXPECT_EQ(parse({"-verfiy"}).error,
            "unknown option `-verfiy`; expected one of `-input`, `-mapper`, `-nodes`, `-verify`, "
            "`-n`, or an option of the runtime");
  EXPECT_EQ(parse({"-n", "x"}).error, "`-n` takes a whole number, found `x`");
  EXPECT_EQ(parse({"-n", "99999999999999999999"}).error,
            "`-n`: `99999999999999999999` is too large");
  EXPECT_EQ(parse({"-n"}).error, "`-n` needs a value");
  EXPECT_EQ(parse({"-n", "0"}).error, "`-n` must be positive");
  EXPECT_EQ(parse({"-input"}).error, "`-input` needs a value");
  EXPECT_EQ(parse({"-input", "huge"}).error,
            "unknown input `huge`; expected one of `test`, `large`");
  EXPECT_EQ(parse({"-mapper", "best"}).error,
            "unknown mapper `best`; expected `default` or `handwritten`");
}

}  // namespace
}  // namespace apps
