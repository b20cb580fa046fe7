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
