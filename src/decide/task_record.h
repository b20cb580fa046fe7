// SPDX-License-Identifier: Apache-2.0
// What one task was decided from, and what was decided. Real runs write such records on request, and
// replay.h decides them again without a runtime.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "decide/obtain.h"
#include "decide/processors.h"
#include "decide/reasons.h"

namespace placewright::decide {

/// An instance with valid data, as a Store describes it.
struct InstanceRecord {
  uint64_t memory = 0;
  bool normal = true;
  bool has_fields = true;
  machine::LaunchDomain bounds;
  std::vector<bool> entails;  ///< The layout of each usable memory, in order.
};

/// An action and what came of it.
struct StepRecord {
  Action::Kind kind = Action::Kind::Make;
  uint64_t memory = 0;
  InstanceId instance = 0;
  bool yields = false;  ///< For Make: an older task waited for the memory.
  Making making = Making::FindOrMake;
  bool succeeded = false;
  uint64_t bytes = 0;  ///< For Make without success: what was asked for.
};

struct ArgumentRecord {
  // What it was decided from.
  Argument argument;  ///< Its spans are not used; the lists below are.
  int part = 0;       ///< The number of the instance; several if a demand names fields.
  std::vector<FieldId> fields;
  std::vector<std::string> names;
  std::vector<FieldId> all_fields;
  std::vector<Demand> demands;
  machine::LaunchDomain needed;
  std::vector<InstanceRecord> valid;
  std::vector<size_t> most_folds = {};  ///< Folding::most; empty if it does not share folds.
  size_t fold_turn = 0;
  bool is_leader = false;  ///< Its instance serves a group of arguments.
  bool is_crowded = false;
  bool may_hold_folds = false;
  // What was decided.
  bool has_decision =
      false;  ///< Not for arguments of a group, premapped ones and those without data.
  std::vector<StepRecord> steps;
  ArgumentOutcome outcome;
  Layout layout;  ///< Asked for in the memory used.
  bool collected = false;
};

struct TaskRecord {
  // What it was decided from.
  TaskFacts facts;
  LaunchInfo launch;
  std::optional<machine::DomainPoint> point;
  ProcessorPlace target;
  int local_node = 0;
  bool is_shard = false;
  bool prefers_cpu = false;
  bool is_overruled = false;  ///< A concurrent launch whose rule puts points together.
  // What was decided.
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;  ///< Where this node runs the task.
  Variant variant;
  int priority = 0;
  int limit = 0;
  TargetProcessors::How how = TargetProcessors::How::Target;
  std::vector<int32_t> ordinals;  ///< For How::Rule.
  /// By argument, then those of further instances.
  std::vector<ArgumentRecord> arguments;
};

/// How a launch starts.
struct OptionsRecord {
  // What it was decided from.
  TaskFacts facts;
  LaunchInfo launch;
  ProcessorPlace local;  ///< The mapper's own processor.
  bool prefers_cpu = false;
  // What was decided.
  ProcessorPlace initial;
  bool is_placed = false;  ///< A rule chose the processor.
  std::optional<bool> replicates;
};

/// The slices of an index launch: processors and boxes.
struct SliceRecord {
  TaskFacts facts;
  LaunchInfo launch;
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  int local_node = 0;
  std::vector<machine::DomainPoint> points;
  bool is_placed = true;      ///< By a rule; if not, the domain is dense.
  std::vector<Slice> slices;  ///< Without their points.
};

}  // namespace placewright::decide
