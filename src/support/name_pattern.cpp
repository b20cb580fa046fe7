// SPDX-License-Identifier: Apache-2.0
#include "support/name_pattern.h"

#include <algorithm>

namespace placewright {
namespace {

auto written_characters(std::string_view pattern) {
  return std::count_if(pattern.begin(), pattern.end(), [](char c) { return c != '*'; });
}

}  // namespace

bool is_name_pattern(std::string_view name) { return name.find('*') != std::string_view::npos; }

bool matches_pattern(std::string_view pattern, std::string_view name) {
  const size_t first = pattern.find('*');
  if (first == std::string_view::npos) return pattern == name;
  const std::string_view begin = pattern.substr(0, first);
  const std::string_view end = pattern.substr(pattern.rfind('*') + 1);
  if (name.size() < begin.size() + end.size() || name.substr(0, begin.size()) != begin ||
      name.substr(name.size() - end.size()) != end)
    return false;
  name = name.substr(begin.size(), name.size() - begin.size() - end.size());
  // The first place of each part leaves most room for the next.
  for (size_t at = first; at < pattern.size() - end.size() - 1;) {
    const size_t next = pattern.find('*', at + 1);
    const std::string_view part = pattern.substr(at + 1, next - at - 1);
    const size_t found = name.find(part);
    if (found == std::string_view::npos) return false;
    name.remove_prefix(found + part.size());
    at = next;
  }
  return true;
}

bool is_narrower(std::string_view pattern, std::string_view other) {
  const auto a = written_characters(pattern), b = written_characters(other);
  return a != b ? a > b : pattern < other;
}

}  // namespace placewright
