// SPDX-License-Identifier: Apache-2.0
// Tasks that found every memory full: they are returned to Legion and mapped again when a task in
// flight has finished or an older task was served. One per mapper object.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "legion/mapping.h"

namespace placewright::legion {

class Holding {
 public:
  using MapperContext = Legion::Mapping::MapperContext;

  Holding(Legion::Mapping::MapperRuntime* runtime, Host& host, std::shared_ptr<Waiting> waiting)
      : runtime_(runtime), host_(&host), waiting_(std::move(waiting)) {}

  /// The event that ends when something has changed for a task that is held back.
  [[nodiscard]] Waiting& waiting() { return *waiting_; }

  /// A task is being mapped.
  void begin(const Mapping& mapping);
  /// Whether an older task has a better claim to a memory.
  [[nodiscard]] bool must_yield(const Mapping& mapping, uint64_t memory) const;
  /// Whether a task that found memory full is to be given back to Legion; if not, waiting would be in
  /// vain. `claims`: the memories that any of its arguments may use.
  [[nodiscard]] bool hold(const Mapping& mapping, std::span<const uint64_t> claims);
  /// Asks Legion to map the task again later.
  void give_back(const Mapping& mapping);
  /// Whether a task waits for memory and nothing has been released since.
  [[nodiscard]] bool is_held(const Legion::Task& task) const;
  [[nodiscard]] bool is_empty() const { return held_.empty(); }
  /// The task was mapped.
  void mapped(const Mapping& mapping);
  /// Whether other tasks may be waiting for the end of a mapped task.
  [[nodiscard]] bool is_watched(const Mapping& mapping) const;

 private:
  struct Held {
    decide::HeldTask task;
    std::vector<Legion::Mapping::PhysicalInstance> made;  ///< Made for it, in all attempts.
  };

  Legion::Mapping::MapperRuntime* runtime_;
  Host* host_;
  std::shared_ptr<Waiting> waiting_;
  std::map<Legion::UniqueID, Held> held_;
};

}  // namespace placewright::legion
