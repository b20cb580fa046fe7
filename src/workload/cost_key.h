// SPDX-License-Identifier: Apache-2.0
// What two stated costs are compared by.
#pragma once

#include <placewright/task_cost.h>

#include <vector>

namespace placewright::workload {

/// Equal for equal costs only.
[[nodiscard]] inline std::vector<double> key_of(const TaskCost& cost) {
  std::vector<double> key = {cost.fp32_flops, cost.fp64_flops, cost.parallelism};
  for (const ArgumentCost& each : cost.arguments)
    for (const double amount :
         {static_cast<double>(each.requirement), static_cast<double>(each.pattern), each.elements,
          each.bytes_read, each.bytes_written, each.footprint_bytes, each.hottest_share})
      key.push_back(amount);
  return key;
}

}  // namespace placewright::workload
