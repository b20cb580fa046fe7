// SPDX-License-Identifier: Apache-2.0
// Reads what a model answered, however it is wrapped. All that is ever taken from an answer is
// mapping text and sentences for later prompts; instructions in it mean nothing to us.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/program/program.h"
#include "support/result.h"

namespace placewright::agent {

/// What OptoPrime and OPRO answer: new bodies of decision functions.
struct Suggestion {
  bool terminate = false;  ///< The model wants no change.
  std::map<Decision, std::string> bodies;
  std::vector<std::string> unknown;  ///< Variables that there are not; left out.
};
/// Tries in turn: the text as JSON, the largest JSON object in it, pairs of a variable and a quoted
/// string anywhere in it. Code fences and the function's own head around a body are taken off.
/// Errors (for the model): none of it, no known variable, a value that is no text.
[[nodiscard]] Result<Suggestion> read_suggestion(const std::string& answer);

struct MappingDraft {
  std::string mapping;
  std::string idea;  ///< One line; may be empty.
};
struct MappingAnswer {
  std::vector<MappingDraft> drafts;
  std::vector<std::string> lessons;  ///< One line each.
};
/// Whole mappings. Tries in turn: `=== CANDIDATE: idea` lines with mappings below and `LESSON:`
/// lines, a JSON object {lessons, candidates: [{idea, mapping or decisions}]} or one decision form
/// (lang/grammar/decision_form.h), a fenced block, everything from the first statement to the last.
/// At most `most` drafts. Of an answer that breaks off, the last draft ends with its last whole
/// statement. Errors (for the model): no mapping in it, a decision form with a mistake.
[[nodiscard]] Result<MappingAnswer> read_mappings(const std::string& answer, size_t most,
                                                  bool truncated);

/// The mapping with the definitions of the standard index maps (`block_gpu`, ...) that it uses and
/// does not define in front.
[[nodiscard]] std::string with_standard_maps(const std::string& mapping);
/// Program variant: they go in front of the body that uses them first.
[[nodiscard]] Program with_standard_maps(Program program);

}  // namespace placewright::agent
