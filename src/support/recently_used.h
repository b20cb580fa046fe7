// SPDX-License-Identifier: Apache-2.0
// A map that keeps the entries used last.
#pragma once

#include <algorithm>
#include <cstddef>
#include <list>
#include <utility>

namespace placewright {

/// For a few dozen entries: a look-up takes time for each. Not thread-safe.
template <class Key, class Value>
class RecentlyUsed {
 public:
  explicit RecentlyUsed(size_t most) : most_(most) {}

  /// Null if it is not there. Valid until the next add().
  [[nodiscard]] Value* find(const Key& key) {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(),
                     [&](const std::pair<Key, Value>& entry) { return entry.first == key; });
    if (found == entries_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found);
    return &entries_.front().second;
  }
  /// Removes the entry that was not used for the longest time if there are too many.
  Value& add(Key key, Value value) {
    entries_.emplace_front(std::move(key), std::move(value));
    if (entries_.size() > most_) entries_.pop_back();
    return entries_.front().second;
  }
  [[nodiscard]] size_t size() const { return entries_.size(); }

 private:
  size_t most_;
  std::list<std::pair<Key, Value>> entries_;  ///< The one used last is the first.
};

}  // namespace placewright
