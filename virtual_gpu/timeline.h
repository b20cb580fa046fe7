// SPDX-License-Identifier: Apache-2.0
// Streams, events and engines on one time axis: what the virtual GPUs do instead of computing.
//
// An operation in a stream starts when its predecessor *should* have ended, the event it waits for
// has happened and the engines it needs are free. It ends when its own duration has passed and what
// flows in it has flowed (flows.h), or when its work has returned if that takes longer. Ends are absolute times, so a thread that wakes up late neither
// delays what is queued nor changes who gets an engine: everything that became due meanwhile is
// processed in chronological order. If the program was notified late of an end, what it queues in
// response counts as queued earlier by the same amount, but never before an end that it was told of
// or a time that it has read: no window that the program times is shorter than its operations.
// Bandwidths, memories and CUDA's names are not known here.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <vector>

#include "timing/flows.h"

namespace placewright::vgpu {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Clock::duration;

class Stream;

/// A resource that operations occupy in order of arrival: a compute engine, a copy direction, a bus.
struct Engine {
  Time freed_at{};           ///< When an operation last left it.
  double used = 0;           ///< Shares of the operations in it, at most 1.
  std::deque<Stream*> line;  ///< Streams whose front operation waits for it.
};

/// A part of an engine.
struct Use {
  Use(Engine* of, double part = 1) : engine(of), share(part) {}
  Engine* engine;
  double share;  ///< Above 0, at most 1.
};

/// One recording of an event: happens when everything before it in its stream has ended.
class Marker {
 public:
  [[nodiscard]] bool done() const { return done_.load(std::memory_order_acquire); }
  /// When it should have happened; meaningful once done.
  [[nodiscard]] Time end() const { return end_; }

 private:
  friend class Timeline;
  int parts_ = 1;  ///< Streams that have not reached it yet.
  Time end_{};
  std::atomic<bool> done_{false};
  std::condition_variable happened_;
  std::vector<Stream*> waiting_;
};

using MarkerPtr = std::shared_ptr<Marker>;

struct Operation {
  Duration duration{};         ///< Passes before anything flows.
  Duration least{};            ///< What follows takes at least this, whatever flows.
  std::vector<Demand> flows;   ///< In units of wall-clock seconds.
  std::vector<Use> engines;    ///< All of them are occupied from start to end.
  std::function<void()> work;  ///< Called on a driver thread, without locks.
  MarkerPtr wait_for;
  MarkerPtr signal;
};

/// A queue of operations. Owned by its creator; destroyed through Timeline::destroy.
class Stream {
 public:
  explicit Stream(int device) : device_(device) {}
  [[nodiscard]] int device() const { return device_; }

 private:
  friend class Timeline;
  struct Queued {
    Operation operation;
    Time queued_at;
    std::uint64_t order;
  };
  std::deque<Queued> queue_;
  Time now_{};             ///< When the last operation whose time is over should have ended.
  Time ready_at_{};        ///< When the front operation could start but for its engines.
  std::size_t parts_ = 0;  ///< Flows and the least time that are not over.
  bool running_ = false;   ///< The front operation has started, or is in line for its engines.
  bool timing_ = false;    ///< ... and its time is not over.
  bool working_ = false;   ///< ... and its work has not returned.
  bool waiting_ = false;   ///< The front operation waits for a marker.
  bool deserted_ = false;  ///< Destroyed by the user, to be deleted when empty.
  bool ready_ = false;     ///< Whether the stream is in Timeline::ready_.
  int device_;
};

/// How late operations ended compared with their due times, in seconds.
struct Lateness {
  std::uint64_t count = 0;
  double sum_s = 0;
  double worst_s = 0;
};

/// What the program measures with the clock.
struct Measured {
  std::uint64_t readings = 0;  ///< Odd: a window is open.
  Duration windows{};          ///< From each odd reading to the next one.
};

class Timeline {
 public:
  /// Starts `threads` driver threads; they live as long as the process.
  explicit Timeline(int threads);
  Timeline(const Timeline&) = delete;
  Timeline& operator=(const Timeline&) = delete;

  void enqueue(Stream& stream, Operation operation);
  /// Lets the stream finish its queued operations, then deletes it.
  void destroy(Stream* stream);
  /// A marker that happens when all these streams have finished their current operations.
  [[nodiscard]] MarkerPtr record(const std::vector<Stream*>& streams);
  /// Waits until the marker has happened or `limit` has passed; returns whether it has happened.
  bool wait(const MarkerPtr& marker, Duration limit = Duration::max());
  [[nodiscard]] Lateness lateness();
  /// The time for the program's own measurements. Nothing that it queues later counts as queued
  /// before this.
  [[nodiscard]] Time read_clock();
  [[nodiscard]] Measured measured();
  /// The program waited for this time without the timeline: a modelled CPU task has ended, a message
  /// has arrived.
  void reached(Time time);

 private:
  struct Deadline {
    Time end;
    std::uint64_t order;
    Stream* stream;
    bool is_part;  ///< It ends the least time; else the duration before the flows.
    bool operator>(const Deadline& other) const {
      return end != other.end ? end > other.end : order > other.order;
    }
  };
  struct Job {
    Stream* stream;
    std::function<void()> work;
  };

  void serve();
  void run_job(std::unique_lock<std::mutex>& lock);
  void push(Stream& stream, Operation operation);
  void catch_up();
  [[nodiscard]] static Time earliest_start(const Stream& stream);
  [[nodiscard]] std::vector<Stream*>::iterator next_ready();
  void advance(Stream& stream);
  [[nodiscard]] Time next_end();
  void end_next(Time now);
  void start_front(Stream& stream);
  [[nodiscard]] static bool can_begin(const Stream& stream);
  void begin_front(Stream& stream);
  void begin_parts(Stream& stream, Time time);
  void end_part(Stream& stream, Time time, Time now);
  void end_time(Stream& stream, Time time);
  void leave_engines(Stream& stream, Time time);
  void push_deadline(Stream& stream, Time end, bool is_part);
  void note(Time due, Time now);
  void finish_front(Stream& stream);
  void make_ready(Stream& stream);
  void call_for_a_thread();
  void reach(Marker& marker, Time end);
  void tell(Time due);
  [[nodiscard]] Time program_time() const;

  std::mutex mutex_;
  std::condition_variable leader_wake_;    ///< For the one thread that watches the deadlines.
  std::condition_variable follower_wake_;  ///< For the threads that wait for jobs.
  bool has_leader_ = false;
  int idle_followers_ = 0;
  Time leader_until_{};  ///< When the leader looks again by itself.
  std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines_;
  Flows flows_;
  std::map<Flows::Id, Stream*> flowing_;
  std::deque<Job> jobs_;
  std::vector<Stream*> ready_;    ///< Streams whose front operation may be able to start.
  std::uint64_t next_order_ = 0;  ///< Next number for queued operations and deadlines.
  Lateness lateness_;
  Time told_{};      ///< When the program was last notified of an end ...
  Time told_due_{};  ///< ... and when the last end that it knows was due.
  Time read_{};      ///< The last reading of the clock.
  Measured measured_;
};

}  // namespace placewright::vgpu
