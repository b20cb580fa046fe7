// SPDX-License-Identifier: Apache-2.0
#include "arrivals.h"

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
  while (std::function<void()> deliver = take_due()) {
    deliver();
    ++delivered;
  }
  delivering_ = false;
  return delivered;
}

/// The first arrival that is due; empty if there is none.
std::function<void()> Arrivals::take_due() {
  std::lock_guard lock(mutex_);
  if (held_.empty()) return {};
  const Time late = now() - held_.top().due;
  if (late < 0) return {};
  lateness_.add(late);
  // The top is const only to protect the order, which no longer matters once it is popped.
  std::function<void()> deliver = std::move(const_cast<Held&>(held_.top()).deliver);
  held_.pop();
  return deliver;
}

void Arrivals::note_late(Time late) {
  std::lock_guard lock(mutex_);
  lateness_.add(late);
}

Lateness Arrivals::lateness() {
  std::lock_guard lock(mutex_);
  return lateness_;
}

}  // namespace placewright::network
