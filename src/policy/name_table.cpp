// SPDX-License-Identifier: Apache-2.0
#include "policy/name_table.h"

#include <mutex>

namespace placewright::policy {

void NameTable::add(const std::string& name) {
  const bool is_new = numbers_.try_emplace(name, static_cast<int>(numbers_.size()) + 1).second;
  if (!is_new) return;
  itself_.push_back(static_cast<int>(itself_.size()));
  is_pattern_.push_back(is_name_pattern(name));
  if (is_pattern_.back()) patterns_.insert(name);
}

int NameTable::mentioned(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? 0 : found->second;
}

int NameTable::find(std::string_view name) const {
  const int number = mentioned(name);
  if (patterns_.empty()) return number;
  std::vector<int> keys;
  if (number > 0) keys.push_back(number);
  for (const std::string& pattern : patterns_) {
    if (pattern != name && matches_pattern(pattern, name)) keys.push_back(mentioned(pattern));
  }
  if (keys.empty() || keys == std::vector<int>{number}) return number;
  {
    const std::shared_lock lock(mutex_);
    const auto known = matched_numbers_.find(keys);
    if (known != matched_numbers_.end()) return known->second;
  }
  const std::unique_lock lock(mutex_);
  const auto [entry, is_new] =
      matched_numbers_.try_emplace(keys, size() + static_cast<int>(matched_.size()) + 1);
  if (is_new) matched_.push_back(std::move(keys));
  return entry->second;
}

std::span<const int> NameTable::keys(int number) const {
  if (number == 0) return {};
  if (number <= size()) return std::span(itself_).subspan(static_cast<size_t>(number), 1);
  const std::shared_lock lock(mutex_);
  return matched_[static_cast<size_t>(number - size() - 1)];
}

}  // namespace placewright::policy
