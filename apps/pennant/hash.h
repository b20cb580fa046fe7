// SPDX-License-Identifier: Apache-2.0
// What pennant's checksum is made of. Points are numbered row by row through the whole mesh, so the
// checksum does not depend on the number of pieces.
#pragma once

#include "common/checksum.h"
#include "physics.h"

namespace pennant {

/// Numbers of the fields in apps::hash_value().
enum HashField : uint64_t {
  kHashDensity = 1,
  kHashEnergy,
  kHashPressure,
  kHashViscosity,
  kHashPositionX,
  kHashPositionY,
  kHashVelocityX,
  kHashVelocityY,
};

[[nodiscard]] inline uint64_t hash_point(int64_t point, Vec position, Vec velocity) {
  using apps::bits_of;
  using apps::hash_value;
  return hash_value(kHashPositionX, point, bits_of(position.x)) +
         hash_value(kHashPositionY, point, bits_of(position.y)) +
         hash_value(kHashVelocityX, point, bits_of(velocity.x)) +
         hash_value(kHashVelocityY, point, bits_of(velocity.y));
}

}  // namespace pennant
