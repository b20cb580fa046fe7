// SPDX-License-Identifier: Apache-2.0
// Columns give the numbers that the interpreter gives, and leave to it what they cannot say.
#include "lang/columns/lower.h"

#include <gtest/gtest.h>

#include "lang/check/checker.h"
#include "lang/syntax/parser.h"

namespace placewright::lang {
namespace {

constexpr int kWidth = 4;

machine::MachineShape machine() {
  return machine::MachineShape::parse("nodes=3,GPU=4,CPU=2").value();
}

constexpr std::string_view kGlobals = R"(
m = Machine(GPU);
line = m.merge(0, 1);
bent = m.swap(0, 1).split(0, 2).reverse(1);
)";

/// A text whose function `f` is to be evaluated.
class Loaded {
 public:
  explicit Loaded(const std::string& text)
      : file_("test", std::string(kGlobals) + text),
        diagnostics_(file_),
        program_(parse(file_, diagnostics_)),
        evaluator_(evaluate()) {}

  [[nodiscard]] std::optional<LoweredFunction> lower(const machine::LaunchDomain& domain) const {
    return lower_function(evaluator_, number(), {domain}, machine::ProcessorKind::Gpu, kWidth);
  }
  /// Point by point.
  [[nodiscard]] std::optional<std::vector<uint32_t>> interpret(
      const machine::LaunchDomain& domain) const {
    FunctionRun run(evaluator_, number());
    std::vector<uint32_t> numbers;
    for (int64_t i = 0; i < domain.volume(); ++i) {
      TaskView task;
      task.domain = &domain;
      task.point = domain.point(i);
      const Value* value = run.evaluate(task);
      if (value == nullptr) return std::nullopt;
      const auto& processor = std::get<TupleValue>(*value);
      if (processor.processor != machine::ProcessorKind::Gpu) return std::nullopt;
      numbers.push_back(
          static_cast<uint32_t>(processor.elements[0] * kWidth + processor.elements[1]));
    }
    return numbers;
  }

 private:
  Evaluator evaluate() {
    check(program_, diagnostics_);
    EXPECT_FALSE(diagnostics_.has_errors()) << diagnostics_.to_text();
    return {program_, machine(), diagnostics_, [](const std::string&) {}};
  }
  [[nodiscard]] int number() const { return evaluator_.find_function("f").value(); }

