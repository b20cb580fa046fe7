// SPDX-License-Identifier: Apache-2.0
// The layout of an instance: what a rule asks for, merged with what a task variant demands. The
// variant's demand wins, because its accessors rely on it. Plain data with the constraints that
// Legion knows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "decide/machine.h"
#include "machine/domain.h"
#include "machine/instance.h"
#include "policy/rule_types.h"

namespace placewright::decide {

using FieldId = uint32_t;
/// The runtime's id of a reduction; 0 is none.
using ReductionId = int;

/// The order of fields and dimensions, fastest-varying first; a dimension by its number. The
/// runtime has numbers for more than an instance's own dimensions.
struct Ordering {
  static constexpr int8_t kFields = -1;
  std::vector<int8_t> axes = {};
  bool contiguous = false;
  friend bool operator==(const Ordering&, const Ordering&) = default;
};

/// An order in the terms of the language; F for a single dimension.
[[nodiscard]] machine::DataOrder describe(const Ordering& ordering, int dim);

/// How the points of an instance are stored. Raw is a kind that no mapping can ask for; Any is for
/// demands that leave it open.
enum class Storage : uint8_t { Affine, Compact, Reduction, CompactReduction, Raw, Any };

struct Specialization {
  Storage storage = Storage::Affine;
  ReductionId reduction = 0;
  int raw = 0;  ///< The runtime's number of the kind, for Raw.
  bool no_access = false;
  bool exact = false;  ///< Exactly the bounds of the region.
  uint64_t most_pieces = UINT64_MAX;
  int most_overhead = 0;  ///< In percent.
  friend bool operator==(const Specialization&, const Specialization&) = default;
};

struct FieldList {
  std::vector<FieldId> ids = {};
  bool contiguous = false;
  bool in_order = false;
  friend bool operator==(const FieldList&, const FieldList&) = default;
};

struct FieldAlignment {
  FieldId field;
  policy::Relation relation;
  uint64_t bytes;
  friend bool operator==(const FieldAlignment&, const FieldAlignment&) = default;
};
struct FieldOffset {
  FieldId field;
  int64_t bytes;
  friend bool operator==(const FieldOffset&, const FieldOffset&) = default;
};
struct Tiling {
  int8_t axis;
  int64_t value;
  bool counts_tiles;
  friend bool operator==(const Tiling&, const Tiling&) = default;
};
struct AxisBound {
  int8_t axis;
  policy::Relation relation;
  int64_t value;
  friend bool operator==(const AxisBound&, const AxisBound&) = default;
};

struct Layout {
  Specialization specialization = {};
  Ordering ordering = {};
  FieldList fields = {};
  std::vector<FieldAlignment> alignments = {};
  std::vector<FieldOffset> offsets = {};
  std::vector<Tiling> tilings = {};
  std::vector<AxisBound> bounds = {};
  /// Points to add below and above the region in each dimension.
  std::optional<machine::LaunchDomain> padding = std::nullopt;
  friend bool operator==(const Layout&, const Layout&) = default;
};

/// What a variant demands for one argument. It leaves open what the layout does not name: an empty
/// ordering, no fields, any storage. Affine storage is a demand like any other, and the runtime's
/// constraints say so unless they say something else.
struct Demand {
  Layout layout = {};
  std::optional<RawMemoryKind> memory = std::nullopt;
};

/// A rule and a variant that want different things, "AOS F_order" or "Compact". The variant wins.
struct LayoutConflict {
  std::string wanted;
  std::string demanded;
};

struct LayoutRequest {
  Layout layout;
  bool tight = false;  ///< Exactly the bounds of the region.
  std::optional<LayoutConflict> conflict;
};

/// The layout of an instance with exactly these fields, for data of `dim` dimensions. A reduction
/// other than 0 makes it a reduction instance. Every constraint of every demand holds, as far as it
/// is about these fields; of two that contradict each other, the later one.
[[nodiscard]] LayoutRequest request_layout(const std::optional<policy::LayoutRule>& rule, int dim,
                                           const std::vector<FieldId>& fields,
                                           ReductionId reduction,
                                           const std::vector<Demand>& demands);

/// What the runtime can do of a request for a region that a task makes itself: it takes an order of
/// the dimensions, and each field is apart from the others.
[[nodiscard]] LayoutRequest for_output(LayoutRequest request, int dim);

}  // namespace placewright::decide
