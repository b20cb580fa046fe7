// SPDX-License-Identifier: Apache-2.0
// The forms that answers are constrained to, where a server can: grammars and schemas narrowed to
// one application. What they let through is what answer.h reads.
#pragma once

#include "lang/grammar/vocabulary.h"
#include "llm/language_model.h"
#include "workload/workload.h"

namespace placewright::agent {

/// Names that cannot be written in a mapping left out.
[[nodiscard]] lang::grammar::Vocabulary writable_vocabulary(const Workload& workload);

/// `candidates` mappings at most, each with at most 12 rules of a kind: a small model repeats
/// itself. The standard index maps are used, not defined.
[[nodiscard]] llm::OutputForm mapping_form(const lang::grammar::Vocabulary& vocabulary,
                                             int candidates);

/// JSON only: `{reasoning, answer, suggestion}`, or without the first two.
[[nodiscard]] llm::OutputForm suggestion_form(bool with_reasoning);

}  // namespace placewright::agent
