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
class Placement final {
 public:
  ~Placement();
  Placement(const Placement&) = delete;
  Placement& operator=(const Placement&) = delete;

  /// The kind of processor that ordinals count.
  [[nodiscard]] ProcessorKind kind() const { return kind_; }
  [[nodiscard]] const LaunchDomain& domain() const { return domain_; }
  /// No allocation, at most 50 ns. The point must be inside the domain.
  [[nodiscard]] Target at(const DomainPoint& point) const;

 private:
  ProcessorKind kind_;
  LaunchDomain domain_;
};

}  // namespace placewright
