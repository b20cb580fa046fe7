// SPDX-License-Identifier: Apache-2.0
#include "support/json.h"

#include <fmt/core.h>

namespace placewright {

std::string JsonMisfit::message(const std::string& path) const {
  const std::string what = path.empty() ? std::string("a value") : fmt::format("`{}`", path);
  return fmt::format("{} is `{}`, expected {}", what, shown_, expected_);
}

namespace json_detail {

std::string integers(int64_t lowest, uint64_t highest) {
  return fmt::format("a whole number from {} to {}", lowest, highest);
}

std::string depth_error(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string && c == '\\') {
      ++at;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '[' || c == '{')) {
      if (++depth > kMaxJsonDepth)
        return fmt::format("nested more than {} deep at byte {}", kMaxJsonDepth, at + 1);
    } else if (!in_string && (c == ']' || c == '}')) {
      --depth;
    }
  }
  return "";
}

std::string parse_error(size_t byte) { return fmt::format("not JSON: wrong at byte {}", byte); }

std::string plain(std::string_view message) {
  const size_t end = message.starts_with("[json.exception.") ? message.find("] ") : message.npos;
  return std::string(end == message.npos ? message : message.substr(end + 2));
}

}  // namespace json_detail
}  // namespace placewright
