// SPDX-License-Identifier: Apache-2.0
// What the targets for libFuzzer share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace placewright {

inline std::string text_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the program where a target finds what must not be.
inline void require(bool fact) {
  if (!fact) std::abort();
}

}  // namespace placewright
