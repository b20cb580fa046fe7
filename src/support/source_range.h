// SPDX-License-Identifier: Apache-2.0
// Ranges of a text written by a user.
#pragma once

#include <cstdint>

namespace placewright {

/// A half-open range of byte offsets into one SourceFile.
struct SourceRange {
  uint32_t begin = 0;
  uint32_t end = 0;
  /// Whether a range lies within this one.
  [[nodiscard]] bool contains(SourceRange other) const {
    return begin <= other.begin && other.end <= end;
  }
  friend bool operator==(const SourceRange&, const SourceRange&) = default;
};

/// From the start of the first range to the end of the second.
[[nodiscard]] inline SourceRange join(SourceRange first, SourceRange last) {
  return {first.begin, last.end};
}

}  // namespace placewright
