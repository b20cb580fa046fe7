// SPDX-License-Identifier: Apache-2.0
#include "workload/loops.h"

#include <algorithm>
#include <limits>

namespace placewright::workload {
namespace {

constexpr size_t kLongestPeriod = 4096;

/// How many elements from the front have this period.
size_t covered(std::span<const uint32_t> rest, size_t period) {
  const auto differs =
      std::mismatch(rest.begin() + static_cast<std::ptrdiff_t>(period), rest.end(), rest.begin());
  const auto length = static_cast<size_t>(differs.first - rest.begin());
  return length / period * period;
}

struct Repeat {
  size_t period = 1;
  size_t length = 1;
};

Repeat longest_repeat(std::span<const uint32_t> rest) {
  Repeat best;
  const size_t longest = std::min(kLongestPeriod, rest.size() / 2);
  for (size_t period = 1; period <= longest; ++period) {
    if (rest[period] != rest[0]) continue;
    const size_t length = covered(rest, period);
    if (length >= 2 * period && length > best.length) best = {period, length};
    // A longer period covers no more than all of it.
    if (best.length + best.period > rest.size()) break;
  }
  return best;
}

}  // namespace

std::vector<Loop> find_loops(std::span<const uint32_t> sequence) {
  std::vector<Loop> loops;
  bool is_open = false;  // The last loop is one pass, and may get more elements.
  while (!sequence.empty()) {
    const Repeat repeat = longest_repeat(sequence);
    const auto body = sequence.first(repeat.period);
    if (repeat.length > repeat.period) {
      loops.push_back({repeat.length / repeat.period, {body.begin(), body.end()}});
      is_open = false;
    } else {
      if (!is_open) loops.emplace_back();
      is_open = true;
      loops.back().body.push_back(sequence.front());
    }
    sequence = sequence.subspan(repeat.length);
  }
  return loops;
}

std::vector<uint32_t> unrolled(std::span<const Loop> loops) {
  std::vector<uint32_t> sequence;
  for (const Loop& loop : loops)
    for (uint64_t pass = 0; pass < loop.count; ++pass)
      sequence.insert(sequence.end(), loop.body.begin(), loop.body.end());
  return sequence;
}

uint64_t unrolled_size(std::span<const Loop> loops) {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  uint64_t size = 0;
  for (const Loop& loop : loops) {
    uint64_t all = 0;
    if (__builtin_mul_overflow(loop.count, uint64_t{loop.body.size()}, &all) ||
        __builtin_add_overflow(size, all, &size))
      return kMost;
  }
  return size;
}

}  // namespace placewright::workload
