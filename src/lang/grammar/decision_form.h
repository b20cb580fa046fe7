// SPDX-License-Identifier: Apache-2.0
// A mapping as a JSON object of decisions, for programs and language models that write JSON better
// than a language: rules only, with a few index maps by name. It becomes an ordinary mapping text.
#pragma once

#include <string>

#include "lang/grammar/vocabulary.h"
#include "support/result.h"

namespace placewright::lang::grammar {

/// JSON schema (2020-12) of the form. With a vocabulary names, kinds and memories are limited to
/// it.
[[nodiscard]] std::string decision_schema(const Vocabulary* vocabulary);

/// The mapping that a form means. Errors: not JSON, an unknown or mistyped member, an unknown kind
/// or word; each names the place in the object, `regions[2].memories[0]`, and the nearest word.
[[nodiscard]] Result<std::string> mapping_from_form(const std::string& json);

}  // namespace placewright::lang::grammar
