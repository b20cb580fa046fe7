// SPDX-License-Identifier: Apache-2.0
// A replaceable clock: programs use the steady clock, tests advance a clock of their own.
#pragma once

namespace placewright {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Seconds since an arbitrary point; never decreases.
  [[nodiscard]] virtual double now_s() const = 0;
};

class SteadyClock : public Clock {
 public:
  [[nodiscard]] double now_s() const override;
};

}  // namespace placewright
