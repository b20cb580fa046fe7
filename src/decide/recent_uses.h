// SPDX-License-Identifier: Apache-2.0
// Which instances tasks used last, in the order in which the tasks were mapped. One object per
// process, thread-safe.
//
// A mapping must mean the same whatever was mapped before it: among sources that are equally good,
// the runtime's own order depends on when each instance was made, which a step under another mapping
// can change for good.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace placewright::decide {

class RecentUses {
 public:
  /// A task that uses the instance was mapped.
  void used(uint64_t instance) { last_[place(instance)].store(++uses_, std::memory_order_relaxed); }
  /// Larger for instances that were used later; 0 for those never used. Instances that share an
  /// entry of the table count as one.
  [[nodiscard]] uint64_t last(uint64_t instance) const {
    return last_[place(instance)].load(std::memory_order_relaxed);
  }

 private:
  static constexpr int kBits = 14;
  [[nodiscard]] static size_t place(uint64_t instance) {
    // Multiplicative hashing (Knuth, The Art of Computer Programming, 6.4).
    return static_cast<size_t>((instance * 0x9e3779b97f4a7c15U) >> (64 - kBits));
  }

  std::atomic<uint64_t> uses_ = 0;
  std::array<std::atomic<uint64_t>, size_t{1} << kBits> last_{};
};

}  // namespace placewright::decide
