// SPDX-License-Identifier: Apache-2.0
// The clock, the moves of a simulated process and what must hold after each. The plug-in's part is
// in simulated_mapping.cpp.
#include "simulated_process.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace placewright::decide {

SimulatedProcess::SimulatedProcess(std::vector<Memory> memories, std::vector<SimulatedTask> tasks,
                                   Options options, uint32_t seed)
    : memories_(std::move(memories)),
      tasks_(std::move(tasks)),
      options_(options),
      random_(seed),
      progress_(tasks_.size()) {}

void SimulatedProcess::fill(uint64_t memory, uint64_t bytes) {
  SimulatedInstance instance;
  instance.memory = memory;
  instance.tree = UINT32_MAX;
  instance.fields = {0};
  instance.bounds = {{1, {1}}, {1, {static_cast<int64_t>(bytes)}}};
  const auto made = memories_.make(instance);
  ASSERT_TRUE(made);
  for (const Memory& each : memories_.memories()) {
    if (each.id == memory) contents_.made(*made, each, bytes, UINT32_MAX, 0);
  }
}

void SimulatedProcess::run() {
  // Every attempt but a poll follows a change or is the first, and time passes in polls at most:
  // far fewer moves are needed.
  constexpr size_t kMostMoves = 200'000;
  for (size_t moves = 0; !is_over() && !testing::Test::HasFailure(); ++moves) {
    ASSERT_LT(moves, kMostMoves) << "the process does not come to an end";
    end_due_tasks();
    std::vector<size_t> startable;
    if (attempts_.size() < options_.attempts_at_once) {
      for (size_t task = 0; task < tasks_.size(); ++task) {
        if (may_start(task)) startable.push_back(task);
      }
    }
    const size_t choices = startable.size() + attempts_.size();
    if (choices == 0) {
      ASSERT_TRUE(is_over() || advance_clock()) << "all wait for one another";
      continue;
    }
    if (draw(8) == 0) now_ += std::chrono::microseconds(draw(1000));
    const size_t choice = draw(choices);
    if (choice < startable.size()) {
      start(startable[choice]);
    } else {
      step(choice - startable.size());
    }
    check_usage();
  }
}

bool SimulatedProcess::is_over() const {
  return refused_ || std::all_of(progress_.begin(), progress_.end(),
                                 [](const Progress& each) { return each.stage == Stage::Ended; });
}

size_t SimulatedProcess::mapped() const {
  return static_cast<size_t>(
      std::count_if(progress_.begin(), progress_.end(), [](const Progress& each) {
        return each.stage == Stage::Running || each.stage == Stage::Ended;
      }));
}

bool SimulatedProcess::is_ready(size_t task) const {
  const auto uses = [&](size_t other, uint32_t tree) {
    return std::any_of(tasks_[other].arguments.begin(), tasks_[other].arguments.end(),
                       [&](const SimulatedArgument& each) { return each.tree == tree; });
  };
  for (size_t other = 0; other < task; ++other) {
    const Progress& older = progress_[other];
    const bool is_mapped = older.stage == Stage::Running || older.stage == Stage::Ended;
    const bool is_of_parent = tasks_[other].waiter.parent == tasks_[task].waiter.parent;
    if (options_.tries_in_order && is_of_parent && older.attempts == 0) return false;
    if (is_mapped) continue;
    for (const SimulatedArgument& argument : tasks_[task].arguments) {
      if (uses(other, argument.tree)) return false;
    }
  }
  return true;
}

bool SimulatedProcess::may_start(size_t task) const {
  const Progress& own = progress_[task];
  if (own.stage != Stage::Unmapped || own.until > now_ || !is_ready(task)) return false;
  const auto held = held_.find(task);
  if (held != held_.end() && is_still_held(held->second.task, waiting_.progress(now_)))
    return false;
  const int limit = tasks_[task].limit;
  const auto admitted = admitted_.find(tasks_[task].kind);
  return limit == 0 || admitted == admitted_.end() || admitted->second < limit;
}

void SimulatedProcess::start(size_t task) {
  const SimulatedTask& described = tasks_[task];
  check_retry(task);
  if (described.limit > 0) {
    EXPECT_TRUE(limits_.admit(limited(task), described.kind, described.limit));
    if (++admitted_[described.kind] == described.limit) {
      EXPECT_FALSE(limits_.admit(limited(tasks_.size()), described.kind, described.limit));
    }
  }
  Attempt attempt{task};
  for (const SimulatedArgument& argument : described.arguments) {
    auto& valid = attempt.valid.emplace_back();
    for (const uint64_t id : memories_.of_tree(argument.tree))
      valid.emplace_back(id, memories_.at(id));
    std::shuffle(valid.begin(), valid.end(), random_);
  }
  progress_[task].stage = Stage::BeingMapped;
  ++progress_[task].attempts;
  tidy();
  if (contents_.is_tight() && may_wait(task)) waiting_.begin(described.waiter);
  attempts_.push_back(std::move(attempt));
}

