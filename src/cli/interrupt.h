// SPDX-License-Identifier: Apache-2.0
// Turns SIGINT and SIGTERM into a flag that long-running work polls.
#pragma once

#include <functional>

namespace placewright::cli {

/// From now on both signals only set the flag that the result reads. May be called again.
[[nodiscard]] std::function<bool()> watch_for_interrupts();

}  // namespace placewright::cli
