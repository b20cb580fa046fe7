// SPDX-License-Identifier: Apache-2.0
#include "support/clock.h"

#include <chrono>

namespace placewright {

double SteadyClock::now_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace placewright
