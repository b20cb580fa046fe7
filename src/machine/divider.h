// SPDX-License-Identifier: Apache-2.0
// Repeated division by the same number.
#pragma once

#include <cstdint>
#include <optional>

namespace placewright::machine {

/// Division by a number known in advance, done as a multiplication: the quotient is the upper half
/// of n * ceil(2^64 / d), exact while n * d < 2^64 (Granlund and Montgomery 1994).
class Divider {
 public:
  Divider() = default;
  /// nullopt if the product of divisor and largest dividend is too large, or the divisor is 0.
  [[nodiscard]] static std::optional<Divider> make(uint64_t divisor, uint64_t largest_dividend);

  [[nodiscard]] uint64_t quotient(uint64_t dividend) const {
    if (value_ == 1) return dividend;
    __extension__ using Wide = unsigned __int128;
    return static_cast<uint64_t>((static_cast<Wide>(dividend) * inverse_) >> 64);
  }
  [[nodiscard]] uint64_t remainder(uint64_t dividend) const {
    return dividend - quotient(dividend) * value_;
  }

 private:
  uint64_t value_ = 1;
  uint64_t inverse_ = 0;
};

}  // namespace placewright::machine
