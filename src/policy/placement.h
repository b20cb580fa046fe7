// Where every point of one launch goes.
#pragma once

#include <memory>
#include <span>

#include "machine/domain.h"
#include "machine/kinds.h"

namespace placewright {

/// A node and the ordinals of the processors on it that may run a point: usually one, several where
/// the mapping function returned a set (`m[i, *]`). The span lives as long as its Placement.
struct Target {
  int32_t node = 0;
  std::span<const int32_t> processors;
};

/// Immutable and shared by sharding, slicing and mapping, which therefore cannot disagree. Block
/// and cyclic maps are kept as closed forms, others as a table.
class Placement {
 public:
  virtual ~Placement() = default;

  /// The kind of processor that ordinals count.
  [[nodiscard]] virtual ProcessorKind kind() const = 0;
  [[nodiscard]] virtual const LaunchDomain& domain() const = 0;
  /// No allocation, at most 50 ns. The point must be inside the domain.
  [[nodiscard]] virtual Target at(const DomainPoint& point) const = 0;
};

}  // namespace placewright
