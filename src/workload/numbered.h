// SPDX-License-Identifier: Apache-2.0
// Values of which equal ones have one number.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace placewright::workload {

/// In the order in which they came.
template <class Value>
struct Numbered {
  std::map<Value, uint32_t> numbers;
  std::vector<Value> values;
  uint32_t number(const Value& value) {
    const auto [known, is_new] = numbers.try_emplace(value, static_cast<uint32_t>(values.size()));
    if (is_new) values.push_back(value);
    return known->second;
  }
};

}  // namespace placewright::workload
