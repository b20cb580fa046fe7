// SPDX-License-Identifier: Apache-2.0
// Damaged programs must give messages, never a crash or a hang (which the test's time limit ends).
// Golden inputs and random programs are mutated with a fixed seed, so a failure can be repeated.
#include <gtest/gtest.h>

#include <random>

#include "golden_files.h"
#include "lang/check/checker.h"
#include "lang/grammar/sample.h"
#include "lang/syntax/dump.h"
#include "lang/syntax/parser.h"
#include "lang/syntax/printer.h"

namespace placewright::lang {
namespace {

constexpr int kMutants = 6000;

class Mutator {
 public:
  explicit Mutator(uint32_t seed) : random_(seed) {}

  std::string mutate(std::string text, const std::string& other) {
    for (int i = static_cast<int>(random_() % 6); i >= 0; --i) text = mutate_once(text, other);
    return text;
  }

 private:
  size_t below(size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  std::string mutate_once(std::string text, const std::string& other) {
    const size_t at = below(text.size() + 1);
    const size_t length = below(std::min<size_t>(text.size() - at + 1, 40));
    switch (below(7)) {
      case 0:
        return text.erase(at, length);
      case 1:
        return text.insert(at, text.substr(at, length));
      case 2:
        return text.insert(at, 1, static_cast<char>(1 + below(255)));
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(1 + below(255));
        return text;
      case 4: {
        constexpr std::string_view kSigns = "(){}[]*;,:?=\"'.-!#\n0GTm";
        return text.insert(at, 1, kSigns[below(kSigns.size())]);
      }
      case 5:
        return text.replace(at, length, other.substr(below(other.size() + 1), 60));
      default:
        return text.substr(0, at);
    }
  }

  std::mt19937 random_;
};

void run_front_end(const std::string& text) {
  const SourceFile file("mutant", text);
  Diagnostics diagnostics(file);
  const Program program = parse(file, diagnostics);
  check(program, diagnostics);
  const std::string messages = diagnostics.to_text() + diagnostics.to_json();
  EXPECT_EQ(messages.empty(), diagnostics.sorted().empty());
  const std::string printed = format_program(file, program);
  if (!diagnostics.has_errors()) {
    const SourceFile copy("copy", printed);
    Diagnostics again(copy);
    ASSERT_EQ(dump(parse(copy, again)), dump(program)) << text;
  }
}

TEST(Mutation, DamagedProgramsNeverCrashTheFrontEnd) {
  const std::vector<SourceFile> files = read_golden_files();
  ASSERT_FALSE(files.empty());
  const grammar::Grammar full = grammar::full_grammar();
  for (uint32_t seed = 0; seed < kMutants; ++seed) {
    const SourceFile& base = files[seed % files.size()];
    const std::string other = grammar::Sampler(full, seed).text("program", 24);
    const bool golden = seed % 4 != 0;
    run_front_end(Mutator(seed).mutate(golden ? std::string(base.text()) : other,
                                       golden ? other : std::string(base.text())));
    if (testing::Test::HasFatalFailure()) FAIL() << "seed " << seed;
  }
}

TEST(Mutation, LongCallChainsDoNotExhaustTheStack) {
  std::string text;
  for (int i = 0; i < 5000; ++i)
    text += "def f" + std::to_string(i) + "(int a) { return f" + std::to_string(i + 1) + "(a); }\n";
  run_front_end(text + "def f5000(int a) { return a; }\nx = f0(1);\n");
}

}  // namespace
}  // namespace placewright::lang
