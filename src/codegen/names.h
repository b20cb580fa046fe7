// SPDX-License-Identifier: Apache-2.0
// What names of a mapping are called in C++, and in which order definitions must stand there.
#pragma once

#include <string>
#include <vector>

#include "lang/syntax/ast.h"
#include "support/diagnostics.h"

namespace placewright::codegen {

/// What a name of the mapping is called in C++. Names that C++ or the support code has already get
/// an underscore behind them, and so do names that end in one: no two names become one.
[[nodiscard]] std::string cpp_name(const std::string& name);

/// The definition of a name outside functions.
struct Definition {
  const lang::FunctionDefinition* function = nullptr;  ///< One of the two.
  const lang::Assignment* global = nullptr;
};

/// The definitions that count, what is used above its users. Reports circles and gives none then.
[[nodiscard]] std::vector<Definition> ordered_definitions(const lang::Program& program,
                                                          Diagnostics& diagnostics);

}  // namespace placewright::codegen
