// The reduction operator of applications whose sums are whole numbers.
#pragma once

#include <cstdint>

#include "common/column.h"

namespace apps {

/// Sums up whole numbers: the same bits in any order.
struct AddWhole {
  using LHS = int64_t;
  using RHS = int64_t;
  static constexpr int64_t identity = 0;
  template <bool EXCLUSIVE>
  static void apply(LHS& to, RHS amount) {
    fold<EXCLUSIVE>(to, amount);
  }
  template <bool EXCLUSIVE>
  static void fold(RHS& to, RHS amount) {
    if constexpr (EXCLUSIVE) {
      to += amount;
    } else {
      add_atomically(to, amount);
    }
  }
};

}  // namespace apps
