// SPDX-License-Identifier: Apache-2.0
#include "sim/program_order.h"

#include <algorithm>
#include <utility>

namespace placewright::sim {

using workload::Operation;

tl::expected<void, decide::Refusal> ProgramOrder::run(size_t most_passes) {
  const size_t main = main_loop();
  Cursor top{recording_->program, std::nullopt, kNoActivity};
  while (!is_over(top)) {
    const auto [loop, pass] = std::pair(top.loop, top.pass);
    if (auto stepped = step(top); !stepped) return stepped;
    const bool ends_pass = top.loop != loop || top.pass != pass;
    if (ends_pass && loop == main && !top.launched.empty()) passes_.push_back(top.launched.back());
    if (most_passes > 0 && passes_.size() == most_passes) break;
  }
  return {};
}

/// The loop of the top-level task that launches most points in all its passes.
size_t ProgramOrder::main_loop() const {
  const auto points = [&](const workload::Loop& loop) {
    double points = 0;
    for (const uint32_t number : loop.body) {
      const Operation& operation = recording_->operations[number];
      if (operation.kind == Operation::Kind::Launch)
        points += static_cast<double>(recording_->launches[operation.number].points.size());
    }
    return points * static_cast<double>(loop.count);
  };
  const std::vector<workload::Loop>& loops = recording_->programs[recording_->program];
  return static_cast<size_t>(std::ranges::max_element(loops, {}, points) - loops.begin());
}

bool ProgramOrder::is_over(const Cursor& cursor) const {
  return cursor.loop == recording_->programs[cursor.program].size();
}

void ProgramOrder::move_on(Cursor& cursor) {
  const workload::Loop& loop = recording_->programs[cursor.program][cursor.loop];
  if (++cursor.operation < loop.body.size()) return;
  cursor.operation = 0;
  if (++cursor.pass < loop.count) return;
  cursor.pass = 0;
  ++cursor.loop;
}

tl::expected<void, decide::Refusal> ProgramOrder::step(Cursor& cursor) {
  const workload::Loop& loop = recording_->programs[cursor.program][cursor.loop];
  const Operation& operation = recording_->operations[loop.body[cursor.operation]];
  move_on(cursor);
  switch (operation.kind) {
    case Operation::Kind::Launch:
      return launch(cursor, recording_->launches[operation.number]);
    case Operation::Kind::Fence:
      cursor.open.push_back(cursor.start);
      cursor.start = barrier(std::move(cursor.open));
      cursor.open = {cursor.start};
      break;
    case Operation::Kind::Wait: {
      std::vector<ActivityId> ends = {cursor.start};
      if (operation.number == 0) {
        ends.insert(ends.end(), cursor.open.begin(), cursor.open.end());
      } else {
        ends.push_back(cursor.launched[cursor.launched.size() - operation.number]);
      }
      cursor.start = barrier(std::move(ends));
      break;
    }
    case Operation::Kind::Clock:
      clocks_.push_back(cursor.start);
      break;
    case Operation::Kind::Fill:
      fill(cursor, operation.number);
      break;
    case Operation::Kind::BeginTrace:
    case Operation::Kind::EndTrace:
      cursor.is_traced = operation.kind == Operation::Kind::BeginTrace;
      break;
  }
  return {};
}

std::vector<ActivityId> ProgramOrder::results(const Cursor& cursor,
                                              const workload::Launch& launch) {
  std::vector<ActivityId> results = {cursor.start};
  for (const uint32_t back : launch.uses_results)
    results.push_back(cursor.launched[cursor.launched.size() - back]);
  return results;
}

void ProgramOrder::launched(Cursor& cursor, std::vector<ActivityId> ends) {
  const ActivityId end = ends.size() == 1 ? ends.front() : barrier(std::move(ends));
  cursor.launched.push_back(end);
  cursor.open.push_back(end);
}

tl::expected<std::vector<ActivityId>, decide::Refusal> ProgramOrder::run_together(
    std::vector<Cursor> cursors) {
  bool any = true;
  while (any) {
    any = false;
    for (Cursor& cursor : cursors) {
      if (is_over(cursor)) continue;
      if (auto stepped = step(cursor); !stepped) return tl::unexpected(std::move(stepped).error());
      any = true;
    }
  }
  std::vector<ActivityId> ends;
  for (Cursor& cursor : cursors) {
    cursor.open.push_back(cursor.start);
    ends.push_back(barrier(std::move(cursor.open)));
  }
  return ends;
}

}  // namespace placewright::sim
