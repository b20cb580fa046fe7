// SPDX-License-Identifier: Apache-2.0
#include "policy/placement_cache.h"

namespace placewright::policy {
namespace {

constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;

uint64_t add(uint64_t state, uint64_t fact) { return (state ^ (state >> 29) ^ fact) * kOdd; }

uint64_t add_facts(uint64_t state, const machine::LaunchFacts& used) {
  for (const uint64_t fact :
       {used.tag, static_cast<uint64_t>(used.depth), used.mapper,
        static_cast<uint64_t>(used.parent.node), static_cast<uint64_t>(used.parent.ordinal)})
    state = add(state, fact);
  return state;
}

/// Multiplicative hash. Most functions ask for nothing but the domain.
size_t hash(FunctionId function, const machine::LaunchDomain& domain,
            const machine::LaunchFacts* facts, machine::ProcessorKind kind) {
  uint64_t state = static_cast<uint64_t>(function.value) * 8 + static_cast<uint64_t>(kind);
  if (facts != nullptr) [[unlikely]]
    state = add_facts(state, *facts);
  for (int d = 0; d < domain.dim(); ++d) {
    state = (state ^ static_cast<uint64_t>(domain.lo.at[d])) * kOdd;
    state = add(state, static_cast<uint64_t>(domain.hi.at[d]));
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
                                                    const machine::LaunchDomain& domain,
                                                    const machine::LaunchFacts* facts,
                                                    machine::ProcessorKind kind) const {
  const std::atomic<Entry*>& bucket = buckets_[hash(function, domain, facts, kind) % kBuckets];
  for (const Entry* entry = bucket.load(std::memory_order_acquire); entry != nullptr;
       entry = entry->next) {
    if (entry->function == function && entry->kind == kind && entry->domain == domain &&
        (facts == nullptr || entry->facts == *facts)) {
      return &entry->outcome;
    }
  }
  return nullptr;
}

const PlacementCache::Outcome& PlacementCache::get(FunctionId function,
                                                   const machine::LaunchDomain& domain,
                                                   const machine::LaunchFacts* facts,
                                                   machine::ProcessorKind kind, const Maker& make) {
  if (const Outcome* known = find(function, domain, facts, kind)) return *known;
  const std::lock_guard lock(making_);
  if (const Outcome* known = find(function, domain, facts, kind)) return *known;
  std::atomic<Entry*>& bucket = buckets_[hash(function, domain, facts, kind) % kBuckets];
  auto entry = std::make_unique<Entry>(Entry{
      function, domain, facts ? *facts : machine::LaunchFacts(), kind, make(), bucket.load()});
  Entry* const raw = entry.release();
  bucket.store(raw, std::memory_order_release);
  return raw->outcome;
}

}  // namespace placewright::policy
