// SPDX-License-Identifier: Apache-2.0
// The wall time that a search may use, over all sessions of its study. Does not decide what to use
// it for.
#pragma once

#include <atomic>
#include <limits>
#include <memory>

#include "support/clock.h"

namespace placewright::tune {

/// Counts from its construction. The clock must outlive it. May be read on several threads: a
/// question to a language model ends when free_s() is used up.
class Budget {
 public:
  Budget(const Clock& clock, double limit_s)
      : clock_(clock), limit_s_(limit_s), started_s_(clock.now_s()) {}

  /// Counts what the earlier sessions of a resumed study used.
  void resume(double earlier_s) { earlier_s_ = earlier_s; }
  /// Keeps so much for the closing comparison; replaces what was kept before.
  void reserve(double seconds) { reserved_s_ = seconds; }
  /// Nothing is left for anything that still waits.
  void close() { reserve(std::numeric_limits<double>::infinity()); }

  [[nodiscard]] double limit_s() const { return limit_s_; }
  [[nodiscard]] double now_s() const { return clock_.now_s(); }
  [[nodiscard]] double elapsed_s() const { return earlier_s_ + now_s() - started_s_; }
  [[nodiscard]] double remaining_s() const { return limit_s_ - elapsed_s(); }
  /// What remains without the reserve.
  [[nodiscard]] double free_s() const { return remaining_s() - reserved_s_; }

 private:
  const Clock& clock_;
  double limit_s_;
  double started_s_;
  std::atomic<double> earlier_s_ = 0;
  std::atomic<double> reserved_s_ = 0;
};

struct ClosesBudget {
  void operator()(Budget* budget) const { budget->close(); }
};
/// Closes the budget at the end of its life.
using OpenBudget = std::unique_ptr<Budget, ClosesBudget>;

}  // namespace placewright::tune
