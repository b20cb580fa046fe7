// SPDX-License-Identifier: Apache-2.0
// The names that rules mention, by number. A name of the program becomes the number of what the
// rules can tell apart: all names of which no rule speaks share the number 0.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/name_pattern.h"

namespace placewright::policy {

class NameTable {
 public:
  /// All names are added before the first find().
  void add(const std::string& name);
  /// The number of a name as a rule writes it; 0 if no rule mentions it.
  [[nodiscard]] int mentioned(std::string_view name) const;
  /// The number of a name of the program. Thread-safe; without a lock if no rule has a pattern.
  [[nodiscard]] int find(std::string_view name) const;
  /// What find() returned, as the numbers of the mentioned names that speak of the name: itself
  /// first, then its patterns, the narrowest first. Thread-safe; stays valid.
  [[nodiscard]] std::span<const int> keys(int number) const;
  [[nodiscard]] bool is_pattern(int mentioned) const {
    return is_pattern_[static_cast<size_t>(mentioned)];
  }
  [[nodiscard]] int size() const { return static_cast<int>(numbers_.size()); }

 private:
  std::map<std::string, int, std::less<>> numbers_;  ///< From 1.
  std::vector<int> itself_ = {0};                    ///< By number: the same number.
  std::vector<bool> is_pattern_ = {false};           ///< By number.
  std::set<std::string, decltype(&is_narrower)> patterns_{is_narrower};
  mutable std::shared_mutex mutex_;  ///< Guards the members below, which only grow.
  /// The keys of the numbers above size(), each for the names that the same patterns match.
  mutable std::deque<std::vector<int>> matched_;
  mutable std::map<std::vector<int>, int> matched_numbers_;
};

}  // namespace placewright::policy
