// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/syntax/parser.h"

namespace placewright::lang {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A program run on a machine: what it printed, and its messages.
struct Loaded {
  explicit Loaded(const std::string& text, const std::string& machine = "nodes=6,GPU=4,CPU=1")
      : file("test.mapping", text), diagnostics(file) {
    const Program program = parse(file, diagnostics);
    EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.to_text();
    evaluator.emplace(program, machine::MachineShape::parse(machine).value(), diagnostics,
                      [this](const std::string& line) { printed.push_back(line); });
  }

  SourceFile file;
  Diagnostics diagnostics;
  std::vector<std::string> printed;
  std::optional<Evaluator> evaluator;
};

/// The printed form of an expression, or the message of its error.
std::string value_of(const std::string& expression, const std::string& before = "",
                     const std::string& machine = "nodes=6,GPU=4,CPU=1") {
  const Loaded run(before + " t = (10,7,5); m = Machine(GPU); print(\"{}\", " + expression + ");",
                   machine);
  if (run.diagnostics.has_errors()) return run.diagnostics.sorted()[0].message;
  return run.printed.back();
}

TEST(Evaluate, IntegersTruncateTowardZeroAndGroupFromTheLeft) {
  EXPECT_EQ(value_of("10-4-3"), "3");
  EXPECT_EQ(value_of("20/3/2"), "3");
  EXPECT_EQ(value_of("5%3*2"), "4");
  EXPECT_EQ(value_of("(0-7)%3"), "-1");
  EXPECT_EQ(value_of("(0-7)/3"), "-2");
  EXPECT_EQ(value_of("1 < 2 == True"), "true");
  EXPECT_EQ(value_of("2 + 3 * 4"), "14");
  EXPECT_EQ(value_of("-(3) - -2"), "-1");
}

TEST(Evaluate, IntegersBeyond64BitsAndDivisionByZeroAreErrors) {
  EXPECT_EQ(value_of("0 - 9223372036854775808 - 1"),
            "`-9223372036854775808 - 1` does not fit in 64 bits");
  EXPECT_THAT(value_of("5000000000 * 5000000000"), HasSubstr("does not fit in 64 bits"));
  EXPECT_EQ(value_of("(0-9223372036854775807-1) / (0-1)"), "9223372036854775808");
  EXPECT_EQ(value_of("(0-9223372036854775807-1) % (0-1)"), "0");
  EXPECT_EQ(value_of("7 / 0"), "division by zero: `7 / 0`");
  EXPECT_EQ(value_of("7 % (1-1)"), "division by zero: `7 % 0`");
  EXPECT_EQ(value_of("t / (1,0,1)"), "division by zero: `7 / 0`");
}

TEST(Evaluate, BoolsAndConditionalsEvaluateOnlyWhatTheyNeed) {
  EXPECT_EQ(value_of("True && False || True"), "true");
  EXPECT_EQ(value_of("True == False"), "false");
  EXPECT_EQ(value_of("!(1 > 2) && 3 != 4"), "true");
  EXPECT_EQ(value_of("1 > 2 ? 10 : 20"), "20");
  EXPECT_EQ(value_of("True ? 1 : 1 / 0"), "1");
  EXPECT_EQ(value_of("False && 1 / 0 == 1"), "false");
  EXPECT_EQ(value_of("1 ? 2 : 3"), "expected a bool as condition, found an integer");
  EXPECT_EQ(value_of("1 + True"), "`+` does not work on an integer and a bool");
}

TEST(Evaluate, OperatorsOnTuplesWorkElementByElement) {
  EXPECT_EQ(value_of("t + (3,2,2)"), "13,9,7");
  EXPECT_EQ(value_of("t - (3,2,2)"), "7,5,3");
  EXPECT_EQ(value_of("t * (3,2,2)"), "30,14,10");
  EXPECT_EQ(value_of("t / (3,2,2)"), "3,3,2");
  EXPECT_EQ(value_of("t % (3,2,2)"), "1,1,1");
  EXPECT_EQ(value_of("-t"), "-10,-7,-5");
  EXPECT_EQ(value_of("t * 2"), "20,14,10");
  EXPECT_EQ(value_of("100 / t"), "10,14,20");
  EXPECT_EQ(value_of("t == (10,7,5)"), "true");
  EXPECT_EQ(value_of("t != (10,7)"), "true");
  EXPECT_EQ(value_of("t + (1,2)"), "`+` of tuples of different length: 3 and 2");
}

TEST(Evaluate, TuplesAreIndexedAndSliced) {
  EXPECT_EQ(value_of("t[0]"), "10");
  EXPECT_EQ(value_of("t[-1]"), "5");
  EXPECT_EQ(value_of("t[3]"), "index 3 is outside a tuple of 3");
  EXPECT_EQ(value_of("t[-4]"), "index -4 is outside a tuple of 3");
  EXPECT_EQ(value_of("t[1:]"), "7,5");
  EXPECT_EQ(value_of("t[:-1]"), "10,7");
  EXPECT_EQ(value_of("t[-2:]"), "7,5");
  EXPECT_EQ(value_of("t[0:2]"), "10,7");
  EXPECT_EQ(value_of("t[-3:-1]"), "10,7");
  EXPECT_EQ(value_of("t[:]"), "10,7,5");
  EXPECT_EQ(value_of("t[1:0]"), "7,5");
  EXPECT_EQ(value_of("t[0:3]"), "10,7,5");
  EXPECT_EQ(value_of("t[5:]"), "");
  EXPECT_EQ(value_of("t[0:4]"), "bound 4 is outside a tuple of 3");
  EXPECT_EQ(value_of("m[:-1]"), "6");
  EXPECT_EQ(value_of("t.len"), "3");
  EXPECT_EQ(value_of("t.volume"), "350");
  EXPECT_EQ(value_of("t.size"), "10,7,5");
}

TEST(Evaluate, UnpackSplicesIntoLists) {
  EXPECT_EQ(value_of("(1, *t, 2)"), "1,10,7,5,2");
  EXPECT_EQ(value_of("m[*(1,2)]"), "1,2");
  EXPECT_EQ(value_of("m[*t[2:], 3]"), "5,3");
  EXPECT_THAT(value_of("m[(1,2)]"), HasSubstr("expected an integer, found a tuple of 2"));
  EXPECT_THAT(value_of("(1, t)"), HasSubstr("expected an integer, found a tuple of 3"));
}

TEST(Evaluate, ComprehensionsBindTheirVariable) {
  EXPECT_EQ(value_of("tuple(i * i for i in (1,2,3))"), "1,4,9");
  EXPECT_EQ(value_of("tuple(t[i] for i in t[1:] - (6,4))"), "7,7");
  const std::string hides = "def f(int i) { return tuple(i + 1 for i in (10,20))[1] + i; }";
  EXPECT_EQ(value_of("f(100)", hides), "121");
}

TEST(Evaluate, ANestedConditionalGroupsFromTheLeft) {
  EXPECT_THAT(value_of("True ? 1 : True ? 2 : 3"), HasSubstr("expected a bool as condition"));
  EXPECT_EQ(value_of("True ? 1 : (True ? 2 : 3)"), "1");
}

TEST(Evaluate, FunctionsHaveTheirOwnScope) {
  EXPECT_EQ(value_of("f(1)", "def f(int a) { a = 5; b = a; b = 7; return b; }"), "1");
  EXPECT_EQ(value_of("r(5)", "def r(int n) { return n == 0 ? 0 : n + r(n - 1); }"), "15");
  EXPECT_EQ(
      value_of("f(2)", "def g(int a) { return a * 10; } def f(int a) { b = 3; return g(a) + b; }"),
      "23");
  EXPECT_EQ(value_of("f(1)", "def f(int a) { return a; } def f(int a) { return 2 * a; }"), "1");
  EXPECT_EQ(value_of("f(*(1,2))", "def f(int a, int b) { return a - b; }"), "-1");
  EXPECT_THAT(value_of("f(1, 2)", "def f(int a) { return a; }"), HasSubstr("takes 1 argument"));
  EXPECT_THAT(value_of("f(True)", "def f(int a) { return a; }"),
              HasSubstr("argument 1 of `f` should be `int`, found a bool"));
  EXPECT_EQ(value_of("f((1,0))", "def f(IPoint p) { return p[0]; }"), "1");
}

TEST(Evaluate, EndlessRecursionIsAnError) {
  EXPECT_THAT(value_of("f(1)", "def f(int a) { return f(a + 1); }"), HasSubstr("levels deep"));
  EXPECT_THAT(value_of("f(60)", "def f(int n) { return n == 0 ? 0 : f(n - 1) + f(n - 1); }"),
              HasSubstr("steps"));
}

TEST(Evaluate, WorkOnLargeTuplesCountsAsSteps) {
  // 1,000 elements of the outer tuple, each with work on 4,000: 1,000 steps and more of each kind.
  constexpr const char* kSays = "evaluation takes more than 1000000 steps";
  for (const char* work :
       {"sum(range(4000))", "range(4000).volume", "(range(4000) + i)[0]", "range(4000)[1:2][0]",
        "max(range(4000), range(4000))[0]", "(range(4000) == range(4000) ? 1 : 0)",
        "max(*range(4000))", "(*range(4000),)[0]", "sum(tuple(1 for k in range(4000)))"}) {
    EXPECT_EQ(value_of(std::string("tuple(") + work + " for i in range(1000)).len", ""), kSays)
        << work;
  }
  EXPECT_EQ(value_of("tuple(sum(t) for i in range(1000)).len"), "1000");
}

TEST(Evaluate, StarsOverAHugeMachineCountAsSteps) {
  EXPECT_THAT(value_of("m[*, *]", "", "nodes=2048,GPU=1024"), HasSubstr("more than 1000000 steps"));
}

TEST(Evaluate, ASpaceIsNotDividedOverMoreDimensionsThanItCanHave) {
  for (const char* how : {"decompose", "auto_split", "greedy_split"})
    EXPECT_EQ(value_of(std::string("m.") + how + "(0, range(1, 4001)).len"),
              "a space cannot have more than 16 dimensions");
}

TEST(Evaluate, SpacesAreTransformedAndIndexed) {
  EXPECT_EQ(value_of("m.size"), "6,4");
  EXPECT_EQ(value_of("m.volume"), "24");
  EXPECT_EQ(value_of("m.len"), "2");
  EXPECT_EQ(value_of("m"), "Processor GPU: 6 4");
  EXPECT_EQ(value_of("m.merge(0,1)[5]"), "1,1");
  EXPECT_EQ(value_of("m.merge(1,0)[5]"), "5,0");
  EXPECT_EQ(value_of("m.split(0,3)[1,1,2]"), "4,2");
  EXPECT_EQ(value_of("m.swap(0,1)[3,5]"), "5,3");
  EXPECT_EQ(value_of("m.slice(0,1,3)[2,3]"), "3,3");
  EXPECT_EQ(value_of("m.reverse(1)[5,1]"), "5,2");
  EXPECT_EQ(value_of("m.balance_split(0,2)[2,1,3]"), "5,3");
  EXPECT_EQ(value_of("m.greedy_split(0,(8,4))[3,1,2]", "", "nodes=8,GPU=4"), "7,2");
  const std::string both =
      "b = Machine(GPU).auto_split(0,(8,4)); c = b.auto_split(2,(8,4)/b[:-1]);";
  EXPECT_EQ(value_of("c.size", both, "nodes=8,GPU=4"), "4,2,2,2");
  EXPECT_EQ(value_of("c[2,1,0,1]", both, "nodes=8,GPU=4"), "6,2");
}

TEST(Evaluate, StarsGiveSetsInAscendingOrder) {
  EXPECT_EQ(value_of("m[1,*]"), "(1,0) (1,1) (1,2) (1,3)");
  EXPECT_EQ(value_of("m[*,0]"), "(0,0) (1,0) (2,0) (3,0) (4,0) (5,0)");
  EXPECT_EQ(value_of("Machine(GPU).merge(0,1)[*]", "", "nodes=2,GPU=2"), "(0,0) (0,1) (1,0) (1,1)");
}

TEST(Evaluate, IndicesOutsideAnIntermediateSpaceAreErrors) {
  EXPECT_EQ(value_of("m.split(1,2)[0,2,0]"), "index 2 is outside dimension 1 of size 2");
  EXPECT_EQ(value_of("m[0-1,0]"), "index -1 is outside dimension 0 of size 6");
  EXPECT_EQ(value_of("m[6,*]"), "index 6 is outside dimension 0 of size 6");
  EXPECT_EQ(value_of("m[0]"), "1 index for a space of 2 dimensions of size (6,4)");
  EXPECT_EQ(value_of("m.reverse(0-1)"), "dimension -1 does not exist in a space of size (6,4)");
  EXPECT_THAT(value_of("m.auto_split(0, 3)"), HasSubstr("expected a tuple of extents"));
  EXPECT_THAT(value_of("m.merge(0)"), HasSubstr("`merge` takes 2 arguments, found 1"));
}

TEST(Evaluate, AnUnevenSplitGivesOneWarning) {
  const Loaded run("m = Machine(GPU).split(1,3); print(\"{}\", m.size);");
  EXPECT_FALSE(run.diagnostics.has_errors());
  ASSERT_EQ(run.diagnostics.sorted().size(), 1U);
  EXPECT_EQ(run.diagnostics.sorted()[0].id, "uneven-split");
  EXPECT_THAT(run.printed, ElementsAre("6,3,1"));
}

TEST(Evaluate, ProcessorsLoseTheirKindInArithmeticAndSlices) {
  const Loaded run("m = Machine(GPU); a = m[1,2]; b = m[1,2] + (0,0); c = m[1,2][:];");
  const auto kind = [&](const char* name) {
    return std::get<TupleValue>(*run.evaluator->global(name)).processor;
  };
  EXPECT_EQ(kind("a"), machine::ProcessorKind::Gpu);
  EXPECT_EQ(kind("b"), std::nullopt);
  EXPECT_EQ(kind("c"), std::nullopt);
  EXPECT_EQ(value_of("m[1,2].has(FBMEM)"), "true");
  EXPECT_EQ(value_of("m[1,2].has(SYSMEM)"), "false");
}

TEST(Evaluate, AGlobalThatFailsIsReportedOnce) {
  const Loaded run("a = 1 / 0; b = a + 1; c = b * 2;");
  ASSERT_EQ(run.diagnostics.sorted().size(), 1U);
  EXPECT_EQ(run.diagnostics.sorted()[0].id, "division-by-zero");
  EXPECT_EQ(run.evaluator->global("c"), nullptr);
}

TEST(Evaluate, PrintNeedsAnArgumentForEachPlace) {
  EXPECT_EQ(Loaded("print(\"{} and {}\", 1, 2, 3);").printed.back(), "1 and 2");
  const Loaded run("print(\"{} and {}\", 1);");
  EXPECT_EQ(run.diagnostics.sorted()[0].id, "print-arguments");
}

/// A mapping function's values over a launch at depth 3 from the second processor of node 1.
std::vector<std::string> values_over(const Loaded& run, const char* domain_text, uint64_t tag = 7) {
  const machine::LaunchDomain domain = machine::parse_launch_domain(domain_text).value();
  FunctionRun function(*run.evaluator, run.evaluator->find_function("f").value());
  LaunchedTask launched({domain, tag, 3, {machine::ProcessorKind::Cpu, 1, 2}, 4});
  std::vector<std::string> values;
  for (int64_t i = 0; i < domain.volume(); ++i) {
    launched.task.point = domain.point(i);
    const Value* value = function.evaluate(launched.task);
    values.push_back(value ? to_string(*value) : function.error().message);
  }
  return values;
}

TEST(FunctionRun, GivesRawCoordinatesAndExtents) {
  const Loaded run("def f(Task task) { return (*task.ipoint, *task.ispace); }");
  EXPECT_THAT(values_over(run, "0,1..1,1"), ElementsAre("0,1,2,1", "1,1,2,1"));
}

TEST(FunctionRun, SeesGlobalsThatAreDefinedBelow) {
  const Loaded run("def f(Task task) { return task.ipoint[0] + offset; } offset = 40;");
  EXPECT_THAT(values_over(run, "0..1"), ElementsAre("40", "41"));
}

TEST(FunctionRun, AHelperIsEvaluatedForEachOfItsArguments) {
  // `s * 2` does not vary in f, but `n * 2` in double differs from call to call.
  const Loaded run(
      "def double(int n) { return n * 2; }"
      "def f(Task task) { s = task.ispace[0]; return (s * 2, double(task.ipoint[0]), double(s)); "
      "}");
  EXPECT_THAT(values_over(run, "0..2"), ElementsAre("6,0,6", "6,2,6", "6,4,6"));
}

TEST(FunctionRun, PointsSeeTheTagTheDepthTheMapperAndTheParentOfTheirLaunch) {
  const Loaded run(
      "m = Machine(GPU); def f(Task task) { return (task.tag, task.depth, task.mapper_id, "
      "*task.parent.processor(m), *task.ipoint); }");
  EXPECT_THAT(values_over(run, "0..1"), ElementsAre("7,3,4,1,2,0", "7,3,4,1,2,1"));
}

TEST(FunctionRun, OfAParentOnlyTheProcessorIsKnown) {
  const Loaded run("def f(Task task) { return task.parent.tag; }");
  EXPECT_THAT(values_over(run, "0..0"), ElementsAre("a parent task has no `tag`"));
}

TEST(FunctionRun, TagsHaveNoSign) {
  // 2^64-1: its half is 2^63-1, its remainder by 1000 is 615.
  const Loaded run(
      "def f(Task task) { return task.tag == 18446744073709551615 && task.tag > 0 && "
      "task.tag / 2 == 9223372036854775807 && task.tag % 1000 == 615 && max(1, task.tag) > 2; }");
  EXPECT_THAT(values_over(run, "0..0", UINT64_MAX), ElementsAre("true"));
}

TEST(Evaluate, IntegersReachFromTheLeastWithASignToTheLargestWithout) {
  EXPECT_EQ(value_of("9223372036854775807 + 1"), "9223372036854775808");
  EXPECT_EQ(value_of("0 - 9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(value_of("18446744073709551615 - 18446744073709551615"), "0");
  EXPECT_EQ(value_of("18446744073709551615 + 1"),
            "`18446744073709551615 + 1` does not fit in 64 bits");
  EXPECT_EQ(value_of("0 - 18446744073709551615"),
            "`0 - 18446744073709551615` does not fit in 64 bits");
  EXPECT_EQ(value_of("(1, 2) + 9223372036854775807"),
            "`1 + 9223372036854775807` does not fit in 64 bits");
}

TEST(FactsUsed, AreThoseOfTheFunctionAndOfWhatItCalls) {
  const SourceFile file(
      "test.mapping",
      "def a(Task t) { return t.tag; } def b(Task t) { return a(t) + t.depth; } "
      "def c(Task t) { return t.parent; } def d(Task t) { return t.ipoint; } "
      "def e(Task t) { return f(t); } def f(Task t) { return b(t) + t.mapper_id; }");
  Diagnostics diagnostics(file);
  const auto used = facts_used(parse(file, diagnostics));
  EXPECT_EQ(used.at("a"), (machine::FactsUsed{true, false, false}));
  EXPECT_EQ(used.at("b"), (machine::FactsUsed{true, true, false}));
  EXPECT_EQ(used.at("c"), (machine::FactsUsed{false, false, true}));
  EXPECT_FALSE(used.at("d").any());
  EXPECT_EQ(used.at("e"), (machine::FactsUsed{true, true, false, true}));
}

TEST(FunctionRun, APointWithoutProcessorIsPlacedOnTheFirst) {
  const Loaded run("m = Machine(GPU); def f(Task task) { return task.processor(m); }");
  EXPECT_THAT(values_over(run, "0..1"), ElementsAre("0,0", "0,0"));
}

TEST(FunctionRun, SingleTasksSeeTheProcessorOfTheirParent) {
  const Loaded run(
      "m = Machine(GPU).merge(0,1); def f(Task task) { return (*task.parent.processor(m), "
      "*task.processor(m)); }");
  const LaunchedTask launched({.parent = {machine::ProcessorKind::Gpu, 2, 3}});
  FunctionRun function(*run.evaluator, run.evaluator->find_function("f").value());
  const Value* value = function.evaluate(launched.task);
  ASSERT_NE(value, nullptr) << function.error().message;
  EXPECT_EQ(to_string(*value), "11,8");  // The task itself is on the first one of node 2.
}

}  // namespace
}  // namespace placewright::lang
