// SPDX-License-Identifier: Apache-2.0
// What a run spent its time on, as plain data: tasks, copies, instances, mapper calls. Made from
// Legion's own logs, so that it is the same for every mapper. Times in seconds, sizes in bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "profile/memory_place.h"
#include "support/result.h"

namespace placewright::profile {

inline constexpr int kProfileVersion = 2;

/// Tasks of one name, variant and processor.
struct TaskProfile {
  std::string task;
  std::string variant;
  std::string kind;  ///< "GPU", as the language has it, or "UTIL".
  int node = 0;
  int processor = 0;  ///< Among the node's of that kind.
  uint64_t count = 0;
  double wait_s = 0;    ///< Ready, but not running yet.
  double run_s = 0;     ///< On the processor and not blocked.
  double device_s = 0;  ///< Time of the work that it started on a GPU.
  double blocked_s = 0;
  double longest_s = 0;  ///< The longest single run, blocked time included.
  /// The median of the single runs: on the device if it was used, else on the processor and not
  /// blocked.
  double median_s = 0;
};

/// One processor, whether anything ran on it or not.
struct ProcessorProfile {
  std::string kind;  ///< As in TaskProfile.
  int node = 0;
  int processor = 0;
  uint64_t tasks = 0;
  /// Time with an application's task working: on the device for a GPU, otherwise on the processor
  /// and not blocked. Overlapping tasks count once.
  double busy_s = 0;
  double runtime_s = 0;  ///< Time with the runtime's own tasks.
  /// From the first task on the node's processors of this kind to the end of the last one.
  double window_s = 0;
};

/// Copies or fills between two memories for one argument of one consumer.
struct CopyProfile {
  std::optional<MemoryPlace> from;  ///< Unset for fills.
  std::optional<MemoryPlace> to;    ///< Unset where the log does not tell.
  std::string region;               ///< The argument's name, empty where it has none.
  std::string source;    ///< The argument that the instance copied from was made for, if named.
  std::string consumer;  ///< The task or other operation that needed the data.
  int argument = -1;     ///< The consumer's argument; -1 if unknown.
  uint64_t count = 0;
  uint64_t bytes = 0;
  double time_s = 0;      ///< Summed; copies may overlap.
  double wait_s = 0;      ///< Ready, but not begun.
  bool converts = false;  ///< The two instances differ in their order of dimensions or fields.
};

/// Instances of one region argument in one memory.
struct InstanceProfile {
  MemoryPlace memory;
  std::string region;
  std::string task;  ///< The task that used it first, with `argument`; empty if none did.
  int argument = -1;
  uint64_t count = 0;
  uint64_t distinct = 0;  ///< Regions among them.
  uint64_t bytes = 0;     ///< Summed.
  uint64_t largest = 0;   ///< The largest single one.
  double lifetime_s = 0;  ///< Summed.
};

struct MemoryProfile {
  MemoryPlace memory;
  uint64_t capacity = 0;
  uint64_t peak = 0;  ///< Largest total size of instances alive at the same time.
};

struct MapperCallProfile {
  std::string call;  ///< "map_task"
  uint64_t count = 0;
  double time_s = 0;
};

struct Profile {
  std::string runtime;  ///< What Legion calls itself.
  int nodes = 0;
  double span_s = 0;  ///< From the start of the first task to the end of the last one.
  uint64_t records = 0;
  uint64_t log_bytes = 0;
  bool truncated = false;                    ///< Some log ends in the middle.
  std::vector<TaskProfile> tasks;            ///< Most time first.
  std::vector<ProcessorProfile> processors;  ///< By node, kind and number.
  std::vector<CopyProfile> copies;           ///< Most time first.
  std::vector<InstanceProfile> instances;    ///< Most bytes first.
  std::vector<MemoryProfile> memories;
  std::vector<MapperCallProfile> mapper_calls;  ///< Most time first.
};

[[nodiscard]] std::string to_json(const Profile& profile);
/// Errors: not JSON, another version, a missing or mistyped member.
[[nodiscard]] Result<Profile> profile_from_json(const std::string& text);

/// Readable tables, each limited to the first `most` rows.
[[nodiscard]] std::string report(const Profile& profile, size_t most);

}  // namespace placewright::profile
