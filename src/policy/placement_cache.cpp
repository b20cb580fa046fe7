// SPDX-License-Identifier: Apache-2.0
#include "policy/placement_cache.h"

namespace placewright::policy {
namespace {

/// Multiplicative hash over everything that can differ between launches.
size_t hash(FunctionId function, const machine::LaunchFacts& launch, machine::ProcessorKind kind) {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  uint64_t state = static_cast<uint64_t>(function.value) * 8 + static_cast<uint64_t>(kind);
  for (const uint64_t fact :
       {launch.tag, static_cast<uint64_t>(launch.depth), static_cast<uint64_t>(launch.parent.node),
        static_cast<uint64_t>(launch.parent.ordinal)}) {
    state = (state ^ (state >> 29) ^ fact) * kOdd;
  }
  const machine::LaunchDomain& domain = *launch.domain;
  for (int d = 0; d < domain.dim(); ++d) {
    state = (state ^ static_cast<uint64_t>(domain.lo.at[d])) * kOdd;
    state = (state ^ (state >> 29) ^ static_cast<uint64_t>(domain.hi.at[d])) * kOdd;
  }
  return static_cast<size_t>(state >> 32);
}

}  // namespace

PlacementCache::~PlacementCache() {
  for (std::atomic<Entry*>& bucket : buckets_) {
    for (Entry* entry = bucket.load(); entry != nullptr;) {
      delete std::exchange(entry, entry->next);
    }
  }
}

const PlacementCache::Outcome* PlacementCache::find(FunctionId function,
                                                    const machine::LaunchFacts& launch,
                                                    machine::ProcessorKind kind) const {
  const std::atomic<Entry*>& bucket = buckets_[hash(function, launch, kind) % kBuckets];
  for (const Entry* entry = bucket.load(std::memory_order_acquire); entry != nullptr;
       entry = entry->next) {
    if (entry->function == function && entry->kind == kind && entry->launch == launch) {
      return &entry->outcome;
    }
  }
  return nullptr;
}

const PlacementCache::Outcome& PlacementCache::get(FunctionId function,
                                                   const machine::LaunchFacts& launch,
                                                   machine::ProcessorKind kind, const Maker& make) {
  if (const Outcome* known = find(function, launch, kind)) return *known;
  const std::lock_guard lock(making_);
  if (const Outcome* known = find(function, launch, kind)) return *known;
  std::atomic<Entry*>& bucket = buckets_[hash(function, launch, kind) % kBuckets];
  auto entry = std::make_unique<Entry>(Entry{function, launch, kind, make(), bucket.load()});
  Entry* const raw = entry.release();
  bucket.store(raw, std::memory_order_release);
  return raw->outcome;
}

}  // namespace placewright::policy
