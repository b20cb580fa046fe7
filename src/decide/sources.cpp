// SPDX-License-Identifier: Apache-2.0
#include "decide/sources.h"

#include <algorithm>
#include <tuple>

namespace placewright::decide {

void rank_sources(std::span<CopySource> sources) {
  std::sort(sources.begin(), sources.end(), [](const CopySource& a, const CopySource& b) {
    return std::tuple(b.shared, b.bandwidth, b.memory, b.number) <
           std::tuple(a.shared, a.bandwidth, a.memory, a.number);
  });
}

}  // namespace placewright::decide
