// SPDX-License-Identifier: Apache-2.0
// The decision core in random interleavings. Each case runs many seeds; a failure prints its seed.
#include <gtest/gtest.h>

#include <algorithm>

#include "samples.h"
#include "simulated_process.h"

namespace placewright::decide {
namespace {

/// Draws tasks and memories.
class Draw {
 public:
  explicit Draw(uint32_t seed) : random_(seed) {}
  /// From `least` to `most`.
  [[nodiscard]] int64_t number(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(random_() % static_cast<uint64_t>(most - least + 1));
  }
  [[nodiscard]] bool one_in(int64_t count) { return number(1, count) == 1; }
  [[nodiscard]] machine::Privilege privilege() {
    constexpr machine::Privilege kAll[] = {
        machine::Privilege::ReadOnly, machine::Privilege::ReadWrite, machine::Privilege::Reduce};
    return kAll[number(0, 2)];
  }
  /// Some of them in random order, at least one.
  [[nodiscard]] std::vector<Memory> list(std::vector<Memory> memories) {
    std::shuffle(memories.begin(), memories.end(), random_);
    memories.resize(static_cast<size_t>(number(1, static_cast<int64_t>(memories.size()))));
    return memories;
  }
  /// A choice for each memory of a list.
  [[nodiscard]] std::vector<MemoryChoice> choices(const std::vector<Memory>& memories) {
    std::vector<MemoryChoice> result;
    for (const Memory& memory : memories) {
      MemoryChoice& choice = result.emplace_back();
      choice.kind = *memory.kind;
      choice.number = static_cast<int>(number(0, 5));
    }
    return result;
  }

