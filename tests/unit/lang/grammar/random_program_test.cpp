// SPDX-License-Identifier: Apache-2.0
// Whatever the grammar derives parses; whatever the narrowed grammar derives passes the checker and
// decides the same after it was printed.
#include <gtest/gtest.h>

#include <algorithm>

#include "lang/check/checker.h"
#include "lang/grammar/sample.h"
#include "lang/syntax/dump.h"
#include "lang/syntax/parser.h"
#include "lang/syntax/printer.h"
#include "lang/syntax/words.h"
#include "workload/decisions.h"
#include "workload/legality.h"
#include "workload/vocabulary.h"

namespace placewright {
namespace {

namespace grammar = lang::grammar;

constexpr int kDepth = 24;

machine::MachineShape machine() {
  return machine::MachineShape::parse("nodes=2,CPU=2,GPU=4").value();
}

workload::WorkloadTask task(std::string name, std::vector<machine::ProcessorKind> variants,
                            const char* domain, std::vector<std::string> regions) {
  workload::WorkloadTask result;
  result.name = std::move(name);
  result.variants = std::move(variants);
  for (std::string& region : regions) {
    workload::WorkloadArgument argument;
    argument.names.push_back(std::move(region));
    argument.privilege = machine::Privilege::ReadWrite;
    argument.dim = 1;
    argument.fields = 2;
    result.arguments.push_back(std::move(argument));
  }
  result.launches.push_back({true, machine::parse_launch_domain(domain).value(), 1});
  return result;
}

workload::Workload workload() {
  workload::Workload result{machine(), {}};
  result.tasks = {
      task("calc", {machine::ProcessorKind::Cpu, machine::ProcessorKind::Gpu}, "0..15",
           {"rp_private", "rp_shared"}),
      task("Exports.AddBodyForces", {machine::ProcessorKind::Gpu}, "2,-1..5,3", {"fluid"}),
      task("gather", {machine::ProcessorKind::Cpu}, "0,0,0..2,2,2", {"rp_shared"})};
  return result;
}

struct Decided {
  std::string messages;
  bool good = false;
  std::string decisions;
  std::string printed;
  std::string tree;
};

Decided decide(const std::string& text, const workload::Workload& application) {
  auto mapping = std::make_shared<policy::Mapping>(policy::Mapping{SourceFile("random", text), {}});
  Diagnostics diagnostics(mapping->file);
  mapping->program = lang::parse(mapping->file, diagnostics);
  lang::check(mapping->program, diagnostics);
  Decided result;
  if (!diagnostics.has_errors()) {
    const auto policy = policy::Policy::build(mapping, application.machine, diagnostics);
    if (policy != nullptr) {
      workload::check_legality(*policy, application, diagnostics);
      result.decisions = workload::canonical_text(resolve(*policy, application));
    }
  }
  result.good = !diagnostics.has_errors();
  result.messages = diagnostics.to_text();
  result.printed = lang::format_program(mapping->file, mapping->program);
  result.tree = lang::dump(mapping->program);
  return result;
}

TEST(Grammar, DerivedProgramsParseAndPrintToTheSameTree) {
  const grammar::Grammar full = grammar::full_grammar();
  for (uint32_t seed = 0; seed < 10000; ++seed) {
    const SourceFile file("random", grammar::Sampler(full, seed).text("program", kDepth));
    Diagnostics diagnostics(file);
    const lang::Program program = lang::parse(file, diagnostics);
    ASSERT_FALSE(diagnostics.has_errors()) << file.text() << diagnostics.to_text();
    const SourceFile printed("printed", lang::format_program(file, program));
    Diagnostics again(printed);
    ASSERT_EQ(lang::dump(lang::parse(printed, again)), lang::dump(program)) << file.text();
  }
}

TEST(Grammar, NarrowedProgramsCheckAndDecideTheSameAfterPrinting) {
  const workload::Workload application = workload();
  const grammar::Grammar narrowed = grammar::narrowed_grammar(workload::vocabulary_of(application));
  std::set<std::string> different;
  for (uint32_t seed = 0; seed < 10000; ++seed) {
    const std::string text = grammar::Sampler(narrowed, seed).text("program", kDepth);
    const Decided first = decide(text, application);
    ASSERT_TRUE(first.good) << text << first.messages;
    const Decided second = decide(first.printed, application);
    ASSERT_EQ(second.tree, first.tree) << text;
    ASSERT_EQ(second.decisions, first.decisions) << text;
    different.insert(first.decisions);
  }
  EXPECT_GT(different.size(), 1000u) << "the grammar derives hardly any different mappings";
}

bool contains(const grammar::Node& node, std::string_view word) {
  if (node.form == grammar::Node::Form::Literal) return node.text == word;
  return std::ranges::any_of(node.children,
                             [&](const grammar::Node& child) { return contains(child, word); });
}

TEST(Grammar, EveryWordThatBeginsAStatementIsInTheGrammar) {
  const grammar::Grammar full = grammar::full_grammar();
  for (const std::string_view word : lang::statement_words()) {
    EXPECT_TRUE(std::ranges::any_of(full.rules, [&](const grammar::Rule& each) {
      return contains(each.body, word);
    })) << word;
  }
}

TEST(Grammar, EveryRuleCanEndWithinTwentyLevels) {
  const grammar::Grammar full = grammar::full_grammar();
  for (const grammar::Rule& each : full.rules) EXPECT_LT(grammar::least_depth(full, each.body), 20);
}

}  // namespace
}  // namespace placewright
