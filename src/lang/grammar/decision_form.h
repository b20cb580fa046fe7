// SPDX-License-Identifier: Apache-2.0
// A mapping as a JSON object of decisions, for programs and language models that write JSON better
// than the language: rules only, plus a few index maps selected by name. It is converted to an
// ordinary mapping text.
#pragma once

#include <string>

#include "lang/grammar/vocabulary.h"
#include "support/result.h"

namespace placewright::lang::grammar {

/// JSON schema (2020-12) of the form. A vocabulary restricts names, kinds and memories to its own.
[[nodiscard]] std::string decision_schema(const Vocabulary* vocabulary);

/// The mapping text for a form. Errors: not JSON, an unknown or mistyped member, an unknown kind or
/// word. Each error names the path in the object, `regions[2].memories[0]`, and the nearest word.
[[nodiscard]] Result<std::string> mapping_from_form(const std::string& json);

}  // namespace placewright::lang::grammar
