// SPDX-License-Identifier: Apache-2.0
#include "explore/step_finder.h"

#include <gmock/gmock.h>

#include <map>

namespace placewright::explore {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = LaunchEvent::Kind;

/// "a": a launch of task a; "a2": the same over a domain of 2; "[1": a trace begins, "]1": it ends.
LaunchEvent event(const std::string& word) {
  LaunchEvent result;
  if (word[0] == '[' || word[0] == ']') {
    result.kind = word[0] == '[' ? Kind::TraceBegin : Kind::TraceEnd;
    result.family = result.shape = add_to_hash(0, word);
    return result;
  }
  result.name = word.substr(0, 1);
  result.family = add_to_hash(1, result.name);
  result.shape = add_to_hash(2, word);
  return result;
}

class Program {
 public:
  explicit Program(std::string first_task = "") : finder(std::move(first_task)) {}
  Program& run(const std::vector<std::string>& words, int times = 1) {
    for (int i = 0; i < times; ++i) {
      for (const std::string& word : words) {
        if (finder.add(event(word))) starts.push_back(word);
        ++events;
        if (finder.block() != nullptr && found_at == 0) found_at = events;
      }
    }
    return *this;
  }
  StepFinder finder;
  std::vector<std::string> starts;  ///< What each step begins with.
  int events = 0;
  int found_at = 0;
};

TEST(StepFinder, FindsALoopAfterThreeRepetitions) {
  Program program;
  program.run({"x", "y"}).run({"a", "b", "c"}, 20);
  ASSERT_NE(program.finder.block(), nullptr);
  EXPECT_THAT(program.finder.block()->tasks, ElementsAre("a", "b", "c"));
  EXPECT_EQ(program.finder.block()->first, "a");
  EXPECT_EQ(program.finder.block()->before, 2U);
  EXPECT_EQ(program.finder.block()->changes, 0U);
  EXPECT_LE(program.found_at, 2 + 3 * 5);
  EXPECT_EQ(program.starts, std::vector<std::string>(program.starts.size(), "a"));
  // A step begins with the first repetition after the block was found, and each one after it.
  EXPECT_EQ(static_cast<int>(program.starts.size()), 20 - program.found_at / 3);
}

TEST(StepFinder, NoLoopNoBlock) {
  Program program;
  for (char c = 'a'; c <= 'z'; ++c) program.run({std::string(1, c)});
  EXPECT_EQ(program.finder.block(), nullptr);
  EXPECT_THAT(program.starts, IsEmpty());
}

TEST(StepFinder, TwoRepetitionsAreNoLoop) {
  Program program;
  program.run({"a", "b", "c", "d", "e", "f", "g", "h"}, 2);
  EXPECT_EQ(program.finder.block(), nullptr);
}

TEST(StepFinder, StepsBeginWithTheirTrace) {
  Program program;
  program.run({"x"}).run({"p", "[1", "a", "a", "]1", "q"}, 20);
  ASSERT_NE(program.finder.block(), nullptr);
  EXPECT_EQ(program.finder.block()->traces, 1);
  EXPECT_EQ(program.starts, std::vector<std::string>(program.starts.size(), "[1"));
  EXPECT_GE(program.starts.size(), 14U);
}

TEST(StepFinder, NoStepBeginsInsideATrace) {
  // One trace around four iterations: the block is the whole trace.
  Program program;
  program.run({"[1", "a", "b", "a", "b", "a", "b", "a", "b", "]1"}, 12);
  EXPECT_EQ(program.starts, std::vector<std::string>(program.starts.size(), "[1"));
  EXPECT_GE(program.starts.size(), 6U);
}

TEST(StepFinder, EqualLaunchesAreToldApartByWhatComesBefore) {
  Program program;
  program.run({"a", "a", "a", "b"}, 20);
  ASSERT_NE(program.finder.block(), nullptr);
  const size_t steps = program.starts.size();
  EXPECT_GE(steps, 14U);
  program.run({"a"});
  EXPECT_EQ(program.starts.size(), steps + 1);
  program.run({"a", "a", "b"});
  EXPECT_EQ(program.starts.size(), steps + 1);
}

TEST(StepFinder, RareLaunchesBelongToTheirStep) {
  Program program;
  for (int ten = 0; ten < 10; ++ten) program.run({"a", "b", "c"}, 10).run({"o"});
  ASSERT_NE(program.finder.block(), nullptr);
  EXPECT_EQ(program.finder.block()->number, 1);
  EXPECT_GE(program.finder.block()->steps, 90U);
  // The step with the output differs from its neighbours.
  EXPECT_GE(program.finder.block()->changes, 16U);
}

TEST(StepFinder, SlowlyChangingDomainsAreOneLoop) {
  Program program;
  for (int size = 10; size < 40; ++size)
    program.run({"a" + std::to_string(size), "b" + std::to_string(size)}, 10);
  ASSERT_NE(program.finder.block(), nullptr);
  EXPECT_EQ(program.finder.block()->number, 1);
  EXPECT_GE(program.finder.block()->steps, 290U);
}

TEST(StepFinder, DomainsThatChangeInEveryStepAreNoticed) {
  Program program;
  for (int size = 100; size < 400; ++size)
    program.run({"a" + std::to_string(size), "b" + std::to_string(size)});
  ASSERT_NE(program.finder.block(), nullptr);
  EXPECT_GE(program.finder.block()->changes, 100U);
}

TEST(StepFinder, StepsThatDifferInDomainsOnlyAreOneEach) {
  Program program;
  program.run({"a1", "b", "a2", "b", "a3", "b"}, 20);
  ASSERT_NE(program.finder.block(), nullptr);
  EXPECT_THAT(program.finder.block()->tasks, ElementsAre("a", "b"));
}

TEST(StepFinder, TwoLoopsAreTwoBlocks) {
  Program program;
  program.run({"a", "b"}, 50).run({"c", "d", "e"}, 60);
  ASSERT_NE(program.finder.block(), nullptr);
  EXPECT_EQ(program.finder.block()->number, 2);
  EXPECT_THAT(program.finder.block()->tasks, ElementsAre("c", "d", "e"));
}

TEST(StepFinder, AnotherLoopMayContainTheSameFirstLaunch) {
  Program program;
  program.run({"a", "b", "c"}, 50).run({"d", "a", "e", "f"}, 60);
  ASSERT_NE(program.finder.block(), nullptr);
  EXPECT_EQ(program.finder.block()->number, 2);
  EXPECT_EQ(program.finder.block()->tasks.size(), 4U);
}

TEST(StepFinder, ANamedTaskBeginsSteps) {
  Program program("b");
  program.run({"x"}).run({"[1", "a", "b", "]1"}, 4);
  ASSERT_NE(program.finder.block(), nullptr);
  EXPECT_THAT(program.starts, ElementsAre("[1", "[1", "[1"));
  Program untraced("b");
  untraced.run({"a", "b", "c", "c"}, 4);
  EXPECT_THAT(untraced.starts, ElementsAre("b", "b", "b"));
}

TEST(StepFinder, BlocksOfThousandsOfLaunches) {
  std::vector<std::string> words;
  for (int i = 0; i < 2000; ++i) words.push_back("a" + std::to_string(i * i / 7));
  words.front() = "s";
  Program program;
  program.run(words, 8);
  ASSERT_NE(program.finder.block(), nullptr);
  EXPECT_EQ(program.finder.block()->tasks.size(), 2000U);
  EXPECT_EQ(program.starts, std::vector<std::string>(program.starts.size(), "s"));
}

TEST(StepFinder, TheHashIsThatOfAllEvents) {
  Program one, same, other;
  one.run({"a", "b"}, 5);
  same.run({"a", "b"}, 5);
  other.run({"a", "b"}, 4).run({"b", "a"});
  EXPECT_EQ(one.finder.hash(), same.finder.hash());
  EXPECT_NE(one.finder.hash(), other.finder.hash());
}

}  // namespace
}  // namespace placewright::explore
