// SPDX-License-Identifier: Apache-2.0
// Processor spaces: the values of `Machine(GPU)` and of its transformations. A space maps an index
// to a processor and, conversely, a processor to its index. It evaluates no expressions and knows
// no capacities or speeds.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "machine/kinds.h"
#include "machine/shape.h"
#include "support/result.h"

namespace placewright::machine {

inline constexpr int kMaxSpaceRank = 16;
inline constexpr int kMaxSpaceSteps = 64;

/// An index into a space, or its sizes: `rank` numbers.
struct SpaceIndex {
  int rank = 0;
  std::array<int64_t, kMaxSpaceRank> at{};
  friend bool operator==(const SpaceIndex&, const SpaceIndex&) = default;
  [[nodiscard]] std::span<const int64_t> span() const {
    return {at.data(), static_cast<size_t>(rank)};
  }
};

/// A processor of a machine: the `ordinal`-th of its kind on `node`.
struct ProcessorPosition {
  int64_t node = 0;
  int64_t ordinal = 0;
  friend bool operator==(const ProcessorPosition&, const ProcessorPosition&) = default;
};

/// A chain of transformations over the two-dimensional space nodes x processors per node, or over
/// all processors in one dimension. Immutable; copies are cheap and share the chain.
///
/// With old sizes s, new sizes n, an old index x and a new index y the transformations are:
///
///   merge(a,b)     n[a] = s[a]*s[b], b removed     x[a] = y[r] / s[b], x[b] = y[r] % s[b]
///   split(d,f)     s[d] -> f, s[d]/f               x[d] = y[d] + y[d+1]*f
///   swap(a,b)      sizes exchanged                 coordinates exchanged
///   slice(d,lo,hi) n[d] = hi-lo+1                  x[d] = y[d] + lo
///   reverse(d)     unchanged                       x[d] = s[d]-1-y[d]
///   *_split(d,..), decompose(d,..)
///                  s[d] -> factors f0, f1, ..      x[d] = y[d] + y[d+1]*f0 + y[d+2]*f0*f1 ..
///
/// where merge leaves the merged dimension at r = a if a < b, else at a-1. The factors of the last
/// two are those of factor.h and decompose.h. A split() that does not divide the size loses the
/// processors of the remainder; callers warn about it.
///
/// Errors common to all: a dimension that is negative or not below rank(), more than kMaxSpaceRank
/// dimensions or kMaxSpaceSteps transformations, sizes beyond 64 bits. Messages name the dimension
/// and the size.
class ProcessorSpace {
 public:
  ProcessorSpace(ProcessorKind kind, int64_t nodes, int64_t processors_per_node);
  /// Machine(K): the nodes that have the kind x the smallest count on any of them.
  ProcessorSpace(ProcessorKind kind, const MachineShape& machine);

  [[nodiscard]] ProcessorKind kind() const;
  [[nodiscard]] int rank() const { return sizes().rank; }
  [[nodiscard]] const SpaceIndex& sizes() const;
  [[nodiscard]] int64_t volume() const;

  /// Every processor of the kind in one dimension, those of node 0 first. Errors: a space that is
  /// not Machine(K) itself.
  [[nodiscard]] Result<ProcessorSpace> all() const;
  /// How many processors of the kind Machine(K) leaves out because nodes have different numbers of
  /// them; 0 for other spaces.
  [[nodiscard]] int64_t left_out() const;

  /// Errors: equal dimensions.
  [[nodiscard]] Result<ProcessorSpace> merge(int64_t a, int64_t b) const;
  /// Errors: a factor below 1.
  [[nodiscard]] Result<ProcessorSpace> split(int64_t d, int64_t factor) const;
  /// Errors: equal dimensions.
  [[nodiscard]] Result<ProcessorSpace> swap(int64_t a, int64_t b) const;
  /// Both bounds are inclusive. Errors: a bound outside the dimension, hi below lo.
  [[nodiscard]] Result<ProcessorSpace> slice(int64_t d, int64_t lo, int64_t hi) const;
  [[nodiscard]] Result<ProcessorSpace> reverse(int64_t d) const;
  /// Errors: an empty dimension, a number of parts other than 2 or 3.
  [[nodiscard]] Result<ProcessorSpace> balance_split(int64_t d, int64_t parts) const;
  /// Errors: those of factor.h. Adds to `steps`, if given, how many ways it tried.
  [[nodiscard]] Result<ProcessorSpace> auto_split(int64_t d, std::span<const int64_t> extents,
                                                  int64_t* steps = nullptr) const;
  [[nodiscard]] Result<ProcessorSpace> greedy_split(int64_t d,
                                                    std::span<const int64_t> extents) const;

  /// Errors: those of decompose.h. Adds to `steps`, if given, how many its search took.
  [[nodiscard]] Result<ProcessorSpace> decompose(int64_t d, std::span<const int64_t> extents,
                                                 std::span<const int64_t> halos,
                                                 int64_t* steps = nullptr) const;

  /// The processor at an index. An index within the sizes maps to indices within the sizes of every
  /// space of the chain. Errors: a number of indices other than rank(), an index that is negative
  /// or not below the size of its dimension.
  [[nodiscard]] Result<ProcessorPosition> at(std::span<const int64_t> index) const;

  /// The inverse of at(). Errors: a processor that is not part of the space (sliced away, lost in a
  /// split that does not divide evenly, or not on the machine).
  [[nodiscard]] Result<SpaceIndex> index_of(ProcessorPosition processor) const;

  /// `GPU (2,4)`.
  [[nodiscard]] std::string to_string() const;

 private:
  struct Step;
  struct Nodes;
  explicit ProcessorSpace(std::shared_ptr<const Step> step) : step_(std::move(step)) {}

  [[nodiscard]] Result<void> check_dimension(int64_t d) const;
  /// Before anything is computed for a split of a dimension into so many.
  [[nodiscard]] Result<void> check_split(int64_t d, size_t parts) const;
  [[nodiscard]] Result<Step> next_step() const;
  [[nodiscard]] Result<ProcessorSpace> split_into(int64_t d,
                                                  std::span<const int64_t> factors) const;

  std::shared_ptr<const Step> step_;
};

}  // namespace placewright::machine
