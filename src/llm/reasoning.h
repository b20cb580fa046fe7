// SPDX-License-Identifier: Apache-2.0
// Takes a model's reasoning out of its text, where a server leaves it there. Reasoning holds drafts
// that the model rejected, so it must never be read as an answer.
#pragma once

#include <string>
#include <string_view>

namespace placewright::llm {

struct Unreasoned {
  std::string text;
  bool reasoned = false;  ///< Some reasoning was there.
};

/// Removes everything between marks such as `<think>` and `</think>`; everything before a closing
/// mark whose opening one was in the prompt; and everything after an opening mark at the begin of a
/// line that is never closed. Any text in linear time; a text without marks stays as it is.
[[nodiscard]] Unreasoned without_reasoning(std::string_view text);

}  // namespace placewright::llm
