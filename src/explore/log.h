// SPDX-License-Identifier: Apache-2.0
// What a run has explored: a file of JSON lines, written as it happens, so that a killed run loses the
// visit in flight only. docs/adapt.md lists the fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "explore/step_finder.h"
#include "support/result.h"

namespace placewright::explore {

/// One step in the steady state or on the way to it.
struct StepTime {
  /// Seconds from the end of the step before to the end of this one; negative: unknown, because no
  /// step of the block came before.
  double seconds = -1;
  /// Seconds of the virtual GPUs' clock that the program itself measured meanwhile.
  double window = 0;
};

/// Why a candidate did not decide for some launch.
struct VisitFailure {
  std::string id;  ///< The message's, such as `out-of-memory`; may be empty.
  std::string message;
};

/// A visit that has ended.
struct Visited {
  int number = 0;
  int block = 0;
  std::string mapping;
  std::vector<StepTime> steps;
  /// Why it has fewer steps than planned: `slow`, `failed`, `loop-ended`, `unreadable`; else empty.
  std::string left;
  std::optional<VisitFailure> failure;
  /// Seconds that copies of a CPU would take at least, which virtual GPUs do not model.
  double unmodelled = 0;
};

/// The first time that a mapping did not decide, on any process, in a visit or after it.
struct MappingFailure {
  std::string mapping;
  VisitFailure failure;
};

/// A task whose launches keep the run's own mapping.
struct KeptTask {
  std::string task;
  std::string why;  ///< In words: `concurrent launch`, `must-epoch launch`.
};

/// How far the loop has come.
struct Progress {
  uint64_t steps = 0;  ///< Steps that have ended since the first that did.
  double seconds = 0;  ///< From then until the last of them.
};

/// The state of the program's launches after some step of a block: equal on all processes that run
/// shards of one task.
struct Agreement {
  int block = 0;
  uint64_t step = 0;
  uint64_t hash = 0;
};

/// The last state of a block.
struct BlockEnd {
  int block = 0;
  uint64_t steps = 0;
  uint64_t changes = 0;
};

using LogLine =
    std::variant<Block, Visited, MappingFailure, KeptTask, Progress, Agreement, BlockEnd>;

/// Each ends with its line break.
[[nodiscard]] std::string to_line(const Block& block);
[[nodiscard]] std::string to_line(const Visited& visited);
[[nodiscard]] std::string to_line(const MappingFailure& failure);
[[nodiscard]] std::string to_line(const KeptTask& kept);
[[nodiscard]] std::string to_line(const Progress& progress);
[[nodiscard]] std::string to_line(const Agreement& agreement);
[[nodiscard]] std::string to_line(const BlockEnd& end);

/// How many visits of a log had all their steps. Errors: as read_log_line().
[[nodiscard]] Result<size_t> count_whole_visits(std::string_view log);

/// Errors: not JSON, none of these lines.
[[nodiscard]] Result<LogLine> read_log_line(std::string_view line);

}  // namespace placewright::explore
