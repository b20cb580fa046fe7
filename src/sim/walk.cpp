// SPDX-License-Identifier: Apache-2.0
#include "sim/walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace placewright::sim {

namespace {

/// How often Legion maps the operations of a trace before it replays them, as the plug-in counts.
constexpr int kTimesCaptured = 2;

/// Points are mapped slice by slice, and there is a slice for each processor.
std::vector<size_t> mapping_order(const std::vector<PointPlace>& places) {
  std::vector<size_t> order(places.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t point) { return places[point].target; });
  return order;
}

}  // namespace

void Walk::fill(const Cursor&, uint32_t requirement) {
  coherence_->fill(data_->used_by(requirement));
}

Tracing Walk::tracing(const Cursor& cursor, const workload::Launch& launch) {
  if (!cursor.is_traced) return Tracing::None;
  return ++times_traced_[launch.task] <= kTimesCaptured ? Tracing::Captured : Tracing::Replayed;
}

tl::expected<void, decide::Refusal> Walk::launch(Cursor& cursor, const workload::Launch& launch) {
  model_->set_tracing(tracing(cursor, launch));
  const auto begun = mapping_->begin(launch, cursor.place);
  if (!begun) return tl::unexpected(begun.error());
  auto places = mapping_->place(*begun);
  if (!places) return tl::unexpected(std::move(places).error());
  const std::vector<ActivityId> after = results(cursor, launch);
  std::vector<ActivityId> ends;
  std::vector<Cursor> nested;
  for (const size_t i : mapping_order(*places)) {
    const size_t instances = instances_->all().size();
    auto mapped = mapping_->map(*begun, i, std::move((*places)[i]));
    if (!mapped) return tl::unexpected(std::move(mapped).error());
    const ActivityId start =
        add_mapping(launch.points[i], *mapped, instances_->all().size() - instances,
                    admit(launch, *mapped, cursor.start));
    auto point = add_point(launch, i, *mapped, after, start);
    if (!point) return tl::unexpected(std::move(point).error());
    ends.push_back(*point);
    if (launch.points[i].program) {
      nested.push_back({*launch.points[i].program, mapped->place.target, *point});
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
  launched(cursor, std::move(ends));
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
  auto work = work_of(task, mapped);
  if (!work) return tl::unexpected(std::move(work).error());
  work->priority = mapped.priority;
  after.push_back(start);
  const ActivityId activity = timeline().add(*work, std::move(after));
  Label label{.kind = Label::Kind::Task, .of = {mapped.task, -1}, .place = mapped.place.target};
  label.place.ordinal = mapped.place.processors.front();
  labels_->set(activity, label);
  for (const InstanceUse& use : mapped.uses) coherence_->use(use, activity);
  return activity;
}

ActivityId Walk::add_mapping(const workload::PointTask& task, const MappedPoint& mapped,
                             size_t new_instances, ActivityId start) {
  const decide::ProcessorPlace& target = mapped.place.target;
  const size_t arguments = recording().argument_lists[task.arguments].size();
  const auto work = model_->mapping(target.node, arguments, new_instances);
  if (!work) return start;
  const ActivityId activity = timeline().add(*work, {start});
  labels_->set(activity, {.kind = Label::Kind::Runtime, .of = {mapped.task, -1}, .place = target});
  return activity;
}

tl::expected<Work, decide::Refusal> Walk::work_of(const workload::PointTask& task,
                                                  const MappedPoint& mapped) {
  const auto& [target, processors] = std::pair(mapped.place.target, mapped.place.processors);
  if (task.cost)
    return model_->task(recording().costs[*task.cost], mapped.arguments, target, processors);
  if (!needs_costs_ || task.program || mapped.variant->inner) return Work{};
  const auto seconds = measured_->of(mapped, *instances_);
  if (seconds) {
    ++measured_tasks_;
    return model_->measured_task(*seconds, target, processors);
  }
  return tl::unexpected(
      decide::Refusal{fmt::format("what task `{}` takes is unknown: {}",
                                  recording().workload.tasks[mapped.task].name, seconds.error())});
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
