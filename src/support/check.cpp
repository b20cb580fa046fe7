// SPDX-License-Identifier: Apache-2.0
#include "support/check.h"

#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>

namespace placewright {

void check_failed(std::string_view condition, const char* file, int line) {
  fmt::print(stderr, "placewright: internal error: `{}` does not hold ({}:{})\n", condition, file,
             line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace placewright
