// SPDX-License-Identifier: Apache-2.0
#include "sim/timeline.h"

#include <algorithm>

namespace placewright::sim {
namespace {

/// How far a sum of shares may be from 1 by rounding.
constexpr double kRounding = 1e-9;

}  // namespace

EngineId Timeline::add_engine() {
  engines_.emplace_back();
  return static_cast<EngineId>(engines_.size() - 1);
}

StreamId Timeline::add_stream() {
  streams_.emplace_back();
  return static_cast<StreamId>(streams_.size() - 1);
}

ActivityId Timeline::add(Work work, std::vector<ActivityId> after) {
  const auto number = static_cast<ActivityId>(activities_.size());
  Activity& activity = activities_.emplace_back();
  activity.work = std::move(work);
  std::ranges::sort(after);
  after.erase(std::unique(after.begin(), after.end()), after.end());
  if (!after.empty() && after.back() == kNoActivity) after.pop_back();
  activity.waits = static_cast<uint32_t>(after.size());
  for (const ActivityId earlier : after) activities_[earlier].next.push_back(number);
  return number;
}

void Timeline::run() {
  for (ActivityId activity = 0; activity < activities_.size(); ++activity)
    if (activities_[activity].waits == 0) events_.push({0, Phase::Ready, activity});
  for (;;) {
    const auto flow = flows_.next_end();
    if (events_.empty() && !flow) return;
    const bool flow_first =
        flow && (events_.empty() || flow->first < events_.top().time ||
                 (flow->first == events_.top().time && events_.top().phase == Phase::Ready));
    if (flow_first) {
      flows_.end_next();
      const auto owner = flowing_.extract(flow->second);
      end_part(owner.mapped(), flow->first);
      continue;
    }
    const Event event = events_.top();
    events_.pop();
    handle(event);
  }
}

void Timeline::handle(const Event& event) {
  switch (event.phase) {
    case Phase::DurationOver:
      begin_parts(event.activity, event.time);
      break;
    case Phase::PartOver:
      end_part(event.activity, event.time);
      break;
    case Phase::Ready:
      arrive(event.activity, event.time);
      break;
  }
}

/// Everything before the activity has ended.
void Timeline::arrive(ActivityId number, double time) {
  const std::optional<StreamId> stream = activities_[number].work.stream;
  if (stream) {
    streams_[*stream].push_back(number);
    if (streams_[*stream].front() != number) return;
  }
  enter(number, time);
}

/// Gets in line for the engines.
void Timeline::enter(ActivityId number, double time) {
  const Work& work = activities_[number].work;
  for (const EngineUse& use : work.engines) engines_[use.engine].line.push_back(number);
  for (const EngineId engine : work.any_of) engines_[engine].line.push_back(number);
  (void)try_begin(number, time);
}

/// Begins the activity if it is its turn in all lines and there is room for it.
bool Timeline::try_begin(ActivityId number, double time) {
  Activity& activity = activities_[number];
  const Work& work = activity.work;
  const auto is_first = [&](EngineId engine) { return engines_[engine].line.front() == number; };
  for (const EngineUse& use : work.engines)
    if (!is_first(use.engine) || engines_[use.engine].used + use.share > 1 + kRounding)
      return false;
  if (!work.any_of.empty()) {
    const auto free = std::ranges::find_if(work.any_of, [&](EngineId engine) {
      return is_first(engine) && engines_[engine].used == 0;
    });
    if (free == work.any_of.end()) return false;
    activity.taken = *free;
    engines_[*free].used = 1;
    for (const EngineId engine : work.any_of) leave_line(engine, number);
  }
  for (const EngineUse& use : work.engines) {
    engines_[use.engine].line.pop_front();
    engines_[use.engine].used += use.share;
  }
  activity.start = time;
  if (finishing_ != kNoActivity) activity.cause = finishing_;
  events_.push({time + work.duration_s, Phase::DurationOver, number});
  // It was in line for others, which are somebody else's turn now.
  for (const EngineId engine : work.any_of)
    if (engine != activity.taken) serve(engine, time);
  return true;
}

void Timeline::leave_line(EngineId engine, ActivityId activity) {
  std::deque<ActivityId>& line = engines_[engine].line;
  line.erase(std::ranges::find(line, activity));
}

/// Begins what waits in an engine's line, as far as there is room.
void Timeline::serve(EngineId engine, double time) {
  while (!engines_[engine].line.empty() && try_begin(engines_[engine].line.front(), time)) {
  }
}

void Timeline::begin_parts(ActivityId number, double time) {
  Activity& activity = activities_[number];
  activity.parts = static_cast<uint32_t>(activity.work.flows.size());
  if (activity.work.least_s > 0) {
    ++activity.parts;
    events_.push({time + activity.work.least_s, Phase::PartOver, number});
  }
  for (Demand& demand : activity.work.flows)
    flowing_.emplace(flows_.begin(time, std::move(demand)), number);
  if (activity.parts == 0) finish(number, time);
}

void Timeline::end_part(ActivityId activity, double time) {
  if (--activities_[activity].parts == 0) finish(activity, time);
}

void Timeline::finish(ActivityId number, double time) {
  Activity& activity = activities_[number];
  activity.end = time;
  finishing_ = number;
  const Work work = std::move(activity.work);
  for (const EngineUse& use : work.engines)
    engines_[use.engine].used = std::max(0.0, engines_[use.engine].used - use.share);
  if (!work.any_of.empty()) engines_[activity.taken].used = 0;
  for (const ActivityId later : activity.next)
    if (--activities_[later].waits == 0) {
      activities_[later].cause = number;
      events_.push({time, Phase::Ready, later});
    }
  if (work.stream) {
    std::deque<ActivityId>& stream = streams_[*work.stream];
    stream.pop_front();
    if (!stream.empty()) enter(stream.front(), time);
  }
  for (const EngineUse& use : work.engines) serve(use.engine, time);
  if (!work.any_of.empty()) {
    const EngineId taken = activity.taken;
    serve(taken, time);
  }
  finishing_ = kNoActivity;
}

}  // namespace placewright::sim
