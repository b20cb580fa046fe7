// SPDX-License-Identifier: Apache-2.0
// What each strategy demands of a run of circuit, as data, and how to run circuit so that following
// the demand can be distinguished from ignoring it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "infer/observed.h"
#include "machine/kinds.h"
#include "machine/shape.h"

namespace placewright::experiments {

/// A task of circuit: the regions of its arguments, and which it only reads. All regions have one
/// dimension, so Fortran and C order are one and the same in every instance.
struct CircuitTask {
  std::string_view name;
  std::span<const std::string_view> regions;
  uint32_t reads = 0;     ///< One bit for each argument that is read only.
  bool is_timed = false;  ///< One of the loop's three tasks.
  bool on_cpu_only = false;
  [[nodiscard]] bool only_reads(size_t argument) const { return (reads >> argument & 1) != 0; }
};
/// Null for a task that is not an index launch of circuit.
[[nodiscard]] const CircuitTask* find_circuit_task(std::string_view name);
/// The tasks of the loop.
[[nodiscard]] std::span<const CircuitTask> circuit_tasks();

/// A default-constructed one describes what the starting code does.
struct Expectation {
  enum class Place { Any, Blocked, Cyclic };
  enum class ZeroCopy { Nothing, SharedAndGhost, SecondOfDistribute };

  Place place = Place::Any;  ///< For the loop's three tasks.
  ZeroCopy zero_copy = ZeroCopy::Nothing;
  bool array_of_structs = false;
  uint64_t alignment = 0;  ///< Required for every field, in bytes; 0: none.
  bool currents_on_cpu = false;
  bool collects_currents = false;  ///< Read-only arguments of calculate_new_currents.
  int limit = 0;                   ///< InstanceLimit of calculate_new_currents, per GPU; 0: none.

  [[nodiscard]] machine::ProcessorKind kind(const CircuitTask& task) const;
  [[nodiscard]] machine::MemoryKind memory(const CircuitTask& task, size_t argument) const;
  [[nodiscard]] bool collects(const CircuitTask& task, size_t argument) const;
  /// nullopt if any place is right.
  [[nodiscard]] std::optional<infer::ObservedPlace> place_of(
      const CircuitTask& task, int64_t point, const machine::MachineShape& machine) const;
};

/// `strategy` is one of 1 to 10.
[[nodiscard]] Expectation expectation_of(int strategy);

/// A run of circuit that shows whether a strategy is followed.
struct RunShape {
  int processes = 1;    ///< Each has two GPUs.
  int pieces = 4;       ///< Points of each launch.
  bool probes = false;  ///< In program order, checking after every task what Legion keeps.
};
[[nodiscard]] RunShape run_shape_of(int strategy);

}  // namespace placewright::experiments
