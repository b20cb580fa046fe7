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

/// Prints `ELAPSED TIME = %f s` and `GFLOP/s = %f`, once per run. `flops` is all of the work.
void print_time(Legion::Context ctx, Legion::Runtime* runtime, double seconds, double flops);

/// Prints `CHECKSUM = %016x`, and with `verify` compares it with `expected()` and prints
/// `VERIFICATION = passed` or `FAILED`, which makes the exit status 1.
void print_checksum(Legion::Context ctx, Legion::Runtime* runtime, uint64_t checksum, bool verify,
                    const std::function<uint64_t()>& expected);

}  // namespace apps
