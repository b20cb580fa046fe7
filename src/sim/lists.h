// SPDX-License-Identifier: Apache-2.0
// Short lists of values, one after the other in one array. Most lists of a timeline are those of earlier
// activities again, so equal ones are kept once where a look into a small table finds them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace placewright::sim {

/// Where a list is in its array.
struct Part {
  uint32_t begin = 0;
  uint32_t count = 0;
};

/// `Hash`: a function of a value. Values can be compared.
template <class Value, class Hash>
class Lists {
 public:
  Part add(std::span<const Value> list) {
    if (list.empty()) return {};
    uint64_t hash = list.size();
    for (const Value& value : list) hash = (hash ^ Hash()(value)) * 0x9e3779b97f4a7c15;
    Part& recent = recent_[hash >> (64 - kBits)];
    const std::span<const Value> known = of(recent);
    if (std::equal(known.begin(), known.end(), list.begin(), list.end())) return recent;
    recent = {static_cast<uint32_t>(all_.size()), static_cast<uint32_t>(list.size())};
    all_.insert(all_.end(), list.begin(), list.end());
    return recent;
  }
  [[nodiscard]] std::span<const Value> of(Part part) const {
    return std::span(all_).subspan(part.begin, part.count);
  }

 private:
  static constexpr int kBits = 8;
  std::vector<Value> all_;
  std::array<Part, size_t{1} << kBits> recent_ = {};
};

}  // namespace placewright::sim
