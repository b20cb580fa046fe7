// SPDX-License-Identifier: Apache-2.0
// Checksums that do not depend on the order in which values are visited: the sum modulo 2^64 of one
// hash per value. What a program prints as CHECKSUM depends on its input only, never on the
// mapping.
#pragma once

#include <cstdint>
#include <cstring>

namespace apps {

/// A hash of one value. `field` tells fields of an application apart, `index` is the element's.
[[nodiscard]] uint64_t hash_value(uint64_t field, int64_t index, uint64_t bits);

[[nodiscard]] inline uint64_t bits_of(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}
[[nodiscard]] inline uint64_t bits_of(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}
[[nodiscard]] inline uint64_t bits_of(int64_t value) { return static_cast<uint64_t>(value); }

}  // namespace apps
