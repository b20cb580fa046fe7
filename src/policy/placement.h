// SPDX-License-Identifier: Apache-2.0
// Where every point of one launch goes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "lang/columns/columns.h"
#include "machine/divider.h"
#include "machine/domain.h"
#include "machine/kinds.h"
#include "policy/rules.h"

namespace placewright::policy {

/// All targets that placements on processors of one kind can have. Immutable and shared.
struct TargetList {
  std::vector<Target> targets;
  std::vector<int32_t> ordinals;  ///< The targets' spans refer to it.
};

/// A number that steps with a coordinate: (x * multiplier / divisor) % modulus * weight.
struct StepTerm {
  uint64_t multiplier = 1;
  machine::Divider divisor;
  machine::Divider modulus;
  int64_t weight = 0;

  [[nodiscard]] int64_t at(uint64_t x) const {
    return static_cast<int64_t>(modulus.remainder(divisor.quotient(x * multiplier))) * weight;
  }
};

/// The contribution of one coordinate to a target's number: the sum of two steps, or a table.
struct PlacementAxis {
  std::array<StepTerm, 2> terms;
  std::vector<int32_t> table;  ///< Used when not empty.
};

/// Immutable and shared by sharding, slicing and mapping, so these cannot disagree.
///
/// Targets are numbered. The number of a point is stored in the smallest of these forms that fits:
/// - axes: base plus one contribution per coordinate. Block, cyclic and hierarchical maps in any
///   dimension have this form. A short axis (kAxisTableLength) is a table; a long one is a closed
///   form if one is found, so that its memory does not grow with the launch;
/// - linear: a closed form of the position in the launch (first or last coordinate fastest);
/// - table: two or four bytes per point;
/// - on demand: evaluated for each query, for launches too large for any table.
class Placement final : public LaunchPlacement {
 public:
  enum class Form { Axes, Linear, NarrowTable, WideTable, OnDemand };

  /// Chooses the form for target numbers given in the order of LaunchDomain::linear(), one per
  /// point. `width` is the distance between the numbers of neighbouring nodes' processors: number =
  /// node * width + ordinal for single processors.
  Placement(machine::ProcessorKind kind, const machine::LaunchDomain& domain,
            std::shared_ptr<const TargetList> list, std::span<const uint32_t> numbers,
            uint32_t width);
  /// On demand; the program must be total.
  Placement(machine::ProcessorKind kind, std::shared_ptr<const TargetList> list,
            lang::ColumnProgram program);
  Placement(const Placement&) = delete;
  Placement& operator=(const Placement&) = delete;

  /// The kind of processor that ordinals count.
  [[nodiscard]] machine::ProcessorKind kind() const override { return kind_; }
  [[nodiscard]] const machine::LaunchDomain& domain() const { return domain_; }
  /// No allocation, at most 50 ns. The point must be inside the domain.
  [[nodiscard]] Target at(const machine::DomainPoint& point) const override {
    return targets_[number(point)];
  }

  [[nodiscard]] Form form() const { return form_; }
  /// Whether no table is as long as the launch or one of its sides.
  [[nodiscard]] bool is_closed() const;
  /// Bytes held for this launch alone.
  [[nodiscard]] size_t memory_bytes() const;

 private:
  [[nodiscard]] uint32_t number(const machine::DomainPoint& point) const;

  machine::ProcessorKind kind_;
  Form form_ = Form::Axes;
  bool tables_only_ = true;  ///< All axes are tables.
  machine::LaunchDomain domain_;
  int64_t base_ = 0;
  const Target* targets_ = nullptr;
  std::array<int64_t, machine::kMaxDim> strides_{};  ///< For Linear and tables.
  std::vector<PlacementAxis> axes_;                  ///< One per dimension; one for Linear.
  std::vector<uint16_t> narrow_;
  std::vector<uint32_t> wide_;
  std::optional<lang::ColumnProgram> program_;
  std::shared_ptr<const TargetList> list_;
};

inline constexpr int64_t kAxisTableLength = 4096;

}  // namespace placewright::policy
