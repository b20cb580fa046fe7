// SPDX-License-Identifier: Apache-2.0
// Twice the text must take about twice the work. Work is counted, not timed: the basic blocks that
// the front end executes (its sources are compiled with -fsanitize-coverage=trace-pc) and the bytes
// that it allocates. A call of the C++ library counts as one step, whatever it copies in place.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "counted_new.h"
#include "lang/check/checker.h"
#include "lang/syntax/parser.h"
#include "lang/syntax/printer.h"

namespace {

int64_t blocks = 0;

}  // namespace

/// The instrumented sources call it at the start of every basic block.
extern "C" void __sanitizer_cov_trace_pc() { ++blocks; }

namespace placewright::lang {
namespace {

struct Work {
  int64_t blocks = 0;
  int64_t bytes = 0;
};

Work work_of(const std::string& text) {
  const Work before{blocks, allocated_bytes()};
  const SourceFile file("large", text);
  Diagnostics diagnostics(file);
  const Program program = parse(file, diagnostics);
  check(program, diagnostics);
  (void)(diagnostics.to_text() + diagnostics.to_json());
  (void)format_program(file, program);
  return {blocks - before.blocks, allocated_bytes() - before.bytes};
}

/// A kind of program, by the number of its repeated parts.
struct Family {
  std::string name;
  std::string (*text)(int parts);
};

std::string repeated(int parts, std::string (*part)(int)) {
  std::string text;
  for (int i = 0; i < parts; ++i) text += part(i);
  return text;
}

const std::vector<Family> kFamilies = {
    {"Statements",
     [](int parts) {
       return repeated(parts, [](int i) {
         return fmt::format("x{0} = {0}; # comment\nTask t{0} GPU;\nRegion t{0} r{0} GPU FBMEM;\n",
                            i);
       });
     }},
    {"StatementsWithMistakes",
     [](int parts) {
       return repeated(parts, [](int i) {
         return fmt::format("x{0} = x{1} + ; # comment\ny{0} = x{0} // 2\nTask t{0} GPU\n", i,
                            i / 2);
       });
     }},
    {"CallChain",
     [](int parts) {
       return repeated(parts,
                       [](int i) {
                         return fmt::format("def f{}(int a) {{ return f{}(a); }}\n", i, i + 1);
                       }) +
              fmt::format("def f{}(int a) {{ return a; }}\nx = f0(1);\n", parts);
     }},
    {"Tuple",
     [](int parts) {
       return "x = (0" + repeated(parts, [](int i) { return fmt::format(", {}", i); }) + ");\n";
     }},
    {"BodyOfAFunction",
     [](int parts) {
       return "def f(int a) {\n  b0 = a;\n" +
              repeated(parts, [](int i) { return fmt::format("  b{} = b{} + 1;\n", i + 1, i); }) +
              fmt::format("  return b{};\n}}\n", parts);
     }},
    {"ListOfTasks",
     [](int parts) {
       return "Task t" + repeated(parts, [](int i) { return fmt::format(", t{}", i); }) + " GPU;\n";
     }},
    {"ListsOfTasksAndRegions",
     [](int parts) {
       const std::string tasks =
           "t" + repeated(parts, [](int i) { return fmt::format(", t{}", i); });
       const std::string regions =
           "r" + repeated(parts, [](int i) { return fmt::format(", r{}", i); });
       return fmt::format("Region {0} {1} GPU FBMEM;\nLayout {0} {1} * SOA;\n", tasks, regions);
     }},
    {"RulesForOneTask",
     [](int parts) {
       return repeated(parts, [](int i) { return fmt::format("Region t r{} GPU FBMEM;\n", i); });
     }},
    {"PrintedFunctions",
     [](int parts) {
       return repeated(parts, [](int i) {
         return fmt::format("def f{}(Tuple ipoint, Tuple ispace):\n  return ipoint / ispace\n", i);
       });
     }},
    {"OpenFunctions",
     [](int parts) {
       return repeated(parts, [](int i) { return fmt::format("def f{}(int a) {{\n", i); });
     }},
    {"OpenStrings",
     [](int parts) {
       return repeated(parts, [](int i) { return fmt::format("x{} = \"a /* ' \n", i); });
     }},
    {"OpenComments",
     [](int parts) {
       return repeated(parts, [](int i) { return fmt::format("x{} = 1; /* a */ ``` \n", i); });
     }},
    {"PythonFunctions",
     [](int parts) {
       return repeated(
           parts, [](int i) { return fmt::format("def f{}(Task task):\n  return {}\n", i, i); });
     }},
};

class LinearTime : public testing::TestWithParam<Family> {};

// Sorting and lookups in trees of n names take log n steps each: 2 x log(2n) / log(n) = 2.17 at
// n = 4000 if nothing else counted. A quadratic part makes the ratio 2 + 2 s, s its share at n.
constexpr int kParts = 4000;
constexpr double kLimit = 2.2;

TEST_P(LinearTime, TwiceTheTextTakesTwiceTheWork) {
  (void)work_of(GetParam().text(1));  // tables that are built once
  const Work once = work_of(GetParam().text(kParts));
  const Work twice = work_of(GetParam().text(2 * kParts));
  EXPECT_GT(once.blocks, kParts) << "the front end is not instrumented";
  EXPECT_LE(static_cast<double>(twice.blocks), kLimit * static_cast<double>(once.blocks));
  EXPECT_LE(static_cast<double>(twice.bytes), kLimit * static_cast<double>(once.bytes));
}

INSTANTIATE_TEST_SUITE_P(Programs, LinearTime, testing::ValuesIn(kFamilies),
                         [](const auto& family) { return family.param.name; });

}  // namespace
}  // namespace placewright::lang
