// SPDX-License-Identifier: Apache-2.0
// What has come in from the real network before the modelled one would have brought it, and waits.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <queue>
#include <vector>

#include "links.h"

namespace placewright::network {

/// How far behind their due times messages were handed over, in wall-clock seconds.
struct Lateness {
  std::uint64_t count = 0;
  double sum_s = 0;
  double worst_s = 0;

  void add(Time late);
  void add(const Lateness& other);
};

/// The arrivals of one UCX worker. Any thread may call; one at a time delivers.
class Arrivals {
 public:
  void hold(Time due, std::function<void()> deliver);
  /// Calls `deliver` of everything that is due, in order of due times, without locks that it might
  /// want; says how many. None while another call delivers.
  unsigned deliver_due();
  /// Counts an arrival that was handed over at once.
  void note_late(Time late);
  [[nodiscard]] Lateness lateness();

 private:
  struct Held {
    Time due;
    std::uint64_t order;
    std::function<void()> deliver;
    bool operator>(const Held& other) const {
      return due != other.due ? due > other.due : order > other.order;
    }
  };

  std::function<void()> take_due();

  std::mutex mutex_;
  std::priority_queue<Held, std::vector<Held>, std::greater<>> held_;
  std::uint64_t next_order_ = 0;
  Lateness lateness_;
  std::atomic<bool> delivering_{false};
};

}  // namespace placewright::network
