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

workload::TaskNumber number_of(const Legion::Task& task) {
  return task.get_depth() == 0 ? 0 : task.get_unique_id();
}

/// The program of a task. Only the top-level task's reads the clock: others run beside each other.
ProgramOrder::Program& ProgramOrder::open(const Legion::Task& task) {
  Program& program = programs_[number_of(task)];
  if (task.get_depth() == 0) note_clock(program);
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
    if (source == nullptr || source->parent != number_of(parent) || source->launch == 0) continue;
    program.uses_results[program.launches].push_back(
        static_cast<uint32_t>(program.launches + 1 - source->launch));
  }
}

void ProgramOrder::launched(const Legion::Task& parent, const Legion::Future& result) {
  const std::lock_guard lock(mutex_);
  const uint64_t number = ++programs_[number_of(parent)].launches;
  if (result.exists()) results_[result] = {number_of(parent), number};
}

void ProgramOrder::launched(const Legion::Task& parent, const Legion::FutureMap& results) {
  const std::lock_guard lock(mutex_);
  const uint64_t number = ++programs_[number_of(parent)].launches;
  if (results.exists()) result_maps_[results] = {number_of(parent), number};
}

void ProgramOrder::fenced(const Legion::Task& parent, const Legion::Future& end) {
  const std::lock_guard lock(mutex_);
  Program& program = open(parent);
  program.marks.push_back({program.launches, {Operation::Kind::Fence, 0}});
  if (end.exists()) results_[end] = {number_of(parent), 0};
}

void ProgramOrder::filled(const Legion::Task& parent, uint32_t requirement) {
  const std::lock_guard lock(mutex_);
  Program& program = open(parent);
  program.marks.push_back({program.launches, {Operation::Kind::Fill, requirement}});
}

void ProgramOrder::traced(const Legion::Task& parent, Operation::Kind kind, Legion::TraceID trace) {
  const std::lock_guard lock(mutex_);
  Program& program = open(parent);
  program.marks.push_back({program.launches, {kind, trace}});
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
  if (source == nullptr || source->parent != number_of(task)) return;
  Program& program = open(task);
  const uint64_t back = source->launch == 0 ? 0 : program.launches + 1 - source->launch;
  program.marks.push_back({program.launches, {Operation::Kind::Wait, static_cast<uint32_t>(back)}});
}

void ProgramOrder::ended() {
  const std::lock_guard lock(mutex_);
  if (const auto top = programs_.find(0); top != programs_.end()) note_clock(top->second);
}

std::map<workload::TaskNumber, ProgramOrder::Program> ProgramOrder::programs() const {
  const std::lock_guard lock(mutex_);
  return programs_;
}

}  // namespace placewright::legion
