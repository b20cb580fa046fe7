// SPDX-License-Identifier: Apache-2.0
// Tasks that a mapper keeps back: the event that makes Legion ask it again.
#pragma once

#include <mutex>

#include "legion.h"

namespace placewright {

/// One per mapper object. Thread-safe: the mappers of other processors may end the waiting.
class Waiting {
 public:
  explicit Waiting(Legion::Mapping::MapperRuntime* runtime) : runtime_(runtime) {}

  /// The event for a scheduler that may choose nothing. Take it before looking at what there is to
  /// wait for; what ends in between is then not missed.
  [[nodiscard]] Legion::Mapping::MapperEvent event(Legion::Mapping::MapperContext ctx);
  /// Ends the waiting, if there is any. `ctx` is that of the caller's mapper.
  void end(Legion::Mapping::MapperContext ctx);

 private:
  Legion::Mapping::MapperRuntime* runtime_;
  std::mutex mutex_;
  Legion::Mapping::MapperEvent event_;
};

}  // namespace placewright
