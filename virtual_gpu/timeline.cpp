// SPDX-License-Identifier: Apache-2.0
#include "timeline.h"

#include <sys/prctl.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <type_traits>
#include <utility>

namespace placewright::vgpu {
namespace {

/// True on a driver thread between jobs: it will look at the job queue by itself.
thread_local bool serving = false;

/// How long after an operation's end the program may still be reacting to it.
constexpr std::chrono::milliseconds kAnswerTime{10};

/// How far a sum of shares may be from 1 by rounding.
constexpr double kRounding = 1e-9;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

double seconds(Time time) { return seconds(time.time_since_epoch()); }

/// Rounded up: nothing ends early.
Time to_time(double seconds) {
  return Time(Duration(static_cast<Duration::rep>(std::ceil(seconds * 1e9))));
}
static_assert(std::is_same_v<Duration::period, std::nano>);

}  // namespace

Timeline::Timeline(int threads) {
  for (int i = 0; i < threads; ++i) std::thread([this] { serve(); }).detach();
}

void Timeline::enqueue(Stream& stream, Operation operation) {
  std::lock_guard lock(mutex_);
  push(stream, std::move(operation));
}

void Timeline::destroy(Stream* stream) {
  std::lock_guard lock(mutex_);
  stream->deserted_ = true;
  make_ready(*stream);
  catch_up();
}

MarkerPtr Timeline::record(const std::vector<Stream*>& streams) {
  auto marker = std::make_shared<Marker>();
  marker->parts_ = static_cast<int>(streams.size()) + 1;
  std::lock_guard lock(mutex_);
  for (Stream* stream : streams) push(*stream, Operation{.signal = marker});
  reach(*marker, streams.empty() ? Clock::now() : Time{});
  catch_up();
  return marker;
}

bool Timeline::wait(const MarkerPtr& marker, Duration limit) {
  if (marker->done()) return true;
  std::unique_lock lock(mutex_);
  const auto done = [&] { return marker->done(); };
  if (limit != Duration::max()) return marker->happened_.wait_for(lock, limit, done);
  marker->happened_.wait(lock, done);
  return true;
}

Lateness Timeline::lateness() {
  std::lock_guard lock(mutex_);
  return lateness_;
}

Time Timeline::read_clock() {
  std::lock_guard lock(mutex_);
  catch_up();
  const Time now = program_time();
  if (++measured_.readings % 2 == 0) measured_.windows += now - read_;
  read_ = now;
  return read_;
}

Measured Timeline::measured() {
  std::lock_guard lock(mutex_);
  return measured_;
}

void Timeline::reached(Time time) {
  std::lock_guard lock(mutex_);
  tell(time);
  catch_up();
}

/// Records that the program learns now of an end that was due at `due`.
void Timeline::tell(Time due) {
  told_ = Clock::now();
  told_due_ = std::max(told_due_, due);
}

/// The current time, minus the delay of the last notification if this can be a reaction to it.
Time Timeline::program_time() const {
  const Time now = Clock::now();
  const bool reacts = now - told_ < kAnswerTime;
  return std::max({reacts ? told_due_ + (now - told_) : now, told_due_, read_});
}

/// The loop of a driver thread. One of them, the leader, sleeps until the next operation ends; the
/// others wait for jobs. A leader that takes a job first wakes another thread to take its place.
void Timeline::serve() {
  // Without this a sleep may end 50 us late, to save wake-ups.
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  serving = true;
  std::unique_lock lock(mutex_);
  for (;;) {
    catch_up();
    if (!jobs_.empty()) {
      run_job(lock);
    } else if (has_leader_) {
      ++idle_followers_;
      follower_wake_.wait(lock);
      --idle_followers_;
    } else {
      has_leader_ = true;
      leader_until_ = next_end();
      if (leader_until_ == Time::max()) {
        leader_wake_.wait(lock);
      } else {
        leader_wake_.wait_until(lock, Time(leader_until_));
      }
      has_leader_ = false;
    }
  }
}

void Timeline::run_job(std::unique_lock<std::mutex>& lock) {
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  if (idle_followers_ > 0 && (!has_leader_ || !jobs_.empty())) {
    follower_wake_.notify_one();
  } else if (!jobs_.empty() && has_leader_) {
    // Two jobs may have woken the same follower.
    leader_wake_.notify_one();
  }
  if (!job.stream->timing_) tell(job.stream->now_);
  lock.unlock();
  serving = false;
  job.work();
  job.work = nullptr;
  serving = true;
  lock.lock();
  job.stream->working_ = false;
  if (!job.stream->timing_) finish_front(*job.stream);
  catch_up();
}

void Timeline::push(Stream& stream, Operation operation) {
  stream.queue_.push_back({std::move(operation), program_time(), next_order_++});
  make_ready(stream);
  catch_up();
}

/// Ends and starts everything that is due, in chronological order.
void Timeline::catch_up() {
  const Time now = Clock::now();
  for (;;) {
    const auto next = next_ready();
    const Time end = next_end();
    if (end <= now && (next == ready_.end() || end <= earliest_start(**next))) {
      end_next(now);
    } else if (next != ready_.end()) {
      Stream* stream = *next;
      ready_.erase(next);
      stream->ready_ = false;
      advance(*stream);
    } else {
      if (has_leader_ && end < leader_until_) leader_wake_.notify_one();
      return;
    }
  }
}

/// When the front operation could start if its engines were free.
Time Timeline::earliest_start(const Stream& stream) {
  if (stream.running_ || stream.queue_.empty()) return stream.now_;
  const Stream::Queued& front = stream.queue_.front();
  const MarkerPtr& wait_for = front.operation.wait_for;
  const Time start = std::max(stream.now_, front.queued_at);
  return wait_for && wait_for->done() ? std::max(start, wait_for->end()) : start;
}

/// The ready stream that can start first; among equals, the one whose operation was queued first.
std::vector<Stream*>::iterator Timeline::next_ready() {
  return std::ranges::min_element(ready_, {}, [](const Stream* stream) {
    const std::uint64_t order = stream->queue_.empty() ? 0 : stream->queue_.front().order;
    return std::pair(earliest_start(*stream), order);
  });
}

/// When the next duration or flow ends; Time::max() if there is none.
Time Timeline::next_end() {
  const Time deadline = deadlines_.empty() ? Time::max() : deadlines_.top().end;
  const auto flow = flows_.next_end();
  return flow ? std::min(deadline, to_time(flow->first)) : deadline;
}

void Timeline::end_next(Time now) {
  const auto flow = flows_.next_end();
  if (deadlines_.empty() || (flow && to_time(flow->first) < deadlines_.top().end)) {
    flows_.end_next();
    const auto owner = flowing_.extract(flow->second);
    end_part(*owner.mapped(), to_time(flow->first), now);
    return;
  }
  const Deadline due = deadlines_.top();
  deadlines_.pop();
  if (due.is_part) {
    end_part(*due.stream, due.end, now);
    return;
  }
  begin_parts(*due.stream, due.end);
  if (due.stream->parts_ > 0) return;
  note(due.end, now);
  end_time(*due.stream, due.end);
}

/// The program learns at `now` of an end that was due earlier.
void Timeline::note(Time due, Time now) {
  const double late = seconds(now - due);
  ++lateness_.count;
  lateness_.sum_s += late;
  lateness_.worst_s = std::max(lateness_.worst_s, late);
  tell(due);
}

void Timeline::make_ready(Stream& stream) {
  if (stream.ready_) return;
  stream.ready_ = true;
  ready_.push_back(&stream);
}

void Timeline::advance(Stream& stream) {
  if (!stream.running_ && !stream.queue_.empty()) start_front(stream);
  if (stream.deserted_ && stream.queue_.empty() && !stream.ready_) delete &stream;
}

/// Starts the front operation, or puts it in line for its engines, if what it waits for has happened.
void Timeline::start_front(Stream& stream) {
  Stream::Queued& front = stream.queue_.front();
  Operation& operation = front.operation;
  if (operation.wait_for && !operation.wait_for->done()) {
    if (!stream.waiting_) operation.wait_for->waiting_.push_back(&stream);
    stream.waiting_ = true;
    return;
  }
  stream.waiting_ = false;
  stream.ready_at_ = earliest_start(stream);
  stream.running_ = true;
  stream.timing_ = true;
  if (operation.work) {
    stream.working_ = true;
    jobs_.push_back({&stream, std::move(operation.work)});
    call_for_a_thread();
  }
  for (const Use& use : operation.engines) use.engine->line.push_back(&stream);
  if (can_begin(stream)) begin_front(stream);
}

/// Whether it is the turn of the front operation in all lines, and there is room for it.
bool Timeline::can_begin(const Stream& stream) {
  const std::vector<Use>& engines = stream.queue_.front().operation.engines;
  return std::ranges::all_of(engines, [&](const Use& use) {
    return use.engine->line.front() == &stream && use.engine->used + use.share <= 1 + kRounding;
  });
}

void Timeline::begin_front(Stream& stream) {
  const Operation& operation = stream.queue_.front().operation;
  Time start = stream.ready_at_;
  for (const Use& use : operation.engines) {
    use.engine->line.pop_front();
    use.engine->used += use.share;
    start = std::max(start, use.engine->freed_at);
  }
  // What takes no time is over at once, unless it had to wait: then it is processed in the order of
  // the ends.
  const Time end = start + operation.duration;
  const bool has_parts = !operation.flows.empty() || operation.least > Duration::zero();
  if (end > stream.ready_at_ || has_parts) {
    push_deadline(stream, end, /*is_part=*/false);
  } else {
    end_time(stream, end);
  }
}

void Timeline::push_deadline(Stream& stream, Time end, bool is_part) {
  deadlines_.push({end, next_order_++, &stream, is_part});
}

void Timeline::begin_parts(Stream& stream, Time time) {
  Operation& operation = stream.queue_.front().operation;
  stream.parts_ = operation.flows.size();
  for (Demand& demand : operation.flows)
    flowing_.emplace(flows_.begin(seconds(time), demand), &stream);
  if (operation.least == Duration::zero()) return;
  ++stream.parts_;
  push_deadline(stream, time + operation.least, /*is_part=*/true);
}

void Timeline::end_part(Stream& stream, Time time, Time now) {
  if (--stream.parts_ > 0) return;
  note(time, now);
  end_time(stream, time);
}

/// The time of the front operation is over.
void Timeline::end_time(Stream& stream, Time time) {
  stream.now_ = time;
  stream.timing_ = false;
  leave_engines(stream, time);
  if (!stream.working_) finish_front(stream);
}

/// Lets the operations in line begin for which there is room now.
void Timeline::leave_engines(Stream& stream, Time time) {
  const std::vector<Use> engines = stream.queue_.front().operation.engines;
  for (const Use& use : engines) {
    use.engine->used = std::max(0.0, use.engine->used - use.share);
    use.engine->freed_at = std::max(use.engine->freed_at, time);
  }
  for (const Use& use : engines) {
    while (!use.engine->line.empty() && can_begin(*use.engine->line.front()))
      begin_front(*use.engine->line.front());
  }
}

void Timeline::call_for_a_thread() {
  if (serving) return;
  if (idle_followers_ > 0) {
    follower_wake_.notify_one();
  } else if (has_leader_) {
    leader_wake_.notify_one();
  }
}

void Timeline::finish_front(Stream& stream) {
  const MarkerPtr signal = std::move(stream.queue_.front().operation.signal);
  stream.queue_.pop_front();
  stream.running_ = false;
  make_ready(stream);
  if (signal) reach(*signal, stream.now_);
}

void Timeline::reach(Marker& marker, Time end) {
  marker.end_ = std::max(marker.end_, end);
  if (--marker.parts_ > 0) return;
  marker.done_.store(true, std::memory_order_release);
  marker.happened_.notify_all();
  for (Stream* stream : marker.waiting_) make_ready(*stream);
  marker.waiting_.clear();
}

}  // namespace placewright::vgpu
