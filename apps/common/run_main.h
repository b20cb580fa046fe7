// SPDX-License-Identifier: Apache-2.0
// The outermost frame of an application, which needs no Legion.
#pragma once

namespace apps {

/// Returns what `start` returns, or prints `error: not enough host memory` and returns 1: a large
/// problem can run out of memory before the runtime, which has its own message, has started.
[[nodiscard]] int run_main(int argc, char** argv, int (*start)(int argc, char** argv));

}  // namespace apps