void SimulatedProcess::step(size_t number) {
  Attempt& attempt = attempts_[number];
  const bool goes_on = map_argument(attempt);
  if (goes_on && attempt.chosen.size() < tasks_[attempt.task].arguments.size()) return;
  if (goes_on) {
    map(attempt);
  } else if (!refused_) {
    give_back(attempt);
  }
  attempts_.erase(attempts_.begin() + static_cast<std::ptrdiff_t>(number));
}

void SimulatedProcess::end_due_tasks() {
  std::vector<size_t> due;
  for (size_t task = 0; task < tasks_.size(); ++task) {
    if (progress_[task].stage == Stage::Running && progress_[task].until <= now_)
      due.push_back(task);
  }
  std::shuffle(due.begin(), due.end(), random_);
  for (const size_t task : due) end(task);
}

void SimulatedProcess::end(size_t task) {
  Progress& own = progress_[task];
  own.stage = Stage::Ended;
  for (const uint64_t instance : own.instances) memories_.release(instance);
  delete_unused_trees();
  if (tasks_[task].limit > 0) {
    EXPECT_TRUE(limits_.finished(limited(task)));
    --admitted_[tasks_[task].kind];
  }
  EXPECT_EQ(waiting_.finished(tasks_[task].waiter.task, now_), own.is_watched);
}

/// A program deletes its regions in order: the data of a tree is needed until all its tasks have
/// ended and all that are older than those.
void SimulatedProcess::delete_unused_trees() {
  std::map<uint64_t, uint64_t> first_open;  // By parent: the oldest task that has not ended.
  for (size_t task = tasks_.size(); task-- > 0;) {
    if (progress_[task].stage != Stage::Ended)
      first_open[tasks_[task].waiter.parent] = tasks_[task].waiter.index;
  }
  std::map<uint32_t, bool> is_used;
  for (const SimulatedTask& task : tasks_) {
    const auto open = first_open.find(task.waiter.parent);
    const bool may_be_used = open != first_open.end() && task.waiter.index >= open->second;
    for (const SimulatedArgument& argument : task.arguments) is_used[argument.tree] |= may_be_used;
  }
  for (const auto& [tree, used] : is_used) {
    if (used) continue;
    for (const uint64_t instance : memories_.of_tree(tree)) {
      memories_.at(instance).holds_data = false;
      memories_.delete_if_unneeded(instance);
    }
  }
}

bool SimulatedProcess::advance_clock() {
  std::optional<Time> next;
  for (const Progress& each : progress_) {
    const bool is_pending = each.stage == Stage::Running || each.stage == Stage::Unmapped;
    if (is_pending && each.until > now_ && (!next || each.until < *next)) next = each.until;
  }
  if (!next) return false;
  now_ = *next;
  return true;
}

void SimulatedProcess::check_retry(size_t task) {
  const Progress& own = progress_[task];
  if (own.attempts == 0) return;
  // Only a task that polls is tried again before anything has changed.
  if (!own.polled_last) {
    EXPECT_GT(waiting_.progress(now_).changes, own.changes_at_wait) << "task " << task;
  }
  // It polls every 2 ms until 500 ms have passed since a change, or since a task began to wait.
  constexpr size_t kPollsPerChange = 251;
  EXPECT_LE(own.polls, kPollsPerChange * (waiting_.progress(now_).changes + first_waits_ + 1));
}

void SimulatedProcess::check_reuse(const SimulatedArgument& argument, const UsableMemory& where,
                                   uint64_t instance) {
  const SimulatedInstance& found = memories_.at(instance);
  const bool tight = where.choice->request.tight;
  EXPECT_EQ(found.memory, where.memory.id);
  EXPECT_EQ(found.tree, argument.tree);
  EXPECT_FALSE(found.is_reduction);
  EXPECT_TRUE(found.has_fields(argument.used));
  EXPECT_TRUE(found.has_points(argument.needed, tight));
  EXPECT_EQ(found.layout, where.choice->number % kLayouts);
  EXPECT_NE(argument.privilege, machine::Privilege::Reduce);
  EXPECT_FALSE(argument.collective && argument.privilege == machine::Privilege::ReadWrite);
}

void SimulatedProcess::check_refusal(const SimulatedArgument& argument, size_t task,
                                     bool is_worth_waiting) {
  const uint64_t bytes = static_cast<uint64_t>(argument.made.volume()) * argument.fields.size();
  for (const Memory& memory : argument.memories)
    EXPECT_FALSE(memories_.has_room(memory.id, bytes)) << "memory " << memory.id;
  if (!may_wait(task) || !is_worth_waiting) return;
  const WaitingTasks::Progress now = waiting_.progress(now_);
  EXPECT_EQ(now.in_flight, 0U);
  EXPECT_GT(now.idle, Patience().longest);
  EXPECT_FALSE(waiting_.must_yield(tasks_[task].waiter, claims(task)));
}

/// What is known of a memory is never less than what is in it.
void SimulatedProcess::check_usage() const {
  for (const Memory& memory : memories_.memories()) {
    uint64_t known = 0;
    for (const auto& share : contents_.shares(memory.id)) known += share.bytes;
    EXPECT_GE(known, memories_.used(memory.id)) << "memory " << memory.id;
  }
}

}  // namespace placewright::decide
