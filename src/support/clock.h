// SPDX-License-Identifier: Apache-2.0
// Time as a seam: real programs ask the steady clock, tests move a clock of their own.
#pragma once

namespace placewright {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Seconds since an arbitrary point; never goes back.
  [[nodiscard]] virtual double now_s() const = 0;
};

class SteadyClock : public Clock {
 public:
  [[nodiscard]] double now_s() const override;
};

}  // namespace placewright
