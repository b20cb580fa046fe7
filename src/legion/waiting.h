// SPDX-License-Identifier: Apache-2.0
// Tasks that a mapper holds back: the event that makes Legion ask it again.
#pragma once

#include <mutex>

#include "legion.h"

namespace placewright::legion {

/// One per mapper object. Thread-safe, because mappers of other processors may end the waiting.
class Waiting {
 public:
  explicit Waiting(Legion::Mapping::MapperRuntime* runtime) : runtime_(runtime) {}

  /// The event for a scheduler that may choose nothing. Get it before checking the condition to
  /// wait for, so that a change in between is not missed.
  [[nodiscard]] Legion::Mapping::MapperEvent event(Legion::Mapping::MapperContext ctx);
  /// Ends the waiting, if any. `ctx` belongs to the calling mapper.
  void end(Legion::Mapping::MapperContext ctx);

 private:
  Legion::Mapping::MapperRuntime* runtime_;
  std::mutex mutex_;
  Legion::Mapping::MapperEvent event_;
};

}  // namespace placewright::legion
