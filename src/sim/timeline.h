// SPDX-License-Identifier: Apache-2.0
// Activities on engines and shared links along one time axis, by events: what the virtual GPU driver
// (virtual_gpu/timeline.h) does with threads and a clock. An activity arrives when those before it have
// ended. In a stream it then waits for those that arrived earlier to end. It starts when its engines are
// free, by priority and in the order in which activities got in line for them; then its duration passes,
// then what flows in it flows (timing/flows.h), and at least its least time passes meanwhile.
// docs/simulator.md has the rules. Knows no task and no machine.
#pragma once

#include <bit>
#include <cstdint>
#include <deque>
#include <optional>
#include <queue>
#include <span>
#include <utility>
#include <vector>

#include "sim/lists.h"
#include "sim/work.h"
#include "timing/flows.h"

namespace placewright::sim {

class Timeline {
 public:
  [[nodiscard]] EngineId add_engine();
  [[nodiscard]] StreamId add_stream();
  /// `after`: activities that were added before; duplicates and kNoActivity are ignored.
  ActivityId add(const Work& work, std::vector<ActivityId> after);
  [[nodiscard]] size_t size() const { return activities_.size(); }
  /// What is added later takes longer or shorter, each by a factor of its own from 1 - part to 1 + part.
  void vary(uint64_t seed, double part) {
    seed_ = seed;
    part_ = part;
  }

  /// Runs everything that was added; call it once. Ties are decided by the order of addition.
  void run();
  [[nodiscard]] double start(ActivityId activity) const { return activities_[activity].start; }
  [[nodiscard]] double end(ActivityId activity) const { return activities_[activity].end; }
  /// The one that ended when it began: what it waited for longest. kNoActivity: it began at 0.
  [[nodiscard]] ActivityId cause(ActivityId activity) const { return activities_[activity].cause; }
  /// The one of `any_of` that it ran on, if it had some.
  [[nodiscard]] std::optional<EngineId> taken(ActivityId activity) const {
    const Activity& each = activities_[activity];
    return each.any_of.count > 0 ? std::optional(each.taken) : std::nullopt;
  }
  /// When those before each activity had ended.
  [[nodiscard]] std::vector<double> ready_times() const;

 private:
  struct Flowing {
    double amount;
    double most_per_second;
    Part links;
  };
  static constexpr uint32_t kNoStream = UINT32_MAX;
  struct Activity {
    double duration_s = 0;
    double least_s = 0;
    double start = 0;
    double end = 0;
    Part flows, engines, any_of;
    uint32_t stream = kNoStream;
    int32_t priority = 0;
    uint32_t left = 0;  ///< So many end before it arrives; then its flows and least time not over.
    uint32_t next_end = 0;  ///< Where its part of next_ ends, and that of the one after it begins.
    EngineId taken = 0;     ///< The one of any_of that it runs on.
    ActivityId cause = kNoActivity;
  };
  struct Hash {
    uint64_t operator()(EngineId engine) const { return engine; }
    uint64_t operator()(const EngineUse& use) const {
      return use.engine ^ std::bit_cast<uint64_t>(use.share);
    }
    uint64_t operator()(const Passage& passage) const {
      return reinterpret_cast<uintptr_t>(passage.link) ^ std::bit_cast<uint64_t>(passage.part);
    }
  };
  struct Engine {
    double used = 0;  ///< Shares of the activities in it, at most 1.
    std::deque<ActivityId> line;
  };
  enum class Phase : uint8_t { DurationOver, PartOver, Ready };
  struct Event {
    double time;
    Phase phase;
    ActivityId activity;
    /// Ends come before what begins at the same time.
    bool operator>(const Event& other) const {
      const bool begins = phase == Phase::Ready, other_begins = other.phase == Phase::Ready;
      if (time != other.time) return time > other.time;
      if (begins != other_begins) return begins;
      return activity > other.activity;
    }
  };

  void order_edges();
  [[nodiscard]] bool comes_before_flows() const;
  void handle(const Event& event);
  void arrive(ActivityId activity, double time);
  void enter(ActivityId activity, double time);
  [[nodiscard]] bool try_begin(ActivityId activity, double time);
  void serve(EngineId engine, double time);
  void join_line(EngineId engine, ActivityId activity);
  void leave_line(EngineId engine, ActivityId activity);
  void begin_parts(ActivityId activity, double time);
  void end_part(ActivityId activity, double time);
  void finish(ActivityId activity, double time);

  std::vector<Activity> activities_;
  std::vector<Flowing> all_flows_;
  Lists<Passage, Hash> links_;
  Lists<EngineUse, Hash> uses_;
  Lists<EngineId, Hash> choices_;
  std::vector<std::pair<ActivityId, ActivityId>> edges_;  ///< Earlier and later; until it runs.
  std::vector<ActivityId> next_;                          ///< Who waits, by the earlier one.
  std::vector<Engine> engines_;
  std::vector<std::deque<ActivityId>> streams_;  ///< What arrived and has not ended.
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  Flows flows_;
  std::vector<ActivityId> flowing_;  ///< By the number of the flow.
  uint64_t seed_ = 0;
  double part_ = 0;
  ActivityId finishing_ = kNoActivity;  ///< What begins now was in line for what this one had.
};

}  // namespace placewright::sim
