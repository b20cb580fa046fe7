// SPDX-License-Identifier: Apache-2.0
// The C++ names for the names of a mapping, and the order in which C++ needs their definitions.
#pragma once

#include <string>
#include <vector>

#include "lang/syntax/ast.h"
#include "support/diagnostics.h"

namespace placewright::codegen {

/// The C++ name for a name of the mapping. Names already taken by C++ or the support code get a
/// trailing underscore, and so do names that end in one: distinct names stay distinct.
[[nodiscard]] std::string cpp_name(const std::string& name);

/// The definition of a name outside functions.
struct Definition {
  const lang::FunctionDefinition* function = nullptr;  ///< Exactly one of the two is set.
  const lang::Assignment* global = nullptr;
};

/// The definitions that count, each before its users. Reports cycles and then returns none.
[[nodiscard]] std::vector<Definition> ordered_definitions(const lang::Program& program,
                                                          Diagnostics& diagnostics);

}  // namespace placewright::codegen
