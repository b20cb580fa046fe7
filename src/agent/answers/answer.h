// SPDX-License-Identifier: Apache-2.0
// Reads a model's answer, however it is wrapped. Only mapping text and sentences for later prompts
// are ever taken from an answer; instructions in it are ignored.
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
  std::vector<std::string> unknown;  ///< Variables that do not exist; left out.
};
/// Tries in turn: the text as JSON, the largest JSON object in it, pairs of a variable and a quoted
/// string anywhere in it. Code fences and the function's own head around a body are removed.
/// Errors (worded for the model): none of these, no known variable, a value that is not text.
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
/// At most `most` drafts. In an answer that breaks off, the last draft ends with its last whole
/// statement. Errors (worded for the model): no mapping in it, a decision form with a mistake.
[[nodiscard]] Result<MappingAnswer> read_mappings(const std::string& answer, size_t most,
                                                  bool truncated);

/// Puts the definitions of the standard index maps (`block_gpu`, ...) that the mapping uses but
/// does not define in front of it.
[[nodiscard]] std::string with_standard_maps(const std::string& mapping);
/// The same for a program: the definitions go in front of the body that uses them first.
[[nodiscard]] Program with_standard_maps(Program program);

}  // namespace placewright::agent
