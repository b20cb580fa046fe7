// SPDX-License-Identifier: Apache-2.0
// A process that maps and runs tasks in random order, driven by the decision core as the plug-in is
// (src/legion/holding.cpp, src/legion/instances.cpp), and what must hold in every order. Time passes
// only where nothing else can happen.
#pragma once

#include <random>
#include <set>

#include "decide/instance_limits.h"
#include "decide/memory_contents.h"
#include "decide/obtain.h"
#include "decide/waiting_tasks.h"
#include "simulated_memories.h"

namespace placewright::decide {

struct SimulatedArgument {
  uint32_t tree = 0;
  machine::Privilege privilege = machine::Privilege::ReadOnly;
  bool collective = false;
  bool collects = false;              ///< A CollectMemory rule holds.
  std::vector<FieldId> used;          ///< Fields that the task uses, ascending.
  std::vector<FieldId> fields;        ///< Fields of an instance made for it, ascending.
  machine::LaunchDomain needed;       ///< Points that the task uses.
  machine::LaunchDomain made;         ///< Points of an instance made for it.
  std::vector<Memory> memories;       ///< Its list, best first.
  std::vector<MemoryChoice> choices;  ///< One per memory; the layout is number % kLayouts.
};
inline constexpr int kLayouts = 3;

struct SimulatedTask {
  Waiter waiter;  ///< The task's id is its number in the list.
  LaunchInfo launch;
  bool is_shard = false;
  bool is_leaf = true;
  bool shares_first = false;  ///< The first argument stands for several that share an instance.
  uint32_t kind = 0;
  int limit = 0;  ///< InstanceLimit of the kind; 0 means none.
  std::vector<SimulatedArgument> arguments;
  std::chrono::milliseconds duration{};
};

class SimulatedProcess {
 public:
  struct Options {
    size_t attempts_at_once = 1;
    /// No task is tried before all older ones of its parent have been.
    bool tries_in_order = false;
  };
  SimulatedProcess(std::vector<Memory> memories, std::vector<SimulatedTask> tasks, Options options,
                   uint32_t seed);
  /// Until all tasks have ended or one was refused; fails the test if something does not hold.
  void run();
  /// An instance that stays.
  void fill(uint64_t memory, uint64_t bytes);

  [[nodiscard]] size_t mapped() const;
  [[nodiscard]] bool has_refused() const { return refused_; }
  [[nodiscard]] size_t waits() const { return waits_; }
  [[nodiscard]] size_t reuses() const { return reuses_; }
  [[nodiscard]] size_t fallbacks() const { return fallbacks_; }

 private:
  using Time = WaitingTasks::Time;
  struct Attempt {
    size_t task = 0;
    std::vector<uint64_t> chosen = {};  ///< Instances of the arguments so far, acquired.
    std::vector<uint64_t> made = {};
    /// Instances with data of each argument when the attempt began; some may have gone.
    std::vector<std::vector<std::pair<uint64_t, SimulatedInstance>>> valid = {};
  };
  enum class Stage { Unmapped, BeingMapped, Running, Ended };
  struct Progress {
    Stage stage = Stage::Unmapped;
    Time until{};                       ///< It sleeps or runs until then.
    std::vector<uint64_t> instances{};  ///< Those of a running task.
    bool is_watched = false;
    size_t attempts = 0;
    size_t polls = 0;
    bool polled_last = false;
    uint64_t changes_at_wait = 0;
  };
  struct Held {
    HeldTask task;
    std::vector<uint64_t> made;
  };

  // The clock and the moves.
  [[nodiscard]] bool is_over() const;
  [[nodiscard]] bool may_start(size_t task) const;
  [[nodiscard]] bool is_ready(size_t task) const;
  void start(size_t task);
  void step(size_t attempt);
  void end_due_tasks();
  void end(size_t task);
  void delete_unused_trees();
  [[nodiscard]] bool advance_clock();
  [[nodiscard]] size_t draw(size_t count) { return random_() % count; }

  // What the plug-in does.
  [[nodiscard]] bool may_wait(size_t task) const;
  [[nodiscard]] static LimitedTask limited(size_t task) { return {0, task, {}}; }
  void tidy();
  [[nodiscard]] bool must_yield(size_t task, uint64_t memory);
  [[nodiscard]] bool hold(size_t task);
  [[nodiscard]] std::vector<uint64_t> claims(size_t task) const;
  void give_back(Attempt& attempt);
  void map(Attempt& attempt);
  [[nodiscard]] bool map_argument(Attempt& attempt);
  [[nodiscard]] std::optional<uint64_t> obtain(Attempt& attempt, const Argument& argument,
                                               Obtaining& obtaining);
  [[nodiscard]] std::optional<uint64_t> make(Attempt& attempt, const Argument& argument,
                                             const UsableMemory& where, uint64_t& bytes);
  void keep_data(const SimulatedArgument& argument, uint64_t instance);

  // What must hold.
  void check_reuse(const SimulatedArgument& argument, const UsableMemory& where, uint64_t instance);
  void check_retry(size_t task);
  void check_refusal(const SimulatedArgument& argument, size_t task, bool is_worth_waiting);
  void check_usage() const;

  SimulatedMemories memories_;
  std::vector<SimulatedTask> tasks_;
  Options options_;
  std::mt19937 random_;
  Time now_{};
  std::vector<Progress> progress_;
  std::vector<Attempt> attempts_;
  WaitingTasks waiting_;
  MemoryContents contents_;
  InstanceLimits limits_;
  std::map<uint32_t, int> admitted_;  ///< By kind: what limits_ should count.
  std::map<size_t, Held> held_;
  uint64_t first_waits_ = 0;
  size_t waits_ = 0;
  size_t reuses_ = 0;
  size_t fallbacks_ = 0;
  bool refused_ = false;
};

}  // namespace placewright::decide
