// SPDX-License-Identifier: Apache-2.0
// Placements by function, launch and kind of processor. Finding one takes neither a lock nor an
// allocation; making one is left to the caller.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <tl/expected.hpp>

#include "policy/placement.h"
#include "policy/policy.h"

namespace placewright {

/// Grows only; entries stay where they are until the cache goes. Failures are kept as well.
class PlacementCache {
 public:
  using Outcome = tl::expected<std::unique_ptr<const Placement>, Diagnostic>;
  using Maker = std::function<Outcome()>;

  PlacementCache() = default;
  ~PlacementCache();
  PlacementCache(const PlacementCache&) = delete;
  PlacementCache& operator=(const PlacementCache&) = delete;

  /// Calls `make` at most once per key, one call at a time.
  [[nodiscard]] const Outcome& get(FunctionId function, const LaunchDomain& domain,
                                   ProcessorKind kind, const Maker& make);
  /// Null when the key is not there yet.
  [[nodiscard]] const Outcome* find(FunctionId function, const LaunchDomain& domain,
                                    ProcessorKind kind) const;

 private:
  struct Entry {
    FunctionId function;
    LaunchDomain domain;
    ProcessorKind kind;
    Outcome outcome;
    Entry* next;
  };
  static constexpr size_t kBuckets = 256;

  std::array<std::atomic<Entry*>, kBuckets> buckets_{};
  std::mutex making_;
};

}  // namespace placewright
