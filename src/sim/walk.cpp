// SPDX-License-Identifier: Apache-2.0
#include "sim/walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace placewright::sim {

using workload::Operation;

namespace {

/// Points are mapped slice by slice, and there is a slice for each processor.
std::vector<size_t> mapping_order(const std::vector<PointPlace>& places) {
  std::vector<size_t> order(places.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t point) { return places[point].target; });
  return order;
}

}  // namespace

tl::expected<void, decide::Refusal> Walk::run(size_t most_passes) {
  const size_t main = main_loop();
  Cursor top{recording_->program, std::nullopt, kNoActivity, {}};
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
size_t Walk::main_loop() const {
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

bool Walk::is_over(const Cursor& cursor) const {
  return cursor.loop == recording_->programs[cursor.program].size();
}

void Walk::move_on(Cursor& cursor) {
  const workload::Loop& loop = recording_->programs[cursor.program][cursor.loop];
  if (++cursor.operation < loop.body.size()) return;
  cursor.operation = 0;
  if (++cursor.pass < loop.count) return;
  cursor.pass = 0;
  ++cursor.loop;
}

tl::expected<void, decide::Refusal> Walk::step(Cursor& cursor) {
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
  }
  return {};
}

tl::expected<void, decide::Refusal> Walk::launch(Cursor& cursor, const workload::Launch& launch) {
  const auto begun = mapping_->begin(launch, cursor.place);
  if (!begun) return tl::unexpected(begun.error());
  auto places = mapping_->place(*begun);
  if (!places) return tl::unexpected(std::move(places).error());
  std::vector<ActivityId> results = {cursor.start};
  for (const uint32_t back : launch.uses_results)
    results.push_back(cursor.launched[cursor.launched.size() - back]);
  std::vector<ActivityId> ends;
  std::vector<Cursor> nested;
  for (const size_t i : mapping_order(*places)) {
    auto mapped = mapping_->map(*begun, i, std::move((*places)[i]));
    if (!mapped) return tl::unexpected(std::move(mapped).error());
    const ActivityId start = admit(launch, *mapped, cursor.start);
    auto point = add_point(launch, i, *mapped, results, start);
    if (!point) return tl::unexpected(std::move(point).error());
    ends.push_back(*point);
    if (launch.points[i].program) {
      nested.push_back({*launch.points[i].program, mapped->place.target, *point, {}});
      // The next one of its task on this processor comes after all that it launches.
      if (mapped->limit > 0) {
        auto nested_end = run_together(std::exchange(nested, {}));
        if (!nested_end) return tl::unexpected(std::move(nested_end).error());
        ends.push_back(nested_end->front());
      }
    }
    finished(launch, *mapped, ends.back());
  }
  if (!nested.empty()) {
    auto nested_ends = run_together(std::move(nested));
    if (!nested_ends) return tl::unexpected(std::move(nested_ends).error());
    ends.insert(ends.end(), nested_ends->begin(), nested_ends->end());
  }
  const ActivityId end = ends.size() == 1 ? ends.front() : barrier(std::move(ends));
  cursor.launched.push_back(end);
  cursor.open.push_back(end);
  return {};
}

tl::expected<ActivityId, decide::Refusal> Walk::add_point(const workload::Launch& launch,
                                                          size_t number, const MappedPoint& mapped,
                                                          std::vector<ActivityId> after,
                                                          ActivityId start) {
  const workload::PointTask& task = launch.points[number];
  for (const InstanceUse& use : mapped.uses) {
    const std::vector<ActivityId> needed = coherence_->prepare(use, start);
    after.insert(after.end(), needed.begin(), needed.end());
  }
  Work work;
  if (task.cost) {
    work = model_->task(recording_->costs[*task.cost], mapped.arguments, mapped.place.target.kind,
                        mapped.place.processors);
  } else if (!task.program && !mapped.variant->inner) {
    return tl::unexpected(decide::Refusal{fmt::format(
        "what task `{}` takes is unknown: its application states no cost", launch.task)});
  }
  after.push_back(start);
  const ActivityId activity = timeline_->add(std::move(work), std::move(after));
  labels_->set(activity, {Label::Kind::Task, mapped.task});
  for (const InstanceUse& use : mapped.uses) coherence_->use(use, activity);
  return activity;
}

tl::expected<std::vector<ActivityId>, decide::Refusal> Walk::run_together(
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

/// In the order in which they are mapped: who ends first is not known yet.
ActivityId Walk::admit(const workload::Launch& launch, const MappedPoint& mapped,
                       ActivityId start) {
  if (mapped.limit == 0) return start;
  const std::vector<ActivityId>& ends = limited_[{launch.task, mapped.place.target}];
  const auto limit = static_cast<size_t>(mapped.limit);
  if (ends.size() < limit) return start;
  return barrier({start, ends[ends.size() - limit]});
}

void Walk::finished(const workload::Launch& launch, const MappedPoint& mapped, ActivityId end) {
  if (mapped.limit > 0) limited_[{launch.task, mapped.place.target}].push_back(end);
}

}  // namespace placewright::sim
