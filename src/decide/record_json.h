// SPDX-License-Identifier: Apache-2.0
// Records as lines of JSON, {"task": ...}, {"options": ...} or {"slices": ...}, after one line
// {"machine": ...}.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "decide/task_record.h"
#include "support/result.h"

namespace placewright::decide {

/// Without a line break.
[[nodiscard]] std::string to_json(const Machine& machine);
[[nodiscard]] std::string to_json(const TaskRecord& record);
[[nodiscard]] std::string to_json(const OptionsRecord& record);
[[nodiscard]] std::string to_json(const SliceRecord& record);

/// A demand by itself, for other files.
[[nodiscard]] std::string to_json(const Demand& demand);
/// Errors: no JSON, or a value that does not fit.
[[nodiscard]] Result<Demand> read_demand(std::string_view text);

using RecordLine = std::variant<Machine, TaskRecord, OptionsRecord, SliceRecord>;
/// Errors: no JSON, or not one of the four lines.
[[nodiscard]] Result<RecordLine> read_record(std::string_view line);

}  // namespace placewright::decide
