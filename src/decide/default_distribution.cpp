// SPDX-License-Identifier: Apache-2.0
#include "decide/default_distribution.h"

#include <algorithm>

namespace placewright::decide {
namespace {

/// Ascending.
std::vector<int64_t> prime_factors(int64_t number) {
  std::vector<int64_t> factors;
  for (int64_t prime = 2; prime * prime <= number; ++prime) {
    for (; number % prime == 0; number /= prime) factors.push_back(prime);
  }
  if (number > 1) factors.push_back(number);
  return factors;
}

}  // namespace

std::array<int64_t, machine::kMaxDim> default_blocks(int64_t processors,
                                                     const machine::LaunchDomain& domain) {
  std::array<int64_t, machine::kMaxDim> blocks;
  blocks.fill(1);
  std::array<double, machine::kMaxDim> lengths{};
  const auto dim = static_cast<size_t>(domain.dim());
  for (size_t d = 0; d < dim; ++d)
    lengths[d] = static_cast<double>(domain.extent(static_cast<int>(d)));
  const std::vector<int64_t> factors = prime_factors(processors);
  for (auto factor = factors.rbegin(); factor != factors.rend(); ++factor) {
    const auto longest = static_cast<size_t>(
        std::max_element(lengths.begin(), lengths.begin() + static_cast<int64_t>(dim)) -
        lengths.begin());
    blocks[longest] *= *factor;
    lengths[longest] /= static_cast<double>(*factor);
  }
  return blocks;
}

std::vector<DefaultSlice> default_slices(const machine::LaunchDomain& domain, size_t processors) {
  const auto blocks = default_blocks(static_cast<int64_t>(processors), domain);
  machine::LaunchDomain all;
  all.lo.dim = all.hi.dim = domain.dim();
  for (int d = 0; d < domain.dim(); ++d) all.hi.at[d] = blocks[static_cast<size_t>(d)] - 1;
  std::vector<DefaultSlice> slices;
  for (int64_t i = 0; i < all.volume(); ++i) {
    const machine::DomainPoint block = all.point(i);
    DefaultSlice slice{domain, 0};
    for (int d = 0; d < domain.dim(); ++d) {
      const int64_t count = blocks[static_cast<size_t>(d)];
      slice.box.lo.at[d] = domain.extent(d) * block.at[d] / count + domain.lo.at[d];
      slice.box.hi.at[d] = domain.extent(d) * (block.at[d] + 1) / count + domain.lo.at[d] - 1;
    }
    if (slice.box.volume() == 0) continue;
    slice.processor = slices.size() % processors;
    slices.push_back(slice);
  }
  return slices;
}

bool default_slices_stay_local(const LaunchInfo& launch) {
  const bool is_divided = launch.facts.depth == 1 && launch.parent && launch.parent->is_sharded;
  return is_divided || launch.stays_on_node;
}

ProcessorPlace DefaultInitialProcessors::next(const LaunchInfo& launch,
                                              machine::ProcessorKind kind) {
  const bool stays = launch.is_index() || launch.facts.depth == 0;
  if (stays && kind == local_.kind) return local_;
  const bool spreads = !launch.is_index() && launch.facts.depth == 1 &&
                       kind != machine::ProcessorKind::Io && !launch.stays_on_node;
  return spreads ? next_global(kind) : next_local(kind);
}

ProcessorPlace DefaultInitialProcessors::next_local(machine::ProcessorKind kind) {
  int& next = next_local_[kind];
  const ProcessorPlace place{kind, local_.node, next};
  next = (next + 1) % std::max(1, machine_->processors(kind, local_.node));
  return place;
}

ProcessorPlace DefaultInitialProcessors::next_global(machine::ProcessorKind kind) {
  if (machine_->node_count() == 1) return next_local(kind);
  int total = 0;
  for (int node = 0; node < machine_->node_count(); ++node)
    total += machine_->processors(kind, node);
  int& next = next_global_[kind];
  int ordinal = next;
  int node = 0;
  while (node + 1 < machine_->node_count() && ordinal >= machine_->processors(kind, node))
    ordinal -= machine_->processors(kind, node++);
  next = (next + 1) % std::max(1, total);
  return {kind, node, ordinal};
}

}  // namespace placewright::decide
