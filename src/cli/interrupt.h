// SPDX-License-Identifier: Apache-2.0
// SIGINT and SIGTERM as a question that long work asks.
#pragma once

#include <functional>

namespace placewright::cli {

/// From now on both signals only make the answer true. May be called again.
[[nodiscard]] std::function<bool()> watch_for_interrupts();

}  // namespace placewright::cli
