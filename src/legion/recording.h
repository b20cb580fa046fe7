// SPDX-License-Identifier: Apache-2.0
// Whoever wants to know what a mapper decided. Thread-safe.
#pragma once

#include <chrono>

#include "decide/reasons.h"
#include "decide/task_record.h"
#include "legion.h"

namespace placewright::legion {

/// Why one task was mapped as it was.
struct MappingReasons {
  decide::Reason kind;
  decide::Reason place;
  std::vector<decide::ArgumentReasons> arguments;
};

class Recording {
 public:
  using MapperContext = Legion::Mapping::MapperContext;
  using MapTaskInput = Legion::Mapping::Mapper::MapTaskInput;
  using MapTaskOutput = Legion::Mapping::Mapper::MapTaskOutput;
  virtual ~Recording() = default;

  /// Whether mapped() needs reasons.
  [[nodiscard]] virtual bool wants_reasons() const { return false; }
  /// Whether ran() should be called.
  [[nodiscard]] virtual bool wants_end() const { return false; }
  virtual void launched(MapperContext ctx, const Legion::Task& task) = 0;
  /// `reasons` is null if the default mapper decided.
  virtual void mapped(MapperContext ctx, const Legion::Task& task, const MapTaskInput& input,
                      const MapTaskOutput& output, const MappingReasons* reasons) = 0;
  virtual void ran(const Legion::Task& task, Legion::Processor processor) = 0;
  /// Adds what the copies of an operation must report, if anybody wants to know.
  virtual void watch_copies(Legion::Mapping::ProfilingRequest&) {}
  /// A copy that was watched has ended. `task`: for which it was made; may be null.
  virtual void copied(const Legion::Mapping::ProfilingResponse&, const Legion::Task* /*task*/) {}
  /// An operation is part of a trace. Returns whether Legion may replay it, unseen by any mapper.
  [[nodiscard]] virtual bool may_be_replayed(const Legion::Mappable&) { return true; }
  /// mapped() with everything it led to is over. The mapping began at `start` and made so many
  /// instances.
  virtual void mapping_ended(const Legion::Task&, size_t /*instances*/,
                             std::chrono::steady_clock::time_point /*start*/) {}

  /// Whether the next three should be called.
  [[nodiscard]] virtual bool wants_records() const { return false; }
  virtual void decided(const decide::TaskRecord&) {}
  virtual void started(const decide::OptionsRecord&) {}
  virtual void sliced(const decide::SliceRecord&) {}
};

}  // namespace placewright::legion
