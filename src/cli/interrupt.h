// SPDX-License-Identifier: Apache-2.0
// Turns SIGINT, SIGTERM and SIGHUP into a flag that long-running work polls, and ends the program
// where that work does not end by itself.
#pragma once

#include <functional>

namespace placewright::cli {

/// From now on the first signal sets the flag that the result reads. The program then has 1.8 s to
/// conclude; after that, or at a second signal, the signal has its usual effect: the program ends,
/// and its runs with it. May be called again.
[[nodiscard]] std::function<bool()> watch_for_interrupts();

}  // namespace placewright::cli
