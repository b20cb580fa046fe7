// SPDX-License-Identifier: Apache-2.0
// What a random task graph does, and what must come out of it. Knows nothing of Legion.
#pragma once

#include <cstdint>
#include <vector>

namespace stress {

constexpr int kFields = 2;
constexpr int kTaskNames = 5;

enum class Access { Read, Write, Overwrite, Add };
/// How a launch sees a region.
enum class Part { Whole, Pieces, Overlapping };

struct Use {
  int region = 0;
  int field = 0;
  Part part = Part::Pieces;
  Access access = Access::Read;
};

/// One launch. Of every region and field it has at most one use, so its points do not interfere.
struct Launch {
  int task = 0;         ///< Its name.
  bool index = true;    ///< Else a single task on whole regions.
  bool nested = false;  ///< By a task that is launched for it, and has its regions.
  int64_t number = 0;
  std::vector<Use> uses;
};

struct Plan {
  int regions = 1;
  int64_t elements = 1;  ///< Number in every region; a multiple of `pieces`.
  int pieces = 1;
  int rounds = 1;
  bool traced = false;
  std::vector<Launch> launches;  ///< Launches of one round.
};

[[nodiscard]] Plan make_plan(uint64_t seed);

/// The elements of a part that point `x` of a launch sees: [first, last).
struct Span {
  int64_t first = 0;
  int64_t last = 0;
};
[[nodiscard]] Span span_of(const Plan& plan, Part part, int64_t x);

/// What a task does to one element at position `i`; `sum` is that of all that it reads.
[[nodiscard]] inline uint64_t written(uint64_t old, uint64_t sum, uint64_t number, int64_t i) {
  return 3 * old + sum + number + static_cast<uint64_t>(i);
}
[[nodiscard]] inline uint64_t overwritten(uint64_t sum, uint64_t number, int64_t i) {
  return sum + 5 * number + static_cast<uint64_t>(i);
}
[[nodiscard]] inline uint64_t added(uint64_t sum, uint64_t number, int64_t i) {
  return sum % 1024 + number + static_cast<uint64_t>(i % 7);
}

/// The sum of position-weighted elements of one region and field after all rounds, one after the
/// other in plain arrays: by region, then field.
[[nodiscard]] std::vector<uint64_t> expected(const Plan& plan);
[[nodiscard]] inline uint64_t weighted(uint64_t value, int64_t i) {
  return value * static_cast<uint64_t>(2 * i + 1);
}

}  // namespace stress
