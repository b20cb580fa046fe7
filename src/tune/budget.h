// SPDX-License-Identifier: Apache-2.0
// The wall time that a search may use, over all sessions of its study. Does not decide what to use
// it for.
#pragma once

#include "support/clock.h"

namespace placewright::tune {

/// Counts from its construction. The clock must outlive it.
class Budget {
 public:
  Budget(const Clock& clock, double limit_s)
      : clock_(clock), limit_s_(limit_s), started_s_(clock.now_s()) {}

  /// Counts what the earlier sessions of a resumed study used.
  void resume(double earlier_s) { earlier_s_ = earlier_s; }

  [[nodiscard]] double limit_s() const { return limit_s_; }
  [[nodiscard]] double now_s() const { return clock_.now_s(); }
  [[nodiscard]] double elapsed_s() const { return earlier_s_ + now_s() - started_s_; }
  [[nodiscard]] double remaining_s() const { return limit_s_ - elapsed_s(); }

 private:
  const Clock& clock_;
  double limit_s_;
  double started_s_;
  double earlier_s_ = 0;
};

}  // namespace placewright::tune
