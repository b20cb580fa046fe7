// SPDX-License-Identifier: Apache-2.0
#include "legion/program_order.h"

#include <placewright/virtual_gpu.h>

namespace placewright::legion {

using workload::Operation;

namespace {

template <class Results, class Result>
auto find(const Results& results, const Result& result) {
  const auto found = results.find(result);
  return found == results.end() ? nullptr : &found->second;
}

}  // namespace

/// The program of a task. Only the top-level task's reads the clock: others run beside each other.
ProgramOrder::Program& ProgramOrder::open(const Legion::Task& task) {
  Program& program = programs_[task.get_unique_id()];
  if (task.get_depth() == 0) {
    top_ = task.get_unique_id();
    note_clock(program);
  }
  return program;
}

void ProgramOrder::note_clock(Program& program) {
  for (const uint64_t now = virtual_gpu_measured().readings; readings_ < now; ++readings_)
    program.marks.push_back({program.launches, {Operation::Kind::Clock, 0}});
}

void ProgramOrder::launching(const Legion::Task& parent,
                             const std::vector<Legion::Future>& results) {
  const std::lock_guard lock(mutex_);
  Program& program = open(parent);
  for (const Legion::Future& result : results) {
    const Source* source = find(results_, result);
    if (source == nullptr || source->parent != parent.get_unique_id() || source->launch == 0)
      continue;
    program.uses_results[program.launches].push_back(
        static_cast<uint32_t>(program.launches + 1 - source->launch));
  }
}

void ProgramOrder::launched(const Legion::Task& parent, const Legion::Future& result) {
  const std::lock_guard lock(mutex_);
  const uint64_t number = ++programs_[parent.get_unique_id()].launches;
  if (result.exists()) results_[result] = {parent.get_unique_id(), number};
}

void ProgramOrder::launched(const Legion::Task& parent, const Legion::FutureMap& results) {
  const std::lock_guard lock(mutex_);
  const uint64_t number = ++programs_[parent.get_unique_id()].launches;
  if (results.exists()) result_maps_[results] = {parent.get_unique_id(), number};
}

void ProgramOrder::fenced(const Legion::Task& parent, const Legion::Future& end) {
  const std::lock_guard lock(mutex_);
  Program& program = open(parent);
  program.marks.push_back({program.launches, {Operation::Kind::Fence, 0}});
  if (end.exists()) results_[end] = {parent.get_unique_id(), 0};
}

void ProgramOrder::waits(const Legion::Task& task, const Legion::Future& result) {
  const std::lock_guard lock(mutex_);
  waits(task, find(results_, result));
}

void ProgramOrder::waits(const Legion::Task& task, const Legion::FutureMap& results) {
  const std::lock_guard lock(mutex_);
  waits(task, find(result_maps_, results));
}

void ProgramOrder::waits(const Legion::Task& task, const Source* source) {
  if (source == nullptr || source->parent != task.get_unique_id()) return;
  Program& program = open(task);
  const uint64_t back = source->launch == 0 ? 0 : program.launches + 1 - source->launch;
  program.marks.push_back({program.launches, {Operation::Kind::Wait, static_cast<uint32_t>(back)}});
}

void ProgramOrder::ended() {
  const std::lock_guard lock(mutex_);
  if (const auto top = programs_.find(top_); top != programs_.end()) note_clock(top->second);
}

ProgramOrder::Program ProgramOrder::program(Legion::UniqueID task) const {
  const std::lock_guard lock(mutex_);
  const auto found = programs_.find(task);
  return found == programs_.end() ? Program() : found->second;
}

}  // namespace placewright::legion
