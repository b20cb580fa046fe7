// SPDX-License-Identifier: Apache-2.0
// The decisions of one run, as `placewright run --decisions` writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "machine/domain.h"
#include "machine/instance.h"
#include "machine/kinds.h"
#include "support/result.h"

namespace placewright::infer {

struct ObservedArgument {
  machine::InstanceMemory memory;
  std::optional<machine::DataOrder> order;  ///< Unset where there is no instance.
  bool compact = false;
  bool collects = false;
  bool reduction = false;
  uint64_t alignment = 0;    ///< Required by the layout for every field, in bytes; 0: none.
  uint64_t address = 0;      ///< The instance's address; 0 if unknown.
  std::optional<bool> kept;  ///< Probed runs: whether Legion kept the instance after the task.
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
  std::optional<machine::DomainPoint> point;  ///< Index launches only.
  machine::LaunchDomain domain;               ///< The launch's domain, with `point`.
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  ObservedPlace place;
  int choices = 1;  ///< Number of processors that the mapper allowed.
  int priority = 0;
  int in_flight =
      0;  ///< The task's mapped, unfinished points on the processor, including this one.
  std::vector<ObservedArgument> arguments;
};

/// Reads JSON lines. Tasks on processors of unknown kind are left out. Errors: not the format of
/// `run --decisions`, with the line number.
[[nodiscard]] Result<std::vector<ObservedTask>> read_decisions(std::string_view lines);

}  // namespace placewright::infer
