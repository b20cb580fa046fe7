// SPDX-License-Identifier: Apache-2.0
// Parameters as the paper about Mapple prints them: `def f(Tuple ipoint, Tuple ispace)`, without the
// task, of a type that the language calls `IPoint`, with names that are reserved words. Reported,
// then accepted: the tree is that of the corrected text.
#pragma once

#include "lang/syntax/parse_context.h"

namespace placewright::lang {

/// The parameters of a mapping function that takes the point and the extents of the launch instead
/// of the task, at the `(`. While it lives, their names in the body stand for `task.ipoint` and
/// `task.ispace`. Its destructor reports what it took, with all fixes.
class PrintedParameters {
 public:
  PrintedParameters(ParseContext& context, FunctionDefinition& function);
  ~PrintedParameters();
  PrintedParameters(const PrintedParameters&) = delete;
  PrintedParameters& operator=(const PrintedParameters&) = delete;

  bool taken = false;

 private:
  ParseContext& context_;
  const FunctionDefinition& function_;  ///< Its name and parameters may have been moved away.
  std::string task_;                    ///< The parameter that stands in their place.
};

/// `Tuple p`, or a parameter whose name is a reserved word; false if there is none.
bool parse_printed_parameter(ParseContext& context, FunctionDefinition& function);

/// What a name stands for; null if it stands for itself.
[[nodiscard]] ExprPtr stand_in(ParseContext& context, const Token& token);

/// Reports a variable with the name of a parameter that stands for something else.
[[nodiscard]] bool hides_stand_in(ParseContext& context, const Name& variable);

}  // namespace placewright::lang
