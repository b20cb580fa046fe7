// SPDX-License-Identifier: Apache-2.0
// Compiles a C++ mapper to a library that can be loaded into a Legion program. The source may come
// from a language model. Even compiling lets it read files (#include), whose text appears in the
// compiler's messages.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/result.h"

namespace placewright::experiments {

struct CompiledMapper {
  std::optional<std::string> library;  ///< Its path; unset if the compiler rejected the source.
  std::string messages;                ///< The beginning of the compiler's messages.
  double seconds = 0;
};

/// Uses the compiler of this build and the headers of the Legion runtime; PLACEWRIGHT_COMPILER and
/// PLACEWRIGHT_LEGION_HEADERS (folders joined by `:`) override them. Writes `mapper.cpp` and
/// `mapper.so` to the folder. Exceeding `timeout_s` counts as a rejection. Errors: no compiler, no
/// headers, cancelled, the folder cannot be written.
[[nodiscard]] Result<CompiledMapper> compile_mapper(const std::string& source,
                                                    const std::string& folder, double timeout_s,
                                                    const std::function<bool()>& cancelled);

/// The environment variables that, by their names, hold keys, tokens or passwords: unreviewed code
/// must not see them.
[[nodiscard]] std::vector<std::string> secret_variables();

}  // namespace placewright::experiments
