// SPDX-License-Identifier: Apache-2.0
#include "launch/left_launches.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace placewright::launch {

std::string note_left_launches(const std::vector<LeftLaunches>& launches) {
  constexpr size_t kMostNames = 4;
  std::string text;
  for (auto from = launches.begin(); from != launches.end();) {
    const auto to = std::find_if(from, launches.end(), [&](const LeftLaunches& each) {
      return each.mapper != from->mapper;
    });
    uint64_t count = 0;
    std::vector<std::string> names;
    for (auto each = from; each != to; ++each) {
      count += each->count;
      if (names.size() < kMostNames) names.push_back("`" + each->task + "`");
    }
    const size_t more = static_cast<size_t>(to - from) - names.size();
    if (more > 0) names.push_back(fmt::format("{} more", more));
    text += fmt::format(
        "placewright: note: {} launch{} of {} use{} the program's mapper {}; `--replace-mapper` "
        "takes its place\n",
        count, count == 1 ? "" : "es", fmt::join(names, ", "), count == 1 ? "s" : "", from->mapper);
    from = to;
  }
  return text;
}

}  // namespace placewright::launch
