// SPDX-License-Identifier: Apache-2.0
// Compiles a mapper in C++ to a library that can be loaded into a Legion program. The source may
// come from a language model: compiling it, too, lets it read files (#include), and its messages
// show them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/result.h"

namespace placewright::experiments {

struct CompiledMapper {
  std::optional<std::string> library;  ///< Its path; nothing where the compiler refused.
  std::string messages;                ///< The compiler's, of the beginning only.
  double seconds = 0;
};

/// With the compiler and the Legion headers of this build; PLACEWRIGHT_COMPILER and
/// PLACEWRIGHT_LEGION_HEADERS (folders joined by `:`) name others. Writes `mapper.cpp` and
/// `mapper.so` to the folder. A compiler that takes longer than `timeout_s` refuses. Errors: no
/// compiler, no headers, cancelled, the folder cannot be written.
[[nodiscard]] Result<CompiledMapper> compile_mapper(const std::string& source,
                                                    const std::string& folder, double timeout_s,
                                                    const std::function<bool()>& cancelled);

/// The variables of this process that hold keys, tokens or passwords by their names: code that
/// nobody has read is not to see them.
[[nodiscard]] std::vector<std::string> secret_variables();

}  // namespace placewright::experiments
