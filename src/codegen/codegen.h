// SPDX-License-Identifier: Apache-2.0
// Translates a mapping to C++: a Legion mapper in one file that needs only Legion and the standard
// library and takes the same decisions as the plug-in. Functions and rules are translated one by
// one, so that the result can be read beside the mapping; the support code they rely on (support/)
// is the same in every file.
#pragma once

#include <optional>
#include <string>

#include "policy/policy.h"

namespace placewright::codegen {

/// The text of the C++ file. `name` is the namespace and the mapper's name, a C++ identifier.
/// nullopt after reporting what cannot be translated: functions or global values that depend on
/// each other in a cycle, and tuples unpacked into arguments. The mapping must have passed the
/// checker.
[[nodiscard]] std::optional<std::string> generate_mapper(const policy::Mapping& mapping,
                                                         const std::string& name,
                                                         Diagnostics& diagnostics);
/// Makes a C++ identifier from a file name: `my-map.mapping` gives `my_map`.
[[nodiscard]] std::string mapper_name(const std::string& file);

}  // namespace placewright::codegen
