// SPDX-License-Identifier: Apache-2.0
#include "common/checksum.h"

#include <initializer_list>

namespace apps {

uint64_t hash_value(uint64_t field, int64_t index, uint64_t bits) {
  uint64_t h = field * 0x9e3779b97f4a7c15ull;
  for (const uint64_t part : {static_cast<uint64_t>(index), bits}) {
    h ^= part;
    h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93ull;
    h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93ull;
    h ^= h >> 32;
  }
  return h;
}

}  // namespace apps
