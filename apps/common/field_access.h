// SPDX-License-Identifier: Apache-2.0
// From Legion's regions to plain memory (column.h).
#pragma once

#include <legion.h>

#include <type_traits>

#include "common/column.h"
#include "common/interval.h"

namespace apps {

namespace detail {

template <class T, int DIM>
using FieldAccessor = Legion::UnsafeFieldAccessor<
    std::remove_const_t<T>, DIM, Legion::coord_t,
    Realm::AffineAccessor<std::remove_const_t<T>, DIM, Legion::coord_t>>;

}  // namespace detail

/// A field of a requirement in any layout; for an empty region, an address never dereferenced.
template <class T>
[[nodiscard]] Column<T> column(const Legion::PhysicalRegion& region, Legion::FieldID field) {
  if (region.get_bounds<1, Legion::coord_t>().empty()) return {};
  const detail::FieldAccessor<T, 1> accessor(region, field, /*silence_warnings=*/true);
  return {accessor.accessor.base, static_cast<size_t>(accessor.accessor.strides[0])};
}

/// The same for a two-dimensional region.
template <class T>
[[nodiscard]] Grid<T> grid(const Legion::PhysicalRegion& region, Legion::FieldID field) {
  if (region.get_bounds<2, Legion::coord_t>().empty()) return {};
  const detail::FieldAccessor<T, 2> accessor(region, field, /*silence_warnings=*/true);
  return {accessor.accessor.base,
          {static_cast<size_t>(accessor.accessor.strides[0]),
           static_cast<size_t>(accessor.accessor.strides[1])}};
}

/// Converts an interval to Legion's rectangle; an empty one stays empty at its position.
[[nodiscard]] inline Legion::Rect<1> to_rect(Interval interval) {
  return {interval.first, interval.size() == 0 ? interval.first - 1 : interval.last};
}

}  // namespace apps
