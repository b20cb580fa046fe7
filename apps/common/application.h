// SPDX-License-Identifier: Apache-2.0
// The frame of an application: its main program, the timed loop, and what it prints.
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

/// Prints `error: NAME: MESSAGE` and returns the exit status of wrong usage.
[[nodiscard]] int refuse(const char* name, const std::string& message);

/// Registers `top_level` as the replicable top-level task and starts the runtime; returns its exit
/// status. Tasks and mappers are registered before.
[[nodiscard]] int run_application(int argc, char** argv, Legion::TaskID id, TopLevel top_level);

/// Modelled seconds when everything launched so far has ended; only differences mean something.
[[nodiscard]] double time_when_done(Legion::Context ctx, Legion::Runtime* runtime);

/// Runs `iteration` `warmup` and then `loops` times, each as one replay of a trace. Returns the
/// modelled seconds of the latter.
[[nodiscard]] double timed_loop(Legion::Context ctx, Legion::Runtime* runtime, int64_t warmup,
                                int64_t loops, const std::function<void()>& iteration);

/// Runs `prepare` and then `work`, `warmup + loops` times, outside of traces. Returns the modelled
/// seconds of the last `loops` runs of `work`, each from the end of its preparation to its own end.
[[nodiscard]] double timed_repetitions(Legion::Context ctx, Legion::Runtime* runtime,
                                       int64_t warmup, int64_t loops,
                                       const std::function<void()>& prepare,
                                       const std::function<void()>& work);

/// What a run has to show, beside its time, if its data is real.
struct Outcome {
  double flops = 0;                          ///< Of everything that was timed.
  std::function<Legion::Future()> checksum;  ///< Starts the tasks that find it; a uint64_t.
  std::function<uint64_t()> expected;        ///< The same by an independent computation.
};

/// Prints `ELAPSED TIME = %.9f s` and `GFLOP/s = %f`, and unless this is a timing run on virtual
/// GPUs `CHECKSUM = %016x`. With `verify` it compares that with what is expected and prints
/// `VERIFICATION = passed` or `FAILED`, which makes the exit status 1, as `not possible` does in a
/// timing run. All once per run.
void print_outcome(Legion::Context ctx, Legion::Runtime* runtime, double seconds,
                   const Outcome& outcome, bool verify);

}  // namespace apps
