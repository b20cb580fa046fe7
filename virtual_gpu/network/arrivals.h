// SPDX-License-Identifier: Apache-2.0
// Messages that the real network delivered before the modelled one would have, held until due.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <queue>
#include <vector>

#include "links.h"

namespace placewright::network {

/// How late messages were handed over after their due times, in wall-clock seconds.
struct Lateness {
  std::uint64_t count = 0;
  double sum_s = 0;
  double worst_s = 0;

  void add(Time late);
  void add(const Lateness& other);
};

/// The arrivals of one UCX worker. Any thread may call; only one delivers at a time.
class Arrivals {
 public:
  void hold(Time due, std::function<void()> deliver);
  /// Calls `deliver` for everything that is due, in order of due times, without holding locks that
  /// it might take; returns how many. Delivers none while another call is delivering.
  unsigned deliver_due();
  /// An arrival that was handed over immediately, `late` after it was due.
  void note_late(Time due, Time late);
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

  std::optional<Held> take_due();

  std::mutex mutex_;
  std::priority_queue<Held, std::vector<Held>, std::greater<>> held_;
  std::uint64_t next_order_ = 0;
  Lateness lateness_;
  std::atomic<bool> delivering_{false};
};

}  // namespace placewright::network
