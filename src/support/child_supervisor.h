// SPDX-License-Identifier: Apache-2.0
// The process between run_child() and its command: it ends the command at the time limit, outlives
// a stopped or killed caller, adopts every orphan of the command and kills them all. Used only by
// child_process.cpp, which takes over where the command stops or kills the supervisor.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace placewright {

/// Written to the report pipe by the supervisor (or the command, before its program started).
struct ChildReport {
  enum class What : int32_t { CouldNotStart, Exited, Signalled };
  What what;
  int32_t value;      ///< errno, exit status or signal.
  int32_t timed_out;  ///< Not 0: the command was stopped at its time limit.
};

/// A byte on the control pipe requests a graceful end (SIGTERM, then SIGKILL). Closing the pipe,
/// which also happens when the caller dies, requests an immediate end.
inline constexpr char kControlTerminate = 'T';

/// Everything that the supervisor needs, prepared before the fork: it allocates only to read /proc.
struct SupervisorPlan {
  const char* const* argv;
  const char* const* environment;
  const char* working_directory;  ///< Null: unchanged.
  double timeout_s;               ///< 0: none.
  double grace_s;
  int stdout_fd;
  int stderr_fd;
  int report_fd;
  int control_fd;
};

/// Runs the supervisor to its end. Call in a forked child.
[[noreturn]] void supervise(const SupervisorPlan& plan);

}  // namespace placewright
