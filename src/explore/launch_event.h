// SPDX-License-Identifier: Apache-2.0
// What a parent task launches, as the search for its repeating block sees it: in program order, which
// is the same on every process that runs a shard of the parent.
#pragma once

#include <cstdint>
#include <string>

namespace placewright::explore {

struct LaunchEvent {
  enum class Kind : uint8_t { Launch, TraceBegin, TraceEnd };
  Kind kind = Kind::Launch;
  std::string name;     ///< The task's; empty for the marks of a trace.
  uint64_t family = 0;  ///< A hash of task, tag and the requirements' shape, or of the trace's id.
  uint64_t shape = 0;   ///< The same with the launch domain.
};

}  // namespace placewright::explore
