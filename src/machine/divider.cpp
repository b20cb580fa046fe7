// SPDX-License-Identifier: Apache-2.0
#include "machine/divider.h"

namespace placewright::machine {

std::optional<Divider> Divider::make(uint64_t divisor, uint64_t largest_dividend) {
  if (divisor == 0) return std::nullopt;
  Divider divider;
  divider.value_ = divisor;
  if (divisor == 1) return divider;
  uint64_t product = 0;
  if (__builtin_mul_overflow(divisor, largest_dividend, &product)) return std::nullopt;
  divider.inverse_ = UINT64_MAX / divisor + 1;
  return divider;
}

}  // namespace placewright::machine
