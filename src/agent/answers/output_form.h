// SPDX-License-Identifier: Apache-2.0
// The forms that answers are constrained to, where the server supports it: grammars and schemas
// narrowed to one application. answer.h reads everything they allow.
#pragma once

#include "lang/grammar/vocabulary.h"
#include "llm/language_model.h"
#include "workload/workload.h"

namespace placewright::agent {

/// The workload's names, without those that cannot be written in a mapping.
[[nodiscard]] lang::grammar::Vocabulary writable_vocabulary(const workload::Workload& workload);

/// At most `candidates` mappings with at most 12 rules of a kind each, because small models repeat
/// themselves. The standard index maps may be used without a definition.
[[nodiscard]] llm::OutputForm mapping_form(const lang::grammar::Vocabulary& vocabulary,
                                           int candidates);

/// JSON only: `{reasoning, answer, suggestion}`, or without the first two.
[[nodiscard]] llm::OutputForm suggestion_form(bool with_reasoning);

}  // namespace placewright::agent
