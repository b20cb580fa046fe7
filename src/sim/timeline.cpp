// SPDX-License-Identifier: Apache-2.0
#include "sim/timeline.h"

#include <algorithm>

namespace placewright::sim {
namespace {

/// How far a sum of shares may be from 1 by rounding.
constexpr double kRounding = 1e-9;

/// A number from 0 to 1 that follows from two others.
/// Source: Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators (SplitMix64).
double uniform(uint64_t seed, uint64_t number) {
  uint64_t mixed = seed + (number + 1) * 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  mixed ^= mixed >> 31;
  return static_cast<double>(mixed >> 11) / static_cast<double>(uint64_t{1} << 53);
}

}  // namespace

EngineId Timeline::add_engine() {
  engines_.emplace_back();
  return static_cast<EngineId>(engines_.size() - 1);
}

StreamId Timeline::add_stream() {
  streams_.emplace_back();
  return static_cast<StreamId>(streams_.size() - 1);
}

ActivityId Timeline::add(const Work& work, std::vector<ActivityId> after) {
  const auto number = static_cast<ActivityId>(activities_.size());
  const double factor = part_ > 0 ? 1 + part_ * (2 * uniform(seed_, number) - 1) : 1;
  Activity& activity = activities_.emplace_back();
  activity.duration_s = factor * work.duration_s;
  activity.least_s = factor * work.least_s;
  activity.flows = {static_cast<uint32_t>(all_flows_.size()),
                    static_cast<uint32_t>(work.flows.size())};
  for (const Demand& flow : work.flows)
    all_flows_.push_back({factor * flow.amount, flow.most_per_second, links_.add(flow.links)});
  activity.engines = uses_.add(work.engines);
  activity.any_of = choices_.add(work.any_of);
  activity.stream = work.stream.value_or(kNoStream);
  activity.priority = work.priority;
  std::ranges::sort(after);
  after.erase(std::unique(after.begin(), after.end()), after.end());
  if (!after.empty() && after.back() == kNoActivity) after.pop_back();
  activity.left = static_cast<uint32_t>(after.size());
  for (const ActivityId earlier : after) edges_.emplace_back(earlier, number);
  return number;
}

/// By the earlier activity; those of one are in their order already.
void Timeline::order_edges() {
  for (const auto& [earlier, later] : edges_) ++activities_[earlier].next_end;
  uint32_t sum = 0;
  for (Activity& activity : activities_) {
    const uint32_t count = activity.next_end;
    activity.next_end = sum;
    sum += count;
  }
  next_.resize(edges_.size());
  for (const auto& [earlier, later] : edges_) next_[activities_[earlier].next_end++] = later;
  edges_ = {};
}

std::vector<double> Timeline::ready_times() const {
  std::vector<double> times(activities_.size());
  size_t at = 0;
  for (const Activity& each : activities_)
    for (; at < each.next_end; ++at) times[next_[at]] = std::max(times[next_[at]], each.end);
  return times;
}

void Timeline::run() {
  order_edges();
  for (ActivityId activity = 0; activity < activities_.size(); ++activity)
    if (activities_[activity].left == 0) events_.push({0, Phase::Ready, activity});
  for (;;) {
    if (!comes_before_flows()) {
      const auto flow = flows_.next_end();
      if (events_.empty() && !flow) return;
      const bool flow_first =
          flow && (events_.empty() || flow->first < events_.top().time ||
                   (flow->first == events_.top().time && events_.top().phase == Phase::Ready));
      if (flow_first) {
        flows_.end_next();
        end_part(flowing_[flow->second], flow->first);
        continue;
      }
    }
    const Event event = events_.top();
    events_.pop();
    handle(event);
  }
}

/// Whether the next event comes before the end of any flow, whatever the rates: what begins at the same
/// time is shared out once.
bool Timeline::comes_before_flows() const {
  return !events_.empty() && events_.top().phase != Phase::Ready &&
         events_.top().time <= flows_.last_change();
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
  const StreamId stream = activities_[number].stream;
  if (stream != kNoStream) {
    streams_[stream].push_back(number);
    if (streams_[stream].front() != number) return;
  }
  enter(number, time);
}

/// Gets in line for the engines.
void Timeline::enter(ActivityId number, double time) {
  const Activity& activity = activities_[number];
  for (const EngineUse& use : uses_.of(activity.engines)) join_line(use.engine, number);
  for (const EngineId engine : choices_.of(activity.any_of)) join_line(engine, number);
  (void)try_begin(number, time);
}

/// Begins the activity if it is its turn in all lines and there is room for it.
bool Timeline::try_begin(ActivityId number, double time) {
  Activity& activity = activities_[number];
  const auto uses = uses_.of(activity.engines);
  const auto any_of = choices_.of(activity.any_of);
  const auto is_first = [&](EngineId engine) { return engines_[engine].line.front() == number; };
  for (const EngineUse& use : uses)
    if (!is_first(use.engine) || engines_[use.engine].used + use.share > 1 + kRounding)
      return false;
  if (!any_of.empty()) {
    const auto free = std::ranges::find_if(
        any_of, [&](EngineId engine) { return is_first(engine) && engines_[engine].used == 0; });
    if (free == any_of.end()) return false;
    activity.taken = *free;
    engines_[*free].used = 1;
    for (const EngineId engine : any_of) leave_line(engine, number);
  }
  for (const EngineUse& use : uses) {
    engines_[use.engine].line.pop_front();
    engines_[use.engine].used += use.share;
  }
  activity.start = time;
  if (finishing_ != kNoActivity) activity.cause = finishing_;
  events_.push({time + activity.duration_s, Phase::DurationOver, number});
  // It was in line for others, which are somebody else's turn now.
  for (const EngineId engine : any_of)
    if (engine != activity.taken) serve(engine, time);
  return true;
}

void Timeline::join_line(EngineId engine, ActivityId activity) {
  std::deque<ActivityId>& line = engines_[engine].line;
  auto place = line.end();
  while (place != line.begin() &&
         activities_[*(place - 1)].priority < activities_[activity].priority)
    --place;
  line.insert(place, activity);
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
  activity.left = activity.flows.count;
  if (activity.least_s > 0) {
    ++activity.left;
    events_.push({time + activity.least_s, Phase::PartOver, number});
  }
  const std::span flows = std::span(all_flows_).subspan(activity.flows.begin, activity.flows.count);
  for (const Flowing& flow : flows) {
    flows_.begin(time, flow.amount, flow.most_per_second, links_.of(flow.links));
    flowing_.push_back(number);
  }
  if (activity.left == 0) finish(number, time);
}

void Timeline::end_part(ActivityId activity, double time) {
  if (--activities_[activity].left == 0) finish(activity, time);
}

void Timeline::finish(ActivityId number, double time) {
  Activity& activity = activities_[number];
  activity.end = time;
  finishing_ = number;
  const auto uses = uses_.of(activity.engines);
  for (const EngineUse& use : uses)
    engines_[use.engine].used = std::max(0.0, engines_[use.engine].used - use.share);
  if (activity.any_of.count > 0) engines_[activity.taken].used = 0;
  const uint32_t first = number == 0 ? 0 : activities_[number - 1].next_end;
  for (uint32_t i = first; i < activity.next_end; ++i) {
    Activity& later = activities_[next_[i]];
    if (--later.left > 0) continue;
    later.cause = number;
    events_.push({time, Phase::Ready, next_[i]});
  }
  if (activity.stream != kNoStream) {
    std::deque<ActivityId>& stream = streams_[activity.stream];
    stream.pop_front();
    if (!stream.empty()) enter(stream.front(), time);
  }
  for (const EngineUse& use : uses) serve(use.engine, time);
  if (activity.any_of.count > 0) serve(activity.taken, time);
  finishing_ = kNoActivity;
}

}  // namespace placewright::sim
