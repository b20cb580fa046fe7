// SPDX-License-Identifier: Apache-2.0
// The results of a code-generation experiment, as a readable table and as complete JSON.
#pragma once

#include <string>

#include "experiments/codegen/codegen_experiment.h"

namespace placewright::experiments {

/// One line per target and mode: `ok` right, `x` compiles but fails, `-` does not compile, `?` no
/// answer, `.` not tried; then the share of right ones among those tried.
[[nodiscard]] std::string render_table(const CodegenResult& result);

/// Every attempt with its reply, code, messages, tokens and times.
[[nodiscard]] std::string to_json(const CodegenResult& result);

}  // namespace placewright::experiments