  SourceFile file_;
  Diagnostics diagnostics_;
  Program program_;
  Evaluator evaluator_;
};

machine::LaunchDomain launch(const char* text) {
  return machine::parse_launch_domain(text).value();
}

std::string function(const std::string& body) { return "def f(Task t) { " + body + " }"; }

struct Case {
  const char* body;
  const char* domain;
};

class LowerSame : public testing::TestWithParam<Case> {};

TEST_P(LowerSame, ColumnsAgreeWithTheInterpreter) {
  const Loaded loaded(function(GetParam().body));
  const machine::LaunchDomain domain = launch(GetParam().domain);
  const auto lowered = loaded.lower(domain);
  ASSERT_TRUE(lowered.has_value()) << GetParam().body;
  const auto numbers = lowered->program.run();
  ASSERT_TRUE(numbers.has_value()) << GetParam().body;
  EXPECT_EQ(numbers, loaded.interpret(domain)) << GetParam().body;
}

INSTANTIATE_TEST_SUITE_P(
    Functions, LowerSame,
    testing::Values(
        Case{"return line[t.ipoint[0] * line.size[0] / t.ispace[0]];", "0..4999"},
        Case{"return line[t.ipoint[0] % 12];", "0..1023"},
        Case{"return line[t.ipoint[0] % 12];", "0..1024"},
        Case{"return line[(t.ipoint[0] - t.lo[0]) % line.volume];", "-700..3000"},
        Case{"p = (t.ipoint - t.lo) % 3; return m[p[0], p[1] + 1];", "-3,-5..40,60"},
        Case{"p = t.ipoint; return m[*(p * m.size / t.ispace)];", "0,0..63,31"},
        Case{"p = t.ipoint; g = line.auto_split(0, t.ispace); return g[*(p * g.size / t.ispace)];",
             "0,0,0..15,11,9"},
        Case{"return bent[t.ipoint[0] % 2, t.ipoint[1] % 2, t.ipoint[0] / 2 % 3];", "0,0..31,31"},
        Case{"i = t.ipoint[0]; return i < 40 ? m[0, i % 4] : (i == 41 ? m[2, 3] : line[5]);",
             "0..99"},
        Case{"i = t.ipoint[0]; return i < 12 ? line[i] : line[0];", "0..99"},
        Case{"i = t.ipoint[0]; return i < 12 && line[i % 12] != (1, 2) || i == 50 ? m[1, 1] : "
             "m[0, 0];",
             "0..99"},
        Case{"i = t.ipoint[0]; return !(i > 3) == (i <= 3) ? m[2, 2] : m[0, 0];", "0..99"},
        Case{"p = t.ipoint; return p >= (2, 2) ? m[2, 0] : (p != (0, 1) ? m[1, 0] : m[0, 0]);",
             "0,0..9,9"},
        Case{"p = t.ipoint; return line[min(11, max(p))];", "0,0..9,19"},
        Case{"p = t.ipoint; return line[(sum(p) + prod(p + 1) + abs(p[0] - 50)) % 12];",
             "0,0..99,3"},
        Case{"return line[ceil_div(t.ipoint[0], 10) % 12];", "0..999"},
        Case{"p = t.ipoint; q = tuple(p[i] * (i + 1) for i in (1, 0)); return line[sum(q) % 12];",
             "0,0..20,20"},
        Case{"p = t.ipoint; return m[p[1:].volume % 3, p.size[-1] % 4];", "0,0..20,20"},
        Case{"place = line[t.ipoint[0] % 12]; return m[place[0], 3 - place[1]];", "0..99"},
        Case{"return m[1, 2];", "0..99"},
        Case{"return line[t.ipoint[0] % t.ipoint[1]];", "0,5..99,12"},
        Case{"return line[-(t.ipoint[0]) % 12];", "-99..0"},
        Case{"return line[-(t.ipoint[0] / 3) % 12];", "-99..0"}));

TEST(Lower, InlinesFunctions) {
  const Loaded loaded(
      "def at(IPoint p, ISpace s, MSpace g, int n, bool b) { return b ? g[*(p * g.size / s)] : "
      "g[n]; }\n"
      "def point(Task t) { return t.ipoint; }\n"
      "def f(Task t) { return at(point(t), t.ispace, line, t.ipoint[0] % 3, t.ipoint[0] > 7); }");
  const machine::LaunchDomain domain = launch("0..499");
  const auto lowered = loaded.lower(domain);
  ASSERT_TRUE(lowered.has_value());
  EXPECT_EQ(lowered->program.run(), loaded.interpret(domain));
}

TEST(Lower, LeavesErrorsToTheInterpreter) {
  const machine::LaunchDomain domain = launch("0..999");
  for (const char* body :
       {"return line[t.ipoint[0]];", "return line[12 / t.ipoint[0]];",
        "return line[t.ipoint[0] * 9223372036854775807 % 12];", "return m[0, t.ipoint[0]];"}) {
    const Loaded loaded(function(body));
    const auto lowered = loaded.lower(domain);
    EXPECT_FALSE(lowered && lowered->program.run()) << body;
    EXPECT_FALSE(loaded.interpret(domain).has_value()) << body;
  }
}

TEST(Lower, LeavesWhatColumnsCannotSay) {
  for (const char* body :
       {"return m[t.ipoint[0] % 3, *];", "print(\"{}\", t.ipoint); return m[0, 0];",
        "return line.split(0, t.ipoint[0] % 2 + 1)[0, 0];"}) {
    EXPECT_FALSE(Loaded(function(body)).lower(launch("0..999")).has_value()) << body;
  }
}

TEST(Lower, EndlessRecursionIsLeftToTheInterpreter) {
  const Loaded loaded("def f(Task t) { return f(t); }");
  EXPECT_FALSE(loaded.lower(launch("0..999")).has_value());
}

}  // namespace
}  // namespace placewright::lang
