// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parser.h"

#include <gtest/gtest.h>

#include "lang/syntax/dump.h"

namespace placewright::lang {
namespace {

struct Parsed {
  std::string tree;
  std::string messages;
};

Parsed parse_text(const std::string& text) {
  const SourceFile file("m", text);
  Diagnostics diagnostics(file);
  const Program program = parse(file, diagnostics);
  return {dump(program), diagnostics.to_text()};
}

std::string tree(const std::string& expression) {
  const Parsed parsed = parse_text("x = " + expression + ";");
  EXPECT_EQ(parsed.messages, "") << expression;
  constexpr size_t kAround = 5;  // "(= x " and ")\n"
  return parsed.tree.substr(kAround, parsed.tree.size() - kAround - 2);
}

struct Case {
  std::string_view expression, tree;
};

TEST(Expressions, GroupAsTheOriginalDoes) {
  constexpr Case kCases[] = {
      {"10-4-3", "(- (- 10 4) 3)"},
      {"20/3/2", "(/ (/ 20 3) 2)"},
      {"5%3*2", "(* (% 5 3) 2)"},
      {"1+2*3", "(+ 1 (* 2 3))"},
      {"1 < 2 == True", "(== (< 1 2) True)"},
      {"1 < 2 < 3", "(< (< 1 2) 3)"},
      {"a || b && c", "(|| a (&& b c))"},
      {"a && b || c", "(|| (&& a b) c)"},
      {"a == b && c != d", "(&& (== a b) (!= c d))"},
      {"a ? 1 : b ? 2 : 3", "(? (? a 1 b) 2 3)"},
      {"a ? b ? 1 : 2 : 3", "(? a (? b 1 2) 3)"},
      {"a ? 1 : b || c", "(? a 1 (|| b c))"},
      {"-a * b", "(* (- a) b)"},
      {"-a.len", "(- (. a len))"},
      {"a - -b", "(- a (- b))"},
      {"!a == b", "(== (! a) b)"},
      {"!!a && -b[0]", "(&& (! (! a)) (- (index b 0)))"},
      {"(a + b) * c", "(* (paren (+ a b)) c)"},
      {"(a, b) + c", "(+ (tuple a b) c)"},
  };
  for (const Case& c : kCases) EXPECT_EQ(tree(std::string(c.expression)), c.tree);
}

TEST(Expressions, AStarUnpacksTheWholePostfixChainAndBindsLikeAMultiplication) {
  constexpr Case kCases[] = {
      {"m[*a + b]", "(index m (+ (unpack a) b))"},
      {"m[*(a + b)]", "(index m (unpack (paren (+ a b))))"},
      {"m[*a * b]", "(index m (* (unpack a) b))"},
      {"m[*a[1:]]", "(index m (unpack (slice a 1 _)))"},
      {"m[*t.parent.processor(m)]", "(index m (unpack (call (. (. t parent) processor) m)))"},
      {"m[*, 0]", "(index m * 0)"},
      {"m[i, *]", "(index m i *)"},
      {"m[*, *]", "(index m * *)"},
      {"a * *b", "(* a (unpack b))"},
      {"a ** b", "(* a (unpack b))"},
      {"m[*-a]", "(index m (unpack (- a)))"},
  };
  for (const Case& c : kCases) EXPECT_EQ(tree(std::string(c.expression)), c.tree);
}

TEST(Expressions, PostfixFormsCanBeChained) {
  constexpr Case kCases[] = {
      {"Machine(GPU).merge(0, 1)[5]", "(index (call (. (call Machine GPU) merge) 0 1) 5)"},
      {"m.size[1]", "(index (. m size) 1)"},
      {"t[:]", "(slice t _ _)"},
      {"t[:-1]", "(slice t _ (- 1))"},
      {"t[a ? 1 : 2]", "(index t (? a 1 2))"},
      {"t[a ? 1 : 2 : 3]", "(slice t (? a 1 2) 3)"},
      {"f()", "(call f)"},
      {"f(1, *t)", "(call f 1 (unpack t))"},
      {"m[0, 1].has(FBMEM)", "(call (. (index m 0 1) has) FBMEM)"},
      {"tuple(f(i) for i in (0, 1, 2))", "(for i (tuple 0 1 2) (call f i))"},
  };
  for (const Case& c : kCases) EXPECT_EQ(tree(std::string(c.expression)), c.tree);
}

TEST(Statements, ParseInAllTheirForms) {
  constexpr Case kCases[] = {
      {"Task a GPU;", R"((Task (tasks "a") GPU))"},
      {"Task * GPU, OMP,CPU;", "(Task * GPU OMP CPU)"},
      {"Task a, b IO, PY, PROC;", R"((Task (tasks "a" "b") IO PY PROC))"},
      {R"(Task "Exports.AddBodyForces" CPU;)", R"((Task (tasks "Exports.AddBodyForces") CPU))"},
      {"Region * * * SYSMEM;", "(Region * * * SYSMEM)"},
      {"Region foo 0 GPU ZCMEM, FBMEM;", R"((Region (tasks "foo") 0 GPU ZCMEM FBMEM))"},
      {"Region foo r * REGSOCKMEM, RDMEM, VIRTUAL;",
       R"((Region (tasks "foo") "r" * REGSOCKMEM RDMEM VIRTUAL))"},
      {"Region a, b r * SOCKMEM;", R"((Region (tasks "a" "b") "r" * SOCKMEM))"},
      {"Layout * * *;", "(Layout * * *)"},
      {"Layout t r FBMEM SOA C_order Compact Exact;",
       R"((Layout (tasks "t") "r" FBMEM SOA C_order Compact Exact))"},
      {"Layout t 3 * AOS F_order No_Align;", R"((Layout (tasks "t") 3 * AOS F_order No_Align))"},
      {"Layout * * * Align == 128;", "(Layout * * * (Align == 128))"},
      {"Layout * * * Align<1 Align<=2 Align>3 Align>=4 Align!=5;",
       "(Layout * * * (Align < 1) (Align <= 2) (Align > 3) (Align >= 4) (Align != 5))"},
      {"IndexTaskMap a f;", R"((IndexTaskMap (tasks "a") f))"},
      {"IndexTaskMap a, b f;", R"((IndexTaskMap (tasks "a" "b") f))"},
      {"IndexTaskMap * f;", "(IndexTaskMap * f)"},
      {"IndexTaskMap GPU f;", "(IndexTaskMap GPU f)"},
      {"SingleTaskMap OMP f;", "(SingleTaskMap OMP f)"},
      {"InstanceLimit a 4;", R"((InstanceLimit (tasks "a") 4))"},
      {"CollectMemory a *;", R"((CollectMemory (tasks "a") *))"},
      {"CollectMemory * r;", R"((CollectMemory * "r"))"},
      {"CollectMemory a 2;", R"((CollectMemory (tasks "a") 2))"},
      {"ControlReplicate a, b;", R"((ControlReplicate (tasks "a" "b")))"},
      {"TaskSteal * GPU SAME_NODE;", "(TaskSteal * GPU SAME_NODE)"},
      {"TaskSteal a, b CPU ANY_NODE;", R"((TaskSteal (tasks "a" "b") CPU ANY_NODE))"},
      {"TaskSteal = 3;", "(= TaskSteal 3)"},
      {R"(print("x {}", 1, m.size);)", R"((print "x {}" 1 (. m size)))"},
      {"def f(Task t, int a, bool b, IPoint c, ISpace d, MSpace e) { x = 1; print(\"p\"); return "
       "x; }",
       R"((def f (Task t, int a, bool b, IPoint c, ISpace d, MSpace e) (= x 1) (print "p") (return x)))"},
      {"def f() { return 1; }", "(def f () (return 1))"},
  };
  for (const Case& c : kCases) {
    const Parsed parsed = parse_text(std::string(c.expression));
    EXPECT_EQ(parsed.messages, "") << c.expression;
    EXPECT_EQ(parsed.tree, std::string(c.tree) + "\n");
  }
}

TEST(Recovery, OneRunFindsAMistakeInEachStatement) {
  const Parsed parsed = parse_text(
      "Task a GPUS;\n"
      "x = 1 +;\n"
      "Region a * GPU FBMEN;\n"
      "def f(Task t) { y = ); return t.ipont; }\n"
      "Task b CPU\n"
      "Layout * * * SAO;\n"
      "Task c OMP;\n");
  for (const char* message : {"m:1:8: error", "m:2:8: error", "m:3:16: error", "m:4:21: error",
                              "m:4:33: error", "m:5:11: warning", "m:6:14: error"}) {
    EXPECT_NE(parsed.messages.find(message), std::string::npos) << message << parsed.messages;
  }
  EXPECT_EQ(parsed.messages.find("m:7"), std::string::npos);
  EXPECT_NE(parsed.tree.find(R"((Task (tasks "b") CPU))"), std::string::npos);
  EXPECT_NE(parsed.tree.find(R"((Task (tasks "c") OMP))"), std::string::npos);
}

TEST(Recovery, AnIndentedBodyGivesOneMessage) {
  const Parsed parsed = parse_text(
      "def f(Task task):\n"
      "    ip = task.ipoint\n"
      "    return m[ip[0], 0]\n"
      "Task a GPU;\n");
  EXPECT_NE(parsed.messages.find("m:1:17: warning: expected `{`"), std::string::npos);
  EXPECT_EQ(parsed.messages.find("m:2"), std::string::npos);
  EXPECT_EQ(parsed.tree,
            "(def f (Task task) (= ip (. task ipoint)) (return (index m (index ip 0) 0)))\n"
            "(Task (tasks \"a\") GPU)\n");
}

TEST(Recovery, StatementsOfAnotherDialectGiveOneMessage) {
  const Parsed parsed =
      parse_text("IndexTaskMap a mgpu f;\nIndexTaskMap b mgpu f;\nInstanceLimit a GPU 4;\nTask ;");
  EXPECT_NE(parsed.messages.find("[old-dialect]"), std::string::npos);
  EXPECT_EQ(parsed.messages.find("m:2"), std::string::npos);
  EXPECT_EQ(parsed.messages.find("m:4"), std::string::npos);
  EXPECT_EQ(parsed.tree, "");
}

TEST(Limits, DeepNestingIsAnError) {
  for (const char* opener : {"(", "-", "!", "*", "f(", "m[", "a ? ", "tuple("}) {
    std::string text = "x = ";
    for (int i = 0; i < 100000; ++i) text += opener;
    EXPECT_NE(parse_text(text + ";").messages.find("[nesting-too-deep]"), std::string::npos)
        << opener;
  }
}

TEST(Limits, LongChainsAreAnError) {
  for (const char* link : {" + a", ".len", "[0]", "(1)", " ? a : a"}) {
    std::string text = "x = a";
    for (int i = 0; i < 100000; ++i) text += link;
    EXPECT_NE(parse_text(text + ";").messages.find("[nesting-too-deep]"), std::string::npos)
        << link;
  }
  std::string text = "x = a";
  for (int i = 0; i < 1999; ++i) text += " + a";
  EXPECT_EQ(parse_text(text + ";").messages, "");
}

}  // namespace
}  // namespace placewright::lang
