// SPDX-License-Identifier: Apache-2.0
// The raw contents of the records in Legion's logs: the input of reduce.h. Interprets nothing.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "profile/legion_log.h"

namespace placewright::profile {

struct Described {
  uint64_t kind = 0;
  uint64_t capacity = 0;
};

struct Ran {
  uint64_t op, task, variant, processor, ready, start, stop, device_start, device_stop;
};
/// A task of the runtime's own.
struct Managed {
  uint64_t op, kind, processor, start, stop;
};
struct Waited {
  uint64_t start, end;
};
struct Moved {
  uint64_t op, bytes, ready, start, stop, event;
};
/// `field` is the first one that is written.
struct Endpoints {
  uint64_t from = 0, to = 0, source = 0, instance = 0, field = 0;
};
/// One field of an instance as an operation's argument uses it.
struct Use {
  uint64_t field = 0, argument = 0;
};
struct Lived {
  uint64_t unique, memory, bytes, create, destroy;
};
struct MapperCall {
  uint64_t kind, start, stop;
};
/// Index space, field space and tree.
using RegionKey = std::tuple<uint64_t, uint64_t, uint64_t>;

/// Everything from the logs that the profile needs; times are those of the log's node.
struct Collected {
  std::map<uint64_t, Described> processors, memories;
  std::map<uint64_t, std::string> task_names, mapper_calls, operations;
  std::map<std::pair<uint64_t, uint64_t>, std::string> variants;
  std::map<uint64_t, uint64_t> task_of;       ///< Operation -> task.
  std::map<uint64_t, uint64_t> operation_of;  ///< Operation -> its kind.
  std::vector<Ran> ran;
  std::vector<Managed> managed;
  /// Operation and kind of a Managed -> when it was blocked.
  std::map<std::pair<uint64_t, uint64_t>, std::vector<Waited>> managed_waits;
  std::map<uint64_t, uint64_t> blocked;  ///< Operation -> ns.
  std::vector<Moved> copies, fills;
  std::map<uint64_t, Endpoints> endpoints;  ///< Finish event -> where.
  std::vector<Lived> instances;
  /// Instance and operation -> its arguments, of which several may share the instance; and the first
  /// argument of an instance.
  std::map<std::pair<uint64_t, uint64_t>, std::vector<Use>> used;
  std::map<uint64_t, std::pair<uint64_t, uint64_t>> first_use;
  std::map<uint64_t, RegionKey> regions;                    ///< Instance -> its region.
  std::map<uint64_t, std::map<uint64_t, uint64_t>> orders;  ///< Instance -> position -> dimension.
  std::map<uint64_t, std::set<uint64_t>> fields;            ///< Instance -> fields.
  std::vector<MapperCall> calls;
};

/// Handlers that put records into `all`, which must outlive them.
[[nodiscard]] RecordHandlers handlers(Collected& all);

}  // namespace placewright::profile
