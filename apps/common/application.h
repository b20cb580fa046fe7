// SPDX-License-Identifier: Apache-2.0
// The main program shared by all applications: its start, the timed loop, and the output.
#pragma once

#include <legion.h>

#include <cstdint>
#include <functional>
#include <string>

#include "common/options.h"

namespace apps {

using TopLevel = std::function<void(Legion::Context, Legion::Runtime*)>;

/// The arguments after the program's name.
[[nodiscard]] std::vector<std::string> arguments_of(int argc, char** argv);

/// Prints `error: NAME: MESSAGE` and returns the exit status for wrong usage.
[[nodiscard]] int refuse(const char* name, const std::string& message);

/// Registers `top_level` as the replicable top-level task and starts the runtime; returns its exit
/// status. Tasks and mappers are registered before.
[[nodiscard]] int run_application(int argc, char** argv, Legion::TaskID id, TopLevel top_level);

/// Modelled seconds when everything launched so far has ended; only differences are meaningful.
[[nodiscard]] double time_when_done(Legion::Context ctx, Legion::Runtime* runtime);

/// Runs `iteration` `warmup` and then `loops` times, each as one replay of a trace. Returns the
/// modelled seconds of the latter.
[[nodiscard]] double timed_loop(Legion::Context ctx, Legion::Runtime* runtime, int64_t warmup,
                                int64_t loops, const std::function<void()>& iteration);

/// Runs `prepare` and then `work`, `warmup + loops` times, outside traces. Returns the modelled
/// seconds of the last `loops` runs of `work`, each from the end of its preparation to its own end.
[[nodiscard]] double timed_repetitions(Legion::Context ctx, Legion::Runtime* runtime,
                                       int64_t warmup, int64_t loops,
                                       const std::function<void()>& prepare,
                                       const std::function<void()>& work);

/// What a run reports in addition to its time if its data is real.
struct Outcome {
  double flops = 0;                          ///< Total over everything timed.
  std::function<Legion::Future()> checksum;  ///< Launches tasks that compute it; a uint64_t.
  std::function<uint64_t()> expected;        ///< The same from an independent computation.
};

/// Prints `ELAPSED TIME = %.9f s` and `GFLOP/s = %f` and, except in a timing run on virtual GPUs,
/// `CHECKSUM = %016x`. With `verify` it compares the checksum with the expected one and prints
/// `VERIFICATION = passed` or `FAILED`; the latter sets the exit status to 1, as does `not
/// possible` in a timing run. Each line is printed once per run.
void print_outcome(Legion::Context ctx, Legion::Runtime* runtime, double seconds,
                   const Outcome& outcome, bool verify);

}  // namespace apps
