// SPDX-License-Identifier: Apache-2.0
// The process between run_child() and its command: it outlives a killed caller, adopts every orphan
// of the command and ends them all. Used by child_process.cpp only.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace placewright {

/// What the supervisor (or the command, before its program started) writes to the report pipe.
struct ChildReport {
  enum class What : int32_t { CouldNotStart, Exited, Signalled };
  What what;
  int32_t value;  ///< errno, exit status or signal.
};

/// A byte on the control pipe asks for a polite end (SIGTERM, then SIGKILL); its closing, which the
/// caller's death causes as well, for an immediate one.
inline constexpr char kControlTerminate = 'T';

/// Everything that the supervisor needs, prepared before the fork: it allocates nothing itself but
/// for reading /proc.
struct SupervisorPlan {
  const char* const* argv;
  const char* const* environment;
  const char* working_directory;  ///< Null: unchanged.
  double grace_s;
  int stdout_fd;
  int stderr_fd;
  int report_fd;
  int control_fd;
};

/// The supervisor's whole life. Call in a forked child.
[[noreturn]] void supervise(const SupervisorPlan& plan);

}  // namespace placewright
