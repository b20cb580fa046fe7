// SPDX-License-Identifier: Apache-2.0
// Seeded choices that are identical on every platform. Not std::uniform_int_distribution, whose
// results differ between standard libraries.
#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace placewright {

class Draw {
 public:
  explicit Draw(uint64_t seed) : generator_(seed) {}

  /// A number from 0 to limit - 1; `limit` is at least 1.
  size_t below(size_t limit) { return generator_() % limit; }
  bool flip() { return below(2) == 0; }
  template <class T>
  const T& one_of(const std::vector<T>& list) {
    return list[below(list.size())];
  }
  template <class T>
  void shuffle(std::vector<T>& list) {
    for (size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }

 private:
  std::mt19937_64 generator_;
};

}  // namespace placewright
