// SPDX-License-Identifier: Apache-2.0
#include "legion/runtime_cost.h"

#include <thread>

namespace placewright::legion {
namespace {

/// How often Legion maps the operations of a trace before it replays them.
constexpr int kTimesCaptured = 2;
/// Launches remembered: far more than Legion lets a program run ahead.
constexpr size_t kMostLaunches = 100'000;

std::pair<Legion::UniqueID, uint64_t> launch_of(const Legion::Mappable& operation) {
  const Legion::Task* parent = operation.get_parent_task();
  return {parent == nullptr ? 0 : parent->get_unique_id(), operation.get_context_index()};
}

}  // namespace

RuntimeCost::RuntimeCost() {
  const MachineTableResult machine = machine_table_from_environment();
  if (!machine.table) return;
  costs_ = machine.table->runtime;
  time_scale_ = machine.table->time_scale;
}

void RuntimeCost::traced(const Legion::Mappable& operation) {
  const Legion::Task* task = operation.as_task();
  if (!costs_ || task == nullptr) return;
  const std::lock_guard lock(mutex_);
  const bool captures = ++times_traced_[task->task_id] <= kTimesCaptured;
  std::set<Launch>& launches = captures ? captured_ : replayed_;
  launches.insert(launch_of(operation));
  if (launches.size() > kMostLaunches) launches.erase(launches.begin());
}

const MachineTable::Runtime::Work& RuntimeCost::work_of(const Legion::Task& task) {
  const Launch launch = launch_of(task);
  const std::lock_guard lock(mutex_);
  if (replayed_.contains(launch)) return costs_->replayed;
  return captured_.contains(launch) ? costs_->captured : costs_->untraced;
}

void RuntimeCost::mapped(const Legion::Task& task, size_t instances, Clock::time_point start) {
  if (!costs_) return;
  const MachineTable::Runtime::Work& work = work_of(task);
  wait_until(start, work.task_s + static_cast<double>(task.regions.size()) * work.argument_s +
                        static_cast<double>(instances) * costs_->instance_s);
}

void RuntimeCost::copied(const Legion::Task& task) {
  if (costs_) wait_until(Clock::now(), work_of(task).copy_s);
}

void RuntimeCost::wait_until(Clock::time_point start, double modelled_seconds) const {
  const std::chrono::duration<double> wall(modelled_seconds * time_scale_);
  std::this_thread::sleep_until(start + std::chrono::duration_cast<Clock::duration>(wall));
}

}  // namespace placewright::legion
