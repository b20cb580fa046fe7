// SPDX-License-Identifier: Apache-2.0
#include "explore/explorer.h"

#include <algorithm>

namespace placewright::explore {
namespace {

/// A visit ends early if a step takes so many times the run's own ...
constexpr double kSlow = 3;
/// ... or its first one, which moves the data, so many.
constexpr double kSlowFirst = 6;
/// ... or two in a row so many times the fastest mapping's ...
constexpr double kSlowTwice = 1.5;
/// ... unless it is so short, in seconds, that little is gained: the first steps of a visit may make
/// instances and capture a trace, which takes many times a short step.
constexpr double kShort = 0.05;
constexpr size_t kOwnSteps = 16;
/// How often the progress is written, in steps.
constexpr uint64_t kStepsPerProgress = 8;

}  // namespace

bool Explorer::knows_next() const {
  const bool goes_on = current_ && !current_->is_closed && current_->begun < current_->visit.steps;
  return goes_on || !plan_.visits().empty() || plan_.is_complete();
}

int Explorer::ahead() const {
  // The first step of a visit is seen to its end, if the visit may leave after it.
  const bool decides = may_leave_ && current_ && !current_->visit.mapping.empty() &&
                       !current_->visit.whole && current_->begun == 1 && current_->visit.steps > 1;
  return decides ? 1 : plan_.header().ahead;
}

Result<void> Explorer::read_plan() {
  Result<void> read = plan_.update();
  if (!read) plan_.give_up();
  return read;
}

std::string Explorer::begin_step(int block) {
  if (current_ && (current_->is_closed || current_->begun >= current_->visit.steps)) {
    current_->is_closed = true;
    write_if_over(std::exchange(current_, nullptr));
  }
  if (!current_) {
    if (auto visit = plan_.next()) {
      current_ = std::make_shared<Running>();
      current_->result.number = visit->number;
      current_->result.mapping = visit->mapping;
      current_->result.block = block;
      current_->visit = *std::move(visit);
    }
  }
  in_flight_.push_back(current_);
  if (!current_) return plan_.end().value_or(plan_.used());
  ++current_->begun;
  return current_->visit.mapping;
}

void Explorer::end_step(double seconds, double windows) {
  if (in_flight_.empty()) return;
  const RunningPtr running = std::move(in_flight_.front());
  in_flight_.pop_front();
  const StepTime time{last_end_ ? seconds - *last_end_ : -1, windows - last_windows_};
  last_end_ = seconds;
  last_windows_ = windows;
  if (time.seconds >= 0) {
    ++progress_.steps;
    progress_.seconds += time.seconds;
    if (progress_.steps % kStepsPerProgress == 0) write_(to_line(progress_));
  }
  if (!running) return;
  running->result.steps.push_back(time);
  if (running->visit.mapping.empty() && time.seconds >= 0) {
    own_steps_.push_back(time.seconds);
    if (own_steps_.size() > kOwnSteps) own_steps_.erase(own_steps_.begin());
  }
  if (may_leave_ && !running->is_closed && is_slow(*running)) close(running, "slow");
  write_if_over(running);
}

void Explorer::resumed(double seconds, double in_window) {
  if (last_end_) last_end_ = seconds;
  last_windows_ += in_window;
}

bool Explorer::is_slow(const Running& running) const {
  const std::vector<StepTime>& steps = running.result.steps;
  const double last_s = steps.back().seconds;
  if (running.visit.mapping.empty() || running.visit.whole || last_s <= kShort) return false;
  const double fast_s = kSlowTwice * running.visit.fastest_s;
  if (fast_s > 0 && steps.size() > 1 && std::min(last_s, steps[steps.size() - 2].seconds) > fast_s)
    return true;
  if (own_steps_.empty()) return false;
  std::vector<double> own = own_steps_;
  const auto middle = own.begin() + static_cast<std::ptrdiff_t>(own.size() / 2);
  std::nth_element(own.begin(), middle, own.end());
  return last_s > (steps.size() == 1 ? kSlowFirst : kSlow) * *middle;
}

void Explorer::close(const RunningPtr& running, const char* why) {
  if (running->is_closed) return;
  running->is_closed = true;
  if (running->begun < running->visit.steps) running->result.left = why;
}

void Explorer::write_if_over(const RunningPtr& running) {
  const bool all_begun = running->is_closed || running->begun >= running->visit.steps;
  if (running->is_written || !all_begun) return;
  if (static_cast<int>(running->result.steps.size()) < running->begun) return;
  running->is_closed = running->is_written = true;
  // Its last step may end before the next one begins.
  if (running == current_) current_ = nullptr;
  write_(to_line(running->result));
}

std::vector<Explorer::RunningPtr> Explorer::running() const {
  std::vector<RunningPtr> all;
  for (const RunningPtr& each : in_flight_)
    if (each && (all.empty() || all.back() != each)) all.push_back(each);
  if (current_ && (all.empty() || all.back() != current_)) all.push_back(current_);
  return all;
}

void Explorer::end_block() {
  const std::vector<RunningPtr> all = running();
  in_flight_.clear();
  for (const RunningPtr& each : all) {
    close(each, "loop-ended");
    each->begun = static_cast<int>(each->result.steps.size());
    if (each->begun < each->visit.steps) each->result.left = "loop-ended";
    write_if_over(each);
  }
  last_end_.reset();
  own_steps_.clear();
}

void Explorer::failed(const std::string& mapping, const VisitFailure& failure) {
  if (failed_.insert(mapping).second) write_(to_line(MappingFailure{mapping, failure}));
  for (const RunningPtr& each : running()) {
    if (each->visit.mapping != mapping) continue;
    if (!each->result.failure) each->result.failure = failure;
    if (may_leave_) close(each, "failed");
  }
}

void Explorer::copied(const std::string& mapping, double seconds) {
  for (const RunningPtr& each : running()) {
    if (each->visit.mapping != mapping) continue;
    each->result.unmodelled += seconds;
    return;
  }
}

}  // namespace placewright::explore
