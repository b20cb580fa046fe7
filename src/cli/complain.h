// SPDX-License-Identifier: Apache-2.0
// The one form of an error that lies outside of a mapping's text.
#pragma once

#include "support/result.h"

namespace placewright::cli {

/// `placewright: error: ...` and the help on stderr. Gives false, for callers that end with it.
bool complain(const Error& error);

}  // namespace placewright::cli
