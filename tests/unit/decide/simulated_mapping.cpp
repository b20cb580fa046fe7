// SPDX-License-Identifier: Apache-2.0
// The plug-in's part of a simulated process: instances for the arguments of a task, and what happens
// to a task that finds every memory full.
#include <gtest/gtest.h>

#include <algorithm>

#include "decide/folded_data.h"
#include "simulated_process.h"

namespace placewright::decide {
namespace {

/// The instances with valid data of one argument, as they were when the attempt began.
struct ValidInstances final : Store {
  explicit ValidInstances(const std::vector<std::pair<uint64_t, SimulatedInstance>>& list)
      : valid(&list) {}
  [[nodiscard]] const SimulatedInstance& get(InstanceId id) const { return (*valid)[id].second; }
  [[nodiscard]] uint64_t memory(InstanceId id) const override { return get(id).memory; }
  [[nodiscard]] bool is_normal(InstanceId id) const override { return !get(id).is_reduction; }
  [[nodiscard]] bool has_fields(InstanceId id, std::span<const FieldId> fields) const override {
    return get(id).has_fields(fields);
  }
  [[nodiscard]] machine::LaunchDomain bounds(InstanceId id) const override {
    return get(id).bounds;
  }
  [[nodiscard]] bool entails(InstanceId id, int choice) const override {
    return get(id).layout == choice % kLayouts;
  }
  const std::vector<std::pair<uint64_t, SimulatedInstance>>* valid;
};

Argument describe(const SimulatedArgument& argument, size_t index) {
  Argument result;
  result.index = static_cast<int>(index);
  result.privilege = argument.privilege;
  result.collective = argument.collective;
  result.dim = argument.needed.dim();
  result.reduction = argument.privilege == machine::Privilege::Reduce ? 1 : 0;
  result.fields = argument.used;
  return result;
}

std::vector<UsableMemory> usable(const SimulatedArgument& argument) {
  std::vector<UsableMemory> list;
  for (size_t i = 0; i < argument.memories.size(); ++i)
    list.push_back({&argument.choices[i], argument.memories[i]});
  return list;
}

}  // namespace

bool SimulatedProcess::may_wait(size_t task) const {
  return decide::may_wait(tasks_[task].launch, tasks_[task].is_shard);
}

void SimulatedProcess::tidy() {
  for (const uint64_t memory : contents_.take_due()) {
    std::vector<uint64_t> gone;
    for (const uint64_t instance : contents_.instances(memory)) {
      if (!memories_.exists(instance)) gone.push_back(instance);
    }
    contents_.checked(memory, gone);
  }
}

bool SimulatedProcess::must_yield(size_t task, uint64_t memory) {
  if (!may_wait(task)) return false;
  const Waiter& waiter = tasks_[task].waiter;
  const bool yields = waiting_.must_yield(waiter, {&memory, 1});
  if (!yields) return false;
  const auto claims = [&](size_t other) {
    const Waiter& older = tasks_[other].waiter;
    const bool is_unmapped =
        progress_[other].stage == Stage::Unmapped || progress_[other].stage == Stage::BeingMapped;
    return is_unmapped && progress_[other].attempts > 0 && older.parent == waiter.parent &&
           older.index < waiter.index;
  };
  bool has_older = false;
  for (size_t other = 0; other < tasks_.size(); ++other) has_older |= claims(other);
  EXPECT_TRUE(has_older) << "task " << task << " yields to nobody";
  return true;
}

bool SimulatedProcess::map_argument(Attempt& attempt) {
  const size_t index = attempt.chosen.size();
  const SimulatedTask& task = tasks_[attempt.task];
  const SimulatedArgument& described = task.arguments[index];
  const Argument argument = describe(described, index);
  const std::vector<UsableMemory> list = usable(described);
  const ValidInstances store(attempt.valid[index]);
  const auto count = static_cast<InstanceId>(store.valid->size());
  const bool is_shared = task.shares_first && index == 0;
  Obtaining obtaining = is_shared ? Obtaining(argument, list)
                                  : Obtaining(argument, list, store, count, described.needed);
  const auto instance = obtain(attempt, argument, obtaining);
  if (!instance) return false;
  attempt.chosen.push_back(*instance);
  return true;
}

std::optional<uint64_t> SimulatedProcess::obtain(Attempt& attempt, const Argument& argument,
                                                 Obtaining& obtaining) {
  const auto index = static_cast<size_t>(argument.index);
  const SimulatedArgument& described = tasks_[attempt.task].arguments[index];
  size_t full = 0;  // So many memories of the list had no room.
  while (const auto action = obtaining.next()) {
    // No memory of the list is skipped.
    EXPECT_EQ(action->where->memory.id, described.memories[full].id);
    if (action->kind == Action::Kind::Reuse) {
      const uint64_t instance = attempt.valid[index][action->instance].first;
      if (!memories_.acquire(instance)) continue;
      check_reuse(described, *action->where, instance);
      ++reuses_;
      return instance;
    }
    uint64_t bytes = 0;
    const auto made = make(attempt, argument, *action->where, bytes);
    if (made) {
      EXPECT_EQ(obtaining.shortage().has_value(), full > 0);
      fallbacks_ += full > 0 ? 1 : 0;
      return made;
    }
    obtaining.no_room(bytes);
    ++full;
  }
  EXPECT_EQ(full, described.memories.size());
  if (obtaining.is_worth_waiting() && hold(attempt.task)) return std::nullopt;
  refused_ = true;
  check_refusal(described, attempt.task, obtaining.is_worth_waiting());
  return std::nullopt;
}

std::optional<uint64_t> SimulatedProcess::make(Attempt& attempt, const Argument& argument,
                                               const UsableMemory& where, uint64_t& bytes) {
  const SimulatedArgument& described =
      tasks_[attempt.task].arguments[static_cast<size_t>(argument.index)];
  SimulatedInstance wanted;
  wanted.memory = where.memory.id;
  wanted.tree = described.tree;
  wanted.fields = described.fields;
  wanted.bounds = described.made;
  wanted.is_reduction = argument.privilege == machine::Privilege::Reduce;
  wanted.layout = where.choice->number % kLayouts;
  const bool tight = where.choice->request.tight;
  std::optional<uint64_t> result;
  const Making how = how_to_make(argument, must_yield(attempt.task, where.memory.id));
  if (how == Making::Nothing) return std::nullopt;
  if (how != Making::MakeOwn) result = memories_.find(wanted, tight);
  if (result || how == Making::Find) return result;
  bytes = wanted.bytes();
  result = memories_.make(wanted);
  if (!result) return std::nullopt;
  contents_.made(*result, where.memory, bytes, tasks_[attempt.task].kind,
                 static_cast<unsigned>(argument.index));
  attempt.made.push_back(*result);
  return result;
}

std::vector<uint64_t> SimulatedProcess::claims(size_t task) const {
  std::vector<uint64_t> claims;
  for (const SimulatedArgument& argument : tasks_[task].arguments)
    add_claims(usable(argument), claims);
  return claims;
}

bool SimulatedProcess::hold(size_t task) {
  if (!may_wait(task)) return false;
  Progress& own = progress_[task];
  first_waits_ += held_.contains(task) ? 0 : 1;
  const auto progress = waiting_.wait(tasks_[task].waiter, claims(task), now_);
  held_[task].task = {progress.changes, progress.yields};
  const WaitDecision decision = decide_wait(progress, Patience());
  own.changes_at_wait = progress.changes;
  own.polled_last = decision == WaitDecision::Poll;
  if (decision == WaitDecision::Poll) {
    ++own.polls;
    own.until = now_ + Patience().pause;
  }
  ++waits_;
  return decision != WaitDecision::GiveUp;
}

void SimulatedProcess::give_back(Attempt& attempt) {
  for (const uint64_t instance : attempt.chosen) memories_.release(instance);
  const SimulatedTask& task = tasks_[attempt.task];
  if (task.limit > 0) {
    EXPECT_TRUE(limits_.finished(limited(attempt.task)));
    --admitted_[task.kind];
  }
  Held& held = held_.at(attempt.task);
  held.made.insert(held.made.end(), attempt.made.begin(), attempt.made.end());
  if (held.task.yields) {
    for (const uint64_t instance : held.made) memories_.delete_if_unneeded(instance);
    std::erase_if(held.made, [&](uint64_t instance) { return !memories_.exists(instance); });
  }
  progress_[attempt.task].stage = Stage::Unmapped;
}

void SimulatedProcess::map(Attempt& attempt) {
  const SimulatedTask& task = tasks_[attempt.task];
  for (size_t i = 0; i < task.arguments.size(); ++i)
    keep_data(task.arguments[i], attempt.chosen[i]);
  held_.erase(attempt.task);
  (void)waiting_.served(task.waiter.task, now_);
  Progress& own = progress_[attempt.task];
  own.is_watched = contents_.is_tight() && task.is_leaf && may_wait(attempt.task);
  if (own.is_watched) waiting_.started(task.waiter.task);
  own.stage = Stage::Running;
  own.instances = attempt.chosen;
  own.until = now_ + task.duration;
}

void SimulatedProcess::keep_data(const SimulatedArgument& argument, uint64_t instance) {
  const Memory& last = argument.memories.back();
  SimulatedInstance& own = memories_.at(instance);
  const bool is_in_the_way = own.memory == last.id && contents_.is_crowded(last, own.bytes());
  const bool is_collected = decide_collection(argument.privilege, argument.collects, is_in_the_way,
                                              false, false) == Collection::Collect;
  // What a task reads or writes has no pending folds after it; what it writes is nowhere else.
  for (const uint64_t other : memories_.of_tree(argument.tree)) {
    SimulatedInstance& each = memories_.at(other);
    if (argument.privilege == machine::Privilege::ReadWrite ||
        (argument.privilege == machine::Privilege::ReadOnly && each.is_reduction))
      each.holds_data = false;
  }
  if (!is_collected) own.holds_data = true;
}

}  // namespace placewright::decide
