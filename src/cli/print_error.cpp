// SPDX-License-Identifier: Apache-2.0
#include "cli/print_error.h"

#include "support/terminal.h"

namespace placewright::cli {

bool print_error(const Error& error) {
  print_text(stderr, "placewright: error: {}\n", error.message);
  if (!error.help.empty()) print_text(stderr, "  help: {}\n", error.help);
  return false;
}

}  // namespace placewright::cli
