// SPDX-License-Identifier: Apache-2.0
// What a program launches, in its own order and with the data that each point uses: version 2 of the
// workload file. docs/recording.md describes the file. Equal things are kept once and referred to by
// their number, and what repeats is a loop.
#pragma once

#include <placewright/task_cost.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "decide/launch.h"
#include "decide/layout.h"
#include "machine/domain.h"
#include "machine/privilege.h"
#include "support/result.h"
#include "workload/loops.h"
#include "workload/measured_task.h"
#include "workload/workload.h"

namespace placewright::workload {

inline constexpr int kRecordingVersion = 2;

struct FieldSize {
  uint32_t id = 0;
  uint64_t bytes = 0;  ///< One element takes so many.
  friend auto operator<=>(const FieldSize&, const FieldSize&) = default;
};

/// The points of an index space, as boxes that do not overlap.
struct PointSet {
  int dim = 1;
  std::vector<machine::LaunchDomain> boxes;
  friend auto operator<=>(const PointSet&, const PointSet&) = default;
};
/// At most INT64_MAX.
[[nodiscard]] int64_t volume(const PointSet& points);

/// A logical region that some point used. Pieces of one tree share data where their points meet.
struct Piece {
  uint32_t tree = 0;
  uint32_t points = 0;             ///< A number of Recording::point_sets.
  uint32_t fields = 0;             ///< A number of Recording::field_spaces.
  std::vector<std::string> names;  ///< That rules can use, best first.
  /// The point sets of the regions that it was cut from, the nearest first, the tree's root last.
  std::vector<uint32_t> ancestors = {};
  /// Its color in the partition; empty for a root. Pieces with the same points differ by it.
  std::vector<int64_t> color = {};
  friend auto operator<=>(const Piece&, const Piece&) = default;
};

/// What a point does with a piece.
struct Requirement {
  std::optional<uint32_t> piece;  ///< Unset: the argument has no region.
  machine::Privilege privilege = machine::Privilege::None;
  std::vector<uint32_t> fields;  ///< Their ids, ascending.
  int reduction = 0;             ///< The runtime's id; 0: none.
  bool exclusive = true;         ///< Nobody else uses the data at the same time.
  friend auto operator<=>(const Requirement&, const Requirement&) = default;
};

/// A task, as a point of its launch or alone.
struct PointTask {
  machine::DomainPoint point;  ///< Dimension 0 if it was launched alone.
  uint32_t arguments = 0;      ///< A number of Recording::argument_lists.
  /// What it launches itself, of Recording::programs.
  std::optional<uint32_t> program = std::nullopt;
  /// What its application says of its work, of Recording::costs.
  std::optional<uint32_t> cost = std::nullopt;
  friend auto operator<=>(const PointTask&, const PointTask&) = default;
};

struct Launch {
  std::string task;
  std::optional<machine::LaunchDomain> domain;  ///< Index launches only.
  uint64_t tag = 0;
  uint64_t mapper = 0;
  int depth = 1;  ///< The task's; the top-level task's is 0.
  bool must_epoch = false;
  bool concurrent = false;
  /// It uses results of earlier launches of its program: so many launches back, 1 for the last one.
  std::vector<uint32_t> uses_results = {};
  std::vector<PointTask> points;  ///< In the order of their coordinates.
  friend auto operator<=>(const Launch&, const Launch&) = default;
};

/// What a task does, in its order.
struct Operation {
  enum class Kind : uint8_t {
    Launch,  ///< `number`: of Recording::launches.
    Fence,   ///< What comes later runs after everything before.
    Wait,  ///< For the launch that is `number` back, 1 for the last one; 0: for everything before.
    Clock,  ///< Reads the clock of the virtual GPUs: the odd readings begin a window, the even end it.
    Fill,  ///< Gives the data of a requirement, `number` of Recording::requirements, one value.
    BeginTrace,  ///< `number`: the program's of the trace.
    EndTrace
  } kind = Kind::Launch;
  uint32_t number = 0;
  friend auto operator<=>(const Operation&, const Operation&) = default;
};

/// A variant of a task.
struct RecordedVariant {
  decide::Variant variant;
  /// What it demands of an argument's instances: the argument's number, and the demand.
  std::vector<std::pair<int, decide::Demand>> demands;
};

struct Recording {
  Workload workload;
  /// For each task of the workload.
  std::vector<std::vector<RecordedVariant>> variants;
  std::vector<std::vector<FieldSize>> field_spaces;
  std::vector<PointSet> point_sets;
  std::vector<Piece> pieces;
  std::vector<Requirement> requirements;
  std::vector<std::vector<uint32_t>> argument_lists;  ///< Numbers of requirements.
  std::vector<TaskCost> costs;
  std::vector<Launch> launches;
  std::vector<Operation> operations;
  /// What tasks do, as numbers of operations in program order.
  std::vector<std::vector<Loop>> programs;
  uint32_t program = 0;  ///< The top-level task's.
  std::vector<MeasuredTask> measured = {};
  std::vector<std::string> left_out =
      {};  ///< What the run did that the file does not say, in words.
};

/// Tasks that the top-level task and those it launched have launched, with all repetitions; at most
/// UINT64_MAX.
[[nodiscard]] uint64_t count_points(const Recording& recording);

/// What a user must know who takes it to another machine than it is of; empty if this is its machine.
[[nodiscard]] std::string other_machine_note(const Recording& recording,
                                             const machine::MachineShape& machine);

[[nodiscard]] std::string to_json(const Recording& recording);
/// Errors: not JSON, another version, a missing or mistyped member, a number of something that is not
/// there, boxes that overlap, a wait for a launch that is not there, programs that contain each other
/// (named by their path).
[[nodiscard]] Result<Recording> recording_from_json(const std::string& text);

}  // namespace placewright::workload
