// SPDX-License-Identifier: Apache-2.0
// What the files of a recording and of its parts share.
#pragma once

#include <limits>
#include <vector>

#include "support/json.h"
#include "workload/recording.h"
#include "workload/workload_node.h"

namespace placewright::workload {

[[nodiscard]] nlohmann::ordered_json recording_json(const Recording& recording);
[[nodiscard]] nlohmann::ordered_json operation_json(const Operation& operation);

/// Numbers may be of what is not there: check() has not seen it.
[[nodiscard]] Result<Recording> read_unchecked(const WorkloadNode& root);
[[nodiscard]] Result<Operation> read_operation(const WorkloadNode& node);

template <class Number>
Result<Number> read_number(const WorkloadNode& node) {
  return node.number(Number{0}, std::numeric_limits<Number>::max());
}

template <class Number>
Result<std::vector<Number>> read_all_numbers(const WorkloadNode& node) {
  return read_all(Result<WorkloadNode>(node), read_number<Number>);
}

}  // namespace placewright::workload
