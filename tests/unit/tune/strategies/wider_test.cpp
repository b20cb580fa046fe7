// SPDX-License-Identifier: Apache-2.0
#include "tune/strategies/wider.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "circuit_workload.h"
#include "tune/mapping_writer.h"
#include "workload/candidate.h"

namespace placewright::tune {
namespace {

/// Proposes one mapping and has nothing left.
class Short : public Strategy {
 public:
  explicit Short(const SearchSpace& space) : space_(space) {}
  std::string_view name() const override { return "short"; }
  void begin(const Start& start) override { begun_ = start.assignment; }
  Result<std::optional<Proposal>> ask() override {
    if (std::exchange(asked_, true)) return std::nullopt;
    return Proposal{"Task * CPU;", begun_ == space_.defaults() ? "first" : "again"};
  }
  void tell(const Proposal&, const Verdict&) override {}

 private:
  const SearchSpace& space_;
  Assignment begun_;
  bool asked_ = false;
};

class WiderTest : public testing::Test {
 protected:
  WiderTest() : space_(circuit_workload(), circuit_workload().machine) {}
  std::unique_ptr<Strategy> made(bool cheap, uint64_t seed = 1) {
    const StrategyMaker inner = [](const SearchSpace& space,
                                   uint64_t) -> Result<std::unique_ptr<Strategy>> {
      return std::make_unique<Short>(space);
    };
    auto strategy = *make_wider(inner)(space_, seed);
    Start start;
    start.assignment = space_.defaults();
    start.cheap = cheap;
    strategy->begin(start);
    return strategy;
  }
  /// What it proposes, told as `verdict`.
  static std::optional<Proposal> next(Strategy& strategy, const Verdict& verdict = {}) {
    auto proposal = *strategy.ask();
    if (proposal) strategy.tell(*proposal, verdict);
    return proposal;
  }
  SearchSpace space_;
};

TEST_F(WiderTest, EndsWithItsStrategyWhereCandidatesAreDear) {
  const auto strategy = made(false);
  EXPECT_EQ(next(*strategy)->move, "first");
  EXPECT_FALSE(next(*strategy));
  EXPECT_EQ(strategy->name(), "short");
}

TEST_F(WiderTest, GoesOnWithSeveralChangesAtOnce) {
  const auto strategy = made(true);
  EXPECT_EQ(next(*strategy)->move, "first");
  std::set<std::string> different;
  for (int i = 0; i < 100; ++i) different.insert(next(*strategy)->mapping);
  EXPECT_GT(different.size(), 20U);
}

TEST_F(WiderTest, IsDeterministicForASeed) {
  const auto one = made(true), same = made(true), other = made(true, 2);
  int equal = 0;
  for (int i = 0; i < 20; ++i) {
    const auto expected = next(*one)->mapping;
    EXPECT_EQ(next(*same)->mapping, expected);
    equal += next(*other)->mapping == expected;
  }
  EXPECT_LT(equal, 5);
}

/// Proposes that the first task runs on the CPU, and nothing else.
class FirstOnCpu : public Strategy {
 public:
  explicit FirstOnCpu(const SearchSpace& space) : space_(space) {}
  std::string_view name() const override { return "first on CPU"; }
  void begin(const Start&) override {}
  Result<std::optional<Proposal>> ask() override {
    if (std::exchange(asked_, true)) return std::nullopt;
    return Proposal{write_mapping(space_, assignment(space_)), "CPU"};
  }
  void tell(const Proposal&, const Verdict&) override {}

  static size_t knob(const SearchSpace& space) {
    const auto found = std::ranges::find_if(space.knobs(), [](const Knob& each) {
      return each.is<machine::ProcessorKind>() && !each.fixed && each.choices.size() > 1;
    });
    return static_cast<size_t>(found - space.knobs().begin());
  }
  /// The defaults with the other kind of processor.
  static Assignment assignment(const SearchSpace& space) {
    Assignment changed = space.defaults();
    changed[knob(space)] = 1 - changed[knob(space)];
    return changed;
  }

 private:
  const SearchSpace& space_;
  bool asked_ = false;
};

TEST_F(WiderTest, AChoiceThatFailedAloneIsNotDrawnAgain) {
  const StrategyMaker inner = [](const SearchSpace& space,
                                 uint64_t) -> Result<std::unique_ptr<Strategy>> {
    return std::make_unique<FirstOnCpu>(space);
  };
  const size_t knob = FirstOnCpu::knob(space_);
  for (const Status status : {Status::Ok, Status::Timeout}) {
    const auto strategy = *make_wider(inner)(space_, 1);
    Start start;
    start.assignment = space_.defaults();
    start.cheap = true;
    strategy->begin(start);
    Verdict verdict;
    verdict.evaluation.status = status;
    verdict.evaluation.mapping = (*strategy->ask())->mapping;
    strategy->tell({verdict.evaluation.mapping, "CPU"}, verdict);
    int on_cpu = 0;
    for (int i = 0; i < 100; ++i) {
      const auto proposal = *strategy->ask();
      strategy->tell(*proposal, {});
      const workload::Candidate candidate = workload::compile_candidate(
          "wide.mapping", proposal->mapping, space_.workload(), space_.machine());
      const Assignment drawn = space_.nearest(candidate.decisions);
      on_cpu += drawn[knob] != space_.defaults()[knob] ? 1 : 0;
    }
    EXPECT_EQ(on_cpu > 0, status == Status::Ok) << on_cpu;
  }
}

TEST_F(WiderTest, WhatNoKnobSaysStays) {
  const auto strategy =
      *make_wider([](const SearchSpace& space, uint64_t) -> Result<std::unique_ptr<Strategy>> {
        return std::make_unique<Short>(space);
      })(space_, 1);
  Start start;
  start.assignment = space_.defaults();
  start.incumbent.mapping = "InstanceLimit calc 3;\n";
  start.cheap = true;
  strategy->begin(start);
  (void)next(*strategy);
  for (int i = 0; i < 20; ++i)
    EXPECT_THAT(next(*strategy)->mapping, testing::HasSubstr("InstanceLimit calc 3;"));
}

TEST_F(WiderTest, ANewIncumbentIsWhereItsStrategyBeginsAgain) {
  const auto strategy = made(true);
  (void)next(*strategy);
  const auto drawn = *strategy->ask();
  EXPECT_NE(drawn->move, "first");
  Verdict better;
  better.accepted = true;
  better.evaluation.mapping = drawn->mapping;
  strategy->tell(*drawn, better);
  EXPECT_EQ(next(*strategy)->move, "again");
}

}  // namespace
}  // namespace placewright::tune
