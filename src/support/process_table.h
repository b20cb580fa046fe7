// SPDX-License-Identifier: Apache-2.0
// What /proc tells about processes, and the end of everything below one of them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace placewright {

struct ProcessFacts {
  pid_t pid = 0;
  char state = 0;  ///< `R`, `S`, `T`, ...; `Z`: it has ended and its parent has not asked for it.
  pid_t parent = 0;
  pid_t session = 0;
  uint64_t start = 0;  ///< Since the machine started; tells apart processes with the same number.

  [[nodiscard]] bool has_ended() const { return state == 'Z' || state == 'X'; }
};

/// nullopt if there is no such process.
[[nodiscard]] std::optional<ProcessFacts> process_facts(pid_t pid);
[[nodiscard]] std::vector<ProcessFacts> all_processes();

/// Sends SIGKILL once to everything that descends from a process, but not to the process itself.
/// Returns how many had not ended before. What it misses, because it was started meanwhile, is
/// found by another call.
int kill_below(pid_t root);

/// A name for this process that no other one has had since the machine was started.
[[nodiscard]] std::string name_of_this_process();
/// The number of the process with that name; nullopt if it has ended, runs on another machine or in
/// another container, or the text is not such a name.
[[nodiscard]] std::optional<pid_t> running_process(const std::string& name);

}  // namespace placewright
