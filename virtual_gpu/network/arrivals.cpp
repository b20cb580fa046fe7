// SPDX-License-Identifier: Apache-2.0
#include "arrivals.h"

#include <placewright/virtual_gpu.h>

#include <algorithm>
#include <utility>

namespace placewright::network {

void Lateness::add(Time late) {
  const double seconds = static_cast<double>(late) * 1e-9;
  ++count;
  sum_s += seconds;
  worst_s = std::max(worst_s, seconds);
}

void Lateness::add(const Lateness& other) {
  count += other.count;
  sum_s += other.sum_s;
  worst_s = std::max(worst_s, other.worst_s);
}

void Arrivals::hold(Time due, std::function<void()> deliver) {
  std::lock_guard lock(mutex_);
  held_.push({due, next_order_++, std::move(deliver)});
}

unsigned Arrivals::deliver_due() {
  if (delivering_.exchange(true)) return 0;
  unsigned delivered = 0;
  while (std::optional<Held> held = take_due()) {
    virtual_gpu_reached(static_cast<double>(held->due) * 1e-9);
    held->deliver();
    ++delivered;
  }
  delivering_ = false;
  return delivered;
}

/// The first arrival that is due.
std::optional<Arrivals::Held> Arrivals::take_due() {
  std::lock_guard lock(mutex_);
  if (held_.empty()) return {};
  const Time late = now() - held_.top().due;
  if (late < 0) return {};
  lateness_.add(late);
  // The top is const only to protect the order, which no longer matters once it is popped.
  Held held = std::move(const_cast<Held&>(held_.top()));
  held_.pop();
  return held;
}

void Arrivals::note_late(Time due, Time late) {
  virtual_gpu_reached(static_cast<double>(due) * 1e-9);
  std::lock_guard lock(mutex_);
  lateness_.add(late);
}

Lateness Arrivals::lateness() {
  std::lock_guard lock(mutex_);
  return lateness_;
}

}  // namespace placewright::network
