// SPDX-License-Identifier: Apache-2.0
#include "support/standard_input.h"

#include <fmt/core.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace placewright {

Result<std::string> read_standard_input() {
  constexpr size_t kMaxBytes = 16U << 20;
  static bool was_read = false;
  if (std::exchange(was_read, true))
    return fail("standard input can be read only once", "name a file in place of the second `-`");
  std::string text;
  std::array<char, 65536> piece;
  while (const size_t size = std::fread(piece.data(), 1, piece.size(), stdin)) {
    text.append(piece.data(), size);
    if (text.size() > kMaxBytes) return fail("standard input is larger than 16 MiB");
  }
  if (std::ferror(stdin) != 0)
    return fail(fmt::format("cannot read standard input: {}", std::strerror(errno)));
  return text;
}

}  // namespace placewright