 private:
  std::mt19937 random_;
};

machine::LaunchDomain points(int64_t first, int64_t last) { return {{1, {first}}, {1, {last}}}; }

/// Memories 1, 2, .. of these capacities.
std::vector<Memory> make_memories(const std::vector<uint64_t>& capacities) {
  constexpr MemoryKind kKinds[] = {MemoryKind::FbMem, MemoryKind::ZcMem, MemoryKind::RdMem,
                                   MemoryKind::SysMem};
  std::vector<Memory> memories;
  for (const uint64_t capacity : capacities)
    memories.push_back(make_memory(memories.size() + 1, kKinds[memories.size()], capacity));
  return memories;
}

/// Leaf tasks of one parent, each with data of its own that fits into any of the memories.
std::vector<SimulatedTask> draw_modest_tasks(Draw& draw, const std::vector<Memory>& memories) {
  std::vector<SimulatedTask> tasks(static_cast<size_t>(draw.number(10, 30)));
  uint32_t tree = 0;
  for (size_t i = 0; i < tasks.size(); ++i) {
    SimulatedTask& task = tasks[i];
    task.waiter = {i, 1000, i};
    task.duration = std::chrono::milliseconds(draw.number(0, 20));
    task.kind = static_cast<uint32_t>(draw.number(0, 2));
    task.limit = task.kind == 0 ? 2 : 0;
    auto left = static_cast<int64_t>(memories.front().capacity);
    const int64_t count = draw.number(1, 3);
    for (int64_t argument = 0; argument < count && left > 0; ++argument) {
      const std::vector<Memory> list = draw.list(memories);
      SimulatedArgument& made = task.arguments.emplace_back();
      const int64_t bytes = draw.number(1, left);
      left -= bytes;
      made.tree = tree++;
      made.privilege = draw.privilege();
      made.used = made.fields = {1};
      made.needed = made.made = points(1, bytes);
      made.memories = list;
      made.choices = draw.choices(list);
    }
  }
  return tasks;
}

/// An argument whose list, data and instance are anything.
SimulatedArgument draw_argument(Draw& draw, const std::vector<Memory>& memories) {
  SimulatedArgument argument;
  argument.tree = static_cast<uint32_t>(draw.number(0, 11));
  argument.privilege = draw.privilege();
  argument.collects = draw.one_in(4);
  for (FieldId field = 1; field <= 3; ++field) {
    if (draw.one_in(2)) argument.used.push_back(field);
  }
  if (argument.used.empty()) argument.used = {2};
  argument.fields = {1, 2, 3};
  // A task may have met the tree before it had all its fields.
  if (argument.privilege == machine::Privilege::Reduce || draw.one_in(4))
    argument.fields = argument.used;
  const int64_t first = draw.number(0, 20);
  const int64_t last = first + draw.number(0, 25);
  argument.needed = points(first, last);
  argument.memories = draw.list(memories);
  argument.choices = draw.choices(argument.memories);
  const bool tight = draw.one_in(3);
  for (MemoryChoice& choice : argument.choices) choice.request.tight = tight;
  argument.made = argument.needed;
  if (!tight && draw.one_in(3)) argument.made = points(std::min<int64_t>(first, 5), last + 5);
  return argument;
}

/// Tasks of two parents that share data, some of which may not wait or may launch others.
std::vector<SimulatedTask> draw_any_tasks(Draw& draw, const std::vector<Memory>& memories) {
  std::vector<SimulatedTask> tasks(static_cast<size_t>(draw.number(10, 40)));
  for (size_t i = 0; i < tasks.size(); ++i) {
    SimulatedTask& task = tasks[i];
    // Up to three tasks are points of one launch and have its index.
    task.waiter = {i, 1000 + static_cast<uint64_t>(draw.number(0, 1)), i / 3};
    task.duration = std::chrono::milliseconds(draw.number(0, 20));
    task.kind = static_cast<uint32_t>(draw.number(0, 3));
    task.limit = task.kind < 2 ? static_cast<int>(task.kind) + 1 : 0;
    task.is_leaf = !draw.one_in(2);
    task.is_shard = draw.one_in(20);
    task.launch.must_epoch = draw.one_in(20);
    task.launch.concurrent = draw.one_in(20);
    task.launch.collective = draw.one_in(20);
    task.shares_first = draw.one_in(6);
    const int64_t count = draw.number(1, 3);
    while (static_cast<int64_t>(task.arguments.size()) < count) {
      SimulatedArgument argument = draw_argument(draw, memories);
      argument.collective = task.launch.collective;
      task.arguments.push_back(std::move(argument));
    }
  }
  return tasks;
}

/// What happened in all runs of a case: without that a case would prove nothing.
struct Totals {
  size_t runs = 0, refusals = 0, waits = 0, reuses = 0, fallbacks = 0;
  void add(const SimulatedProcess& process) {
    ++runs;
    refusals += process.has_refused() ? 1 : 0;
    waits += process.waits();
    reuses += process.reuses();
    fallbacks += process.fallbacks();
  }
};

constexpr uint32_t kSeeds = 200;

TEST(Interleavings, TasksThatEachFitAreAllMappedAlthoughDataIsDeletedInProgramOrder) {
  Totals totals;
  for (uint32_t seed = 0; seed < kSeeds && !HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Draw draw(seed);
    std::vector<Memory> memories =
        make_memories(std::vector<uint64_t>(static_cast<size_t>(draw.number(1, 3)), 100));
    std::vector<SimulatedTask> tasks = draw_modest_tasks(draw, memories);
    const size_t count = tasks.size();
    // A quarter of one memory makes the process watch its tasks from the beginning.
    memories.push_back(make_memory(99, MemoryKind::SockMem, 4));
    SimulatedProcess process(
        memories, std::move(tasks),
        {.attempts_at_once = static_cast<size_t>(draw.number(1, 3)), .tries_in_order = true}, seed);
    process.fill(99, 1);
    process.run();
    EXPECT_FALSE(process.has_refused());
    EXPECT_EQ(process.mapped(), count);
    totals.add(process);
  }
  EXPECT_GT(totals.waits, totals.runs);
  EXPECT_GT(totals.fallbacks, totals.runs);
}

TEST(Interleavings, TasksThatShareDataAreMappedOrRefusedForAReason) {
  Totals totals;
  for (uint32_t seed = 0; seed < kSeeds && !HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Draw draw(seed);
    std::vector<uint64_t> capacities(static_cast<size_t>(draw.number(2, 4)));
    for (uint64_t& capacity : capacities) capacity = static_cast<uint64_t>(draw.number(100, 1200));
    std::vector<Memory> memories = make_memories(capacities);
    std::vector<SimulatedTask> tasks = draw_any_tasks(draw, memories);
    const size_t count = tasks.size();
    SimulatedProcess process(memories, std::move(tasks),
                             {.attempts_at_once = static_cast<size_t>(draw.number(1, 4))}, seed);
    process.run();
    EXPECT_EQ(process.mapped() == count, !process.has_refused());
    totals.add(process);
  }
  // Both ends are common, and so is all that leads to them.
  EXPECT_GT(totals.refusals, totals.runs / 20);
  EXPECT_LT(totals.refusals, totals.runs * 19 / 20);
  EXPECT_GT(totals.waits, totals.runs);
  EXPECT_GT(totals.reuses, totals.runs);
  EXPECT_GT(totals.fallbacks, totals.runs);
}

}  // namespace
}  // namespace placewright::decide
