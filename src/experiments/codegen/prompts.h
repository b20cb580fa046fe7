// SPDX-License-Identifier: Apache-2.0
// The prompts of the code-generation experiment: the same documents, examples and starting code for
// mappings and for mappers in C++. The texts are files (share/prompts/codegen-*.md).
#pragma once

#include <string>
#include <string_view>

#include "experiments/codegen/answer_tester.h"
#include "experiments/codegen/strategy.h"
#include "llm/language_model.h"

namespace placewright::experiments {

/// The code that a model starts from; it must run unchanged.
[[nodiscard]] std::string_view starting_code(Target target);

/// The first question. `prompt` names all prompt files that are in it.
[[nodiscard]] llm::Request first_request(Target target, const Strategy& strategy);

/// Asks again after an answer that was not right. What was tried before that answer is left out, so
/// that requests stay short.
[[nodiscard]] llm::Request next_request(const llm::Request& first, Target target,
                                        const std::string& answer, const Assessment& assessment);

}  // namespace placewright::experiments
