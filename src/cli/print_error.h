// SPDX-License-Identifier: Apache-2.0
// The common form of errors outside a mapping's text.
#pragma once

#include "support/result.h"

namespace placewright::cli {

/// Prints `placewright: error: ...` and the help on stderr. Returns false, so that callers can
/// return its result.
bool print_error(const Error& error);

}  // namespace placewright::cli
