// SPDX-License-Identifier: Apache-2.0
#include "cli/print_error.h"

#include <fmt/core.h>

namespace placewright::cli {

bool print_error(const Error& error) {
  fmt::print(stderr, "placewright: error: {}\n", error.message);
  if (!error.help.empty()) fmt::print(stderr, "  help: {}\n", error.help);
  return false;
}

}  // namespace placewright::cli
