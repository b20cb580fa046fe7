// SPDX-License-Identifier: Apache-2.0
// Placements by function, launch (the facts that matter to the function) and kind of processor. A lookup takes no lock and does not
// allocate; the caller makes the placements.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <tl/expected.hpp>

#include "policy/placement.h"
#include "policy/policy.h"

namespace placewright::policy {

/// Only grows; entries stay in place until the cache is destroyed. Failures are cached as well.
class PlacementCache {
 public:
  using Outcome = tl::expected<std::unique_ptr<const Placement>, Diagnostic>;
  using Maker = std::function<Outcome()>;

  PlacementCache() = default;
  ~PlacementCache();
  PlacementCache(const PlacementCache&) = delete;
  PlacementCache& operator=(const PlacementCache&) = delete;

  /// Calls `make` at most once per key, one call at a time. `facts`: those that the function asks for beside
  /// the domain; null if there are none.
  [[nodiscard]] const Outcome& get(FunctionId function, const machine::LaunchDomain& domain,
                                   const machine::LaunchFacts* facts, machine::ProcessorKind kind,
                                   const Maker& make);
  /// Null if the key is not cached yet.
  [[nodiscard]] const Outcome* find(FunctionId function, const machine::LaunchDomain& domain,
                                    const machine::LaunchFacts* facts,
                                    machine::ProcessorKind kind) const;

 private:
  struct Entry {
    FunctionId function;
    machine::LaunchDomain domain;
    machine::LaunchFacts facts;
    machine::ProcessorKind kind;
    Outcome outcome;
    Entry* next;
  };
  static constexpr size_t kBuckets = 256;

  std::array<std::atomic<Entry*>, kBuckets> buckets_{};
  std::mutex making_;
};

}  // namespace placewright::policy
