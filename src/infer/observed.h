// SPDX-License-Identifier: Apache-2.0
// The decisions of one run, as `placewright run --decisions` writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "machine/domain.h"
#include "machine/kinds.h"
#include "support/result.h"

namespace placewright::infer {

struct ObservedArgument {
  std::string memory;  ///< "FBMEM", "VIRTUAL", "NONE", or "another kind".
  std::string layout;  ///< "SOA", "AOS", or "" where there is no instance.
  std::string order;   ///< "F", "C" or "mixed".
  bool compact = false;
  bool collects = false;
  bool reduction = false;
  uint64_t alignment = 0;    ///< Bytes, that the layout demands of every field; 0: none.
  uint64_t address = 0;      ///< Of the instance; 0 where it is not known.
  std::optional<bool> kept;  ///< Of a probed run: whether Legion kept the instance after the task.
};

/// A processor of a node, or any of the node's.
struct ObservedPlace {
  static constexpr int kAny = -1;
  int node = 0;
  int ordinal = 0;
  friend auto operator<=>(const ObservedPlace&, const ObservedPlace&) = default;
};

/// One task that was mapped and has run.
struct ObservedTask {
  std::string name;
  int depth = 0;
  bool is_shard = false;
  std::optional<DomainPoint> point;  ///< Of an index launch.
  LaunchDomain domain;               ///< Of the launch, with `point`.
  ProcessorKind kind = ProcessorKind::Cpu;
  ObservedPlace place;
  int choices = 1;  ///< Processors that the mapper would have taken.
  int priority = 0;
  int in_flight =
      0;  ///< Mapped and unfinished points of the task for the processor, with this one.
  std::vector<ObservedArgument> arguments;
};

/// Reads JSON lines. Tasks on processors of no known kind are left out. Errors: not what `run
/// --decisions` writes, with the number of the line.
[[nodiscard]] Result<std::vector<ObservedTask>> read_decisions(std::string_view lines);

}  // namespace placewright::infer
